"""The forms about a whole case: each step, correcting, marks, cosignatures, dispatching."""

from collections.abc import Callable

from app.console.calls import ask
from app.console.choices import (
    Choices,
    code_choices,
    office_choices,
    organization_choices,
    profile_choices,
    session_choices,
)
from app.console.labels import label
from app.console.pages import say
from app.console.registry.acts import Act, Blank
from app.core.codes import HandlingState as S
from app.core.errors import Sentence
from app.core.types import Values

DAY = Blank("on", ("日期", "Day"), "date", ("不填就是今天。", "Today when left out."))
PAPER = Blank(
    "paper",
    ("依据的文件", "Paper"),
    hint=(
        "日期早于今天时必须填写，如来函及文号。",
        "Needed where the day is earlier than today, such as a letter with its number.",
    ),
)
REASON = Blank(
    "reason",
    ("理由", "Reason"),
    "text",
    ("记入历史。", "It stands in the history."),
)
NOTE = Blank("note", ("备注", "Note"), "text", ("记入历史。", "It stands in the history."))

OF_STEP: dict[str, tuple[Blank, ...]] = {
    S.FILED: (
        Blank("case_no", ("案号", "Case number")),
        Blank(
            "without_recommendations",
            ("没有登记建议也立案", "File it although no recommendation of it is entered"),
            "box",
        ),
    ),
    S.NOT_FILED: (
        Blank(
            "reason_code",
            ("情形", "For which reason"),
            "choice",
            offers=code_choices("not_filed_reason"),
        ),
        REASON,
    ),
    S.MERGED: (
        Blank("into", ("并入哪件提案（编号）", "Reference of the proposal it is merged into")),
        REASON,
    ),
}
"""What a step of a case asks beside its day and paper; all others ask a reason."""

VERBS: dict[str, Sentence] = {
    S.SUBMITTED: ("提交", "Submit"),
    S.UNDER_REVIEW: ("开始审查", "Review"),
    S.RETURNED_FOR_EDIT: ("退回修改", "Return for edit"),
    S.FILED: ("立案", "File"),
    S.NOT_FILED: ("不予立案", "Do not file"),
    S.MERGED: ("并案", "Merge into another"),
    S.TRANSFERRED: ("转送", "Transfer"),
    S.WITHDRAWN: ("撤案", "Withdraw"),
    S.CLOSED: ("办结", "Close"),
    S.ARCHIVED: ("归档", "Archive"),
}
"""What a button says that leads to a state."""


def verb_for(step: Values) -> Sentence:
    """Return what the button of a *step* says: what it does, else the state it leads to."""
    return VERBS.get(step["to"], (step["to_zh"], step["to_en"]))


PLAIN_STEPS = (S.SUBMITTED, S.UNDER_REVIEW)
"""Steps whose reason is asked only where the contract needs it."""

IS_GRAVE = (S.NOT_FILED, S.MERGED, S.WITHDRAWN, S.TRANSFERRED)


def step_act(step: Values) -> Act:
    """Return the form for a *step* that a case may take now."""
    target = S(step["to"])
    entries = OF_STEP.get(target, (REASON,) if step["needs"] or target not in PLAIN_STEPS else ())
    verb = verb_for(step)
    return Act(
        "moveProposal",
        verb,
        verb,
        (*entries, DAY, PAPER),
        (f"{step['to_zh']}。", f"Now {step['to_en']}."),
        hint=needed(step["needs"]),
        is_grave=target in IS_GRAVE,
    )


def needed(needs: list[str]) -> Sentence:
    """Return the sentence that says what a step needs; nothing where it needs nothing."""
    if not needs:
        return "", ""
    words = [label("need", one) for one in needs]
    return f"需要：{'、'.join(words)}。", f"It needs {', '.join(words)}."


def category_choices() -> Choices:
    """Return every category of every scheme."""
    return [
        (f"{scheme['slug']}:{one['code']}", str(say(one["label_zh"], one["label_en"])))
        for scheme in ask("listCategorySchemes")["items"]
        for one in scheme["categories"]
    ]


def whether(yes: Sentence, no: Sentence) -> Callable[[], Choices]:
    """Return what offers a choice between *yes* and *no*."""
    return lambda: [("true", str(say(*yes))), ("false", str(say(*no)))]


EDIT = Act(
    "editProposal",
    ("更正提案", "Correct the case"),
    ("保存更正", "Save the corrections"),
    (
        Blank("case_no", ("案号", "Case number")),
        Blank("title", ("题目", "Title")),
        Blank("kind", ("类别", "Kind"), "choice", offers=code_choices("proposal_kind")),
        Blank("session", ("会议", "Session"), "choice", offers=session_choices),
        Blank(
            "publication",
            ("公开范围", "Who may see it"),
            "choice",
            offers=code_choices("publication"),
        ),
        Blank("categories", ("分类", "Categories"), "many", offers=category_choices),
        Blank("is_key", ("重点提案", "A key proposal"), "box"),
        Blank("supervisor", ("督办单位", "Watched over by"), "named", offers=organization_choices),
        NOTE,
    ),
    ("已保存更正。", "The corrections are saved."),
    hint=(
        "只有改动的内容会保存；改类别、会议或去掉分类时请写明理由。",
        "Only what you change is saved; say why where kind, session or a category is changed.",
    ),
)

MARK = Act(
    "markProposal",
    ("评定标志", "Mark the case"),
    ("保存", "Save"),
    (
        Blank("kind", ("标志", "Mark"), "choice", offers=code_choices("mark_kind")),
        Blank(
            "stands",
            ("评定还是取消", "Give it or take it back"),
            "whether",
            offers=whether(("评定", "give it"), ("取消", "take it back")),
        ),
        Blank("given_by", ("评定单位", "Given by"), "named", offers=organization_choices),
        Blank("paper", ("依据的文件", "Paper")),
        DAY,
        NOTE,
    ),
    ("已保存标志。", "The mark is saved."),
)

COSIGN = Act(
    "cosignProposal",
    ("联名人签名", "A joint proposer signs"),
    ("记下", "Note it"),
    (
        Blank("proposer", ("联名人", "Joint proposer"), "choice"),
        Blank(
            "agrees",
            ("是否联名", "Whether they sign"),
            "whether",
            offers=whether(("同意联名", "signs"), ("不联名", "will not sign")),
        ),
        Blank("paper", ("依据的文件", "Paper"), required=True),
        DAY,
    ),
    ("已记下。", "It is noted."),
)

DISPATCH = Act(
    "dispatchProposal",
    ("交办", "Dispatch"),
    ("交办", "Dispatch"),
    (
        Blank("office", ("承办单位", "Office"), "named", offers=office_choices, required=True),
        Blank("role", ("办理方式", "Part"), "choice", offers=code_choices("assignment_role")),
        Blank(
            "recommendation",
            ("只交办哪一条", "Only one recommendation"),
            "choice",
            ("不选就是整件。", "The whole case when left out."),
        ),
        Blank(
            "profile",
            ("办理规则", "Rules"),
            "choice",
            (
                "只在第一次交办、且不用默认规则时选。",
                "Only at the first dispatch, where they are not those that the session chooses.",
            ),
            offers=profile_choices,
        ),
        Blank("in_recess", ("闭会期间", "Between two sessions"), "box"),
        DAY,
        PAPER,
        NOTE,
    ),
    ("已交办。", "It is dispatched."),
    hint=(
        "主办或独办一个；分办可以有几个；会办在主办之后一个个加。",
        "One office leads or is the sole one; several may be separate; add joint ones one by one.",
    ),
)
