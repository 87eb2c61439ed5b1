"""Refusing a step: there is none, or it lacks what it needs."""

from collections.abc import Callable, Iterable, Mapping

from app.core.codes import LabelledEnum, Need
from app.core.errors import NotAllowedNow, Sentence
from app.core.rules.permissions import Permission
from app.core.rules.workflow import Step

NEEDED: dict[Need, Sentence] = {
    Need.DOCUMENT_NO: ("必须填写文号", "the document number is needed"),
    Need.EVIDENCE: ("必须附证明材料", "at least one piece of evidence is needed"),
    Need.INTO: ("必须写明并入哪件提案", "name the proposal it is merged into"),
    Need.PROMISED_ON: ("必须写明新的承诺日期", "name the day that is promised now"),
    Need.REASON: ("必须说明理由", "a reason is needed"),
    Need.REASON_CODE: ("必须写明不予立案的情形", "say for which of the reasons it is not filed"),
    Need.SIGNED_BY: ("必须填写签发人", "the signer is needed"),
}
"""What is said where a step of handling lacks something."""

NOT_TAKEN: Sentence = ("这一步不需要填写", "this step does not take it")
"""What is said where a step is given something it has no use for."""


WHO: dict[Permission, Sentence] = {
    Permission.HANDLE: ("承办单位", "the office that handles it"),
    Permission.SIGN: ("承办单位负责人", "the head of the office that handles it"),
    Permission.DISPATCH: ("交办人员", "dispatchers"),
    Permission.FILE: ("登记管理员", "registrars"),
    Permission.REPORT: ("主办或会办单位", "the lead office or a joint one"),
    Permission.DECIDE: ("主办单位", "the lead office"),
    Permission.VERIFY: ("申报单位以外的督办核验人员", "supervisors of another office"),
    Permission.REOPEN: ("督办核验人员", "supervisors"),
}
"""Permission of a step → who takes it."""


def no_such_step(
    thing: Sentence,
    states: tuple[LabelledEnum, LabelledEnum],
    steps: Iterable[Step],
    may: Callable[[Step], bool],
    who: Mapping[Permission, Sentence] = WHO,
) -> NotAllowedNow:
    """Return the refusal that names both *states* of *thing* (zh, en), and where *steps* lead.

    Of a step that the caller may not take, it says whose it is.
    """
    source, target = states
    choices = [(step.target, None if may(step) else who[step.permission]) for step in steps]
    zh = (f"{to.zh}（由{by[0]}）" if by else to.zh for to, by in choices)
    en = (f"{to} (by {by[1]})" if by else str(to) for to, by in choices)
    return NotAllowedNow(
        axis=thing[1],
        axis_zh=thing[0],
        source=source,
        source_zh=source.zh,
        target=target,
        target_zh=target.zh,
        choices=", ".join(dict.fromkeys(en)) or "nothing",
        choices_zh="、".join(dict.fromkeys(zh)) or "无",
    )
