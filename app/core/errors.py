"""What can go wrong, in the domain's words, in zh and en; http/problems.py gives the status."""

from typing import Any

Sentence = tuple[str, str]
"""The same sentence in Chinese and in English."""


class DomainError(Exception):
    """Something the register refuses, with a sentence in zh and en and the fields it concerns."""

    zh = "请求不能完成。"
    en = "The request cannot be carried out."

    def __init__(self, *, fields: dict[str, Sentence] | None = None, **values: Any) -> None:
        self.values = values
        self.fields = fields or {}
        super().__init__(self.sentence("en"))

    def sentence(self, language: str) -> str:
        """Return what went wrong in *language*, ``zh`` or ``en``."""
        text = self.zh if language == "zh" else self.en
        return text.format(**self.values)


class KeyRequired(DomainError):
    """The request needs a key and has none, or one that is unknown or no longer valid."""

    zh = "需要有效的密钥：请在 Authorization 请求头中写 Bearer 加密钥。"
    en = "A valid key is needed: send it in the Authorization header as Bearer and the key."


class PermissionDenied(DomainError):
    """The actor may not do this to this record."""

    zh = "没有权限：{reason_zh}。"
    en = "Not permitted: {reason_en}."


class NotFound(DomainError):
    """There is no such record, or the actor may not see it."""

    zh = "没有找到这条记录，或者它没有公开。"
    en = "There is no such record, or it is not published."


class NotAllowedNow(DomainError):
    """The workflow has no such step from the present state."""

    zh = "{axis_zh}现为“{source_zh}”，不能改为“{target_zh}”；现在可以改为：{choices_zh}。"
    en = "{axis} is {source} and cannot become {target}; it can now become: {choices}."


class StoreUnavailable(DomainError):
    """The store of files does not answer, or has lost what it was given."""

    zh = "文件存储暂时无法使用，本次没有写入；请稍后再试，或告知管理员。"
    en = "The store of files cannot be used, nothing was written; try later, or tell the admin."


class TooLate(DomainError):
    """The day until which something could be done has passed."""

    zh = "{what_zh}的期限已于 {day} 届满。"
    en = "The time to {what} ended on {day}."


class AlreadyGiven(DomainError):
    """What would be dispatched is some office's already, or a mark is given a second time."""

    zh = "{why_zh}：{reference}。"
    en = "{why}: {reference}."


class NotDispatchable(DomainError):
    """The proposal is in a state in which no office can be given it."""

    zh = "提案现为“{state_zh}”，不能交办。"
    en = "The proposal is {state}; it cannot be dispatched."


class NotNow(DomainError):
    """Something cannot be done in the state that a thing is in."""

    zh = "{thing_zh}现为“{state_zh}”，不能{what_zh}。"
    en = "{thing} is {state}; one cannot {what} now."

    @classmethod
    def of(cls, thing: Sentence, state: Sentence, what: Sentence) -> "NotNow":
        """Return the refusal to do *what* to a *thing* in its *state*."""
        (thing_zh, thing_en), (state_zh, state_en), (what_zh, what_en) = thing, state, what
        return cls(
            thing=thing_en,
            thing_zh=thing_zh,
            state=state_en,
            state_zh=state_zh,
            what=what_en,
            what_zh=what_zh,
        )


class Awaited(DomainError):
    """Something must come from other offices first."""

    zh = "还缺{what_zh}：{whose_zh}。"
    en = "Still missing: {what} of {whose}."


class Ended(DomainError):
    """The recommendation takes no more reports in its present state."""

    zh = "这条建议的落实进展为“{state_zh}”，不能再报告进展。"
    en = "The recommendation is {state}; it takes no more reports."


class EndedWithProposal(DomainError):
    """The recommendation ended, alone or with its proposal; nothing more is done about it."""

    zh = "这条建议已{how_zh}（{state_zh}），不再办理。"
    en = "The recommendation ended {how}: {state}; nothing more is done."


class StillHandled(DomainError):
    """Something is not taken back while an office has it by itself, or promised something."""

    zh = "还有单独交办或承诺未了：{by_zh}，请先收回或了结。"
    en = "Assignments or promises about it alone are open: {by}; withdraw or end them first."


class GivenByDispatch(DomainError):
    """Dispatch says who has the recommendation; another office is named by dispatching again."""

    zh = "这条建议由交办确定（{state_zh}：{by_zh}），另定单位请改办。"
    en = "Its dispatch says who has it ({state}: {by}); name another office by dispatching again."


class Taken(DomainError):
    """Another office leads the recommendation already."""

    zh = "这条建议已由{office_zh}主办。"
    en = "The lead of this recommendation has been taken on by {office}."


class AlreadyExists(DomainError):
    """Another record has this name or number."""

    zh = "已有同样的{what_zh}：{value}。"
    en = "There is already a {what} {value}."


class InvalidChange(DomainError):
    """The change lacks something, or holds something impossible; *fields* says what."""

    zh = "请求内容有误，请看各字段的说明。"
    en = "The request has mistakes; see the note on each field."


class StaleVersion(DomainError):
    """The record has changed since the actor read it."""

    zh = "这条记录已被他人更改：您看到的是第 {expected} 版，现为第 {current} 版。请重新读取再改。"
    en = "The record was changed by someone else: you read version {expected}, it is now {current}."


class ChangedMeanwhile(DomainError):
    """Some of several records have changed since the actor read them; *fields* says which."""

    zh = "其中有的记录已被他人更改，全部没有写入；请按各字段的说明重新读取再改。"
    en = "Some of the records were changed by others, so nothing was written; see each field."


class RowsRefused(DomainError):
    """Some rows of a batch that was to be all or none were refused; *rows* says which and why."""

    zh = "{total} 行中有 {number} 行不能执行，全部没有写入；各行的结果见 rows。"
    en = "{number} of {total} rows are refused, so nothing was written; `rows` says what of each."


class Busy(DomainError):
    """The database could not take the change in time; nothing was written."""

    zh = "系统正忙或数据库暂时没有应答，本次没有写入任何内容，请稍后再试。"
    en = "The register is busy or its database does not answer; nothing was written. Try again."


class DatabaseUnusable(Busy):
    """The database keeps nothing until someone sees to it: read-only, full, gone or damaged."""

    zh = "数据库现在不能使用（{why_zh}），本次没有写入任何内容；请告知管理员。"
    en = "The database cannot be used now ({why_en}); nothing was written. Tell the administrator."

    @classmethod
    def because(cls, why: Sentence) -> "DatabaseUnusable":
        """Return the error with the reason *why*, in zh and in en."""
        return cls(why_zh=why[0], why_en=why[1])


class ClockSetBack(Busy):
    """The clock of the machine is far behind the last event, so nothing can be dated."""

    zh = "本机时钟为 {now}，早于最后一个事件（{last}），本次没有写入任何内容；请管理员校正时钟。"
    en = (
        "The clock of the machine says {now}, before the last event ({last}); nothing was written."
        " The administrator must set the clock right."
    )


class NotReady(DomainError):
    """Something outside does not answer, or is not what this program needs."""

    zh = "数据库或身份提供者没有应答，或者不是本程序需要的样子。"
    en = "The database or the identity provider does not answer, or is not what is needed."


class OutcomeUnknown(DomainError):
    """The connection to the database was lost while it committed."""

    zh = "提交时与数据库的连接中断，不能确定是否已经写入：请重新读取记录后再决定是否重做。"
    en = "The connection was lost during the commit: read the record again before repeating it."


class SignInsExhausted(DomainError):
    """Too many attempts without a valid key came from this network, or with this key's id."""

    zh = "登录失败次数过多，请在 {seconds} 秒后再试。"
    en = "Too many failed attempts to sign in; try again in {seconds} seconds."


class TooManyRequests(DomainError):
    """The caller has used up what it may send for now."""

    zh = "请求过于频繁，请在 {seconds} 秒后再试。"
    en = "Too many requests; try again in {seconds} seconds."


class KeyEnded(DomainError):
    """The key was revoked or has expired; it gets no further secret."""

    zh = "这个密钥已撤销或过期。"
    en = "This key was revoked or has expired."


class ExchangeRefused(KeyRequired):
    """The two halves make no code that can be exchanged for a key, or not from there."""

    zh = (
        "这两个半码不能换取密钥：写错了，已经用过，批准后已超过 72 小时，密钥已撤销，"
        "或者不能从您所在的网络使用。如果您没有换过而半码无误，请立即告知安全管理员。"
    )
    en = (
        "These two halves give no key: they are mistyped, were used, are more than 72 hours old"
        " since the approval, the key was revoked, or it cannot be used from your network. If"
        " they are right and you never exchanged them, tell the security administrators at once."
    )


class TooManySecrets(DomainError):
    """The key has as many live secrets as a key can have."""

    zh = "这个密钥已有 {most} 个有效的口令，请先撤销一个。"
    en = "This key has {most} live secrets already; revoke one first."


class Decided(DomainError):
    """The request for approval waits for no decision any more."""

    zh = "这项申请的状态为“{state_zh}”，不能再作决定。"
    en = "This request is {state}; it waits for no decision."


class Overtaken(DomainError):
    """The record has changed since, or whoever asked may no longer do what they asked for."""

    zh = "提出申请之后，记录或申请人的权限已有变化，请重新提出申请。"
    en = "The record, or what the asker may do, has changed since this was asked; ask again."


class InFlight(DomainError):
    """A request with the same Idempotency-Key is being carried out."""

    zh = "同一个 Idempotency-Key 的请求正在处理，请稍后再试。"
    en = "A request with the same Idempotency-Key is being carried out; try again shortly."


class KeyReused(DomainError):
    """The Idempotency-Key was used before for another body."""

    zh = "这个 Idempotency-Key 已用于另一个内容不同的请求。"
    en = "This Idempotency-Key was used before with another body."


class ShownOnce(DomainError):
    """What the first answer showed is kept nowhere, so it cannot be given again."""

    zh = "这个请求已经执行；其中的密钥只显示一次，不再重复给出。"
    en = "This was carried out before; its secret was shown once and is kept nowhere."
