"""What buttons of the desk say, and what a step needs, in words for people."""

from app.console.labels import label, vocabularies
from app.core.types import Given
from app.http.problems import language

Words = tuple[str, str]
"""A sentence in zh and en."""

STEPS: dict[tuple[str, str], Words] = {
    ("moveAssignment", "received"): ("签收", "Receive it"),
    ("moveAssignment", "in_progress"): ("开始办理", "Begin"),
    ("moveAssignment", "objection_pending"): ("提出异议（退办）", "Object to it"),
    ("moveAssignment", "upheld"): ("维持交办", "Let it stay"),
    ("moveAssignment", "returned"): ("同意退办", "Take it back"),
    ("moveAssignment", "withdrawn"): ("撤回交办", "Withdraw it"),
    ("moveReply", "checked"): ("核对通过", "Checked"),
    ("moveReply", "returned"): ("退回修改", "Return it"),
    ("moveReply", "sent"): ("签发", "Sign and send"),
    ("moveReply", "published"): ("公开", "Publish it"),
    ("moveReply", "withheld"): ("不予公开", "Do not publish"),
    ("moveCommitment", "kept"): ("已兑现", "It was kept"),
    ("moveCommitment", "open"): ("另定日期", "Name another day"),
    ("moveCommitment", "withdrawn"): ("撤回承诺", "Withdraw it"),
}
"""Operation and state → what the button says; others say the state they lead to."""

TASKS: dict[str, Words] = {
    "receive": ("签收", "Receive it"),
    "co_opinion": ("写会办意见", "Write the joint opinion"),
    "reply": ("写答复", "Write the reply"),
    "rehandle": ("重新答复", "Reply anew"),
    "implement": ("报告进展", "Report on it"),
    "report": ("报告进展", "Report on it"),
    "countersign": ("会签", "Countersign"),
    "answer_press": ("说明原因", "Say why"),
    "publish": ("公开答复", "Publish the reply"),
    "keep_promise": ("兑现承诺", "Keep the promise"),
    "milestone": ("完成节点", "Reach the milestone"),
    "confirm": ("年度确认", "Confirm it"),
}
"""Kind of task → what the button says that leads to where it is done."""

TASK_NEEDS: dict[str, Words] = {
    "co_opinion": ("需要：会办意见", "needs: the opinion"),
    "reply": ("需要：逐条答复", "needs: an answer to each recommendation"),
    "rehandle": ("需要：逐条答复", "needs: an answer to each recommendation"),
    "implement": ("需要：进展说明", "needs: what was done"),
    "report": ("需要：进展说明", "needs: what was done"),
    "countersign": ("需要：同意与否；不同意须说明理由", "needs: yes, or no with a reason"),
    "answer_press": ("需要：原因和预计完成日期", "needs: why, and by when"),
    "keep_promise": ("需要：证明材料", "needs: evidence"),
    "milestone": ("需要：完成日期", "needs: the day"),
    "confirm": ("需要：一句说明", "needs: a sentence"),
}
"""Kind of task → what doing it needs."""


def step_words(step: Given, operation: str | None = None) -> str:
    """Return what the button of a *step* says; *operation* where the step itself names none."""
    known = STEPS.get((operation or step["operation"], step["to"]))
    zh, en = known or (step["to_zh"], step["to_en"])
    return zh if language() == "zh" else en


def needs_words(step: Given) -> str:
    """Return what a *step* needs, or that it needs nothing."""
    named = [label("need", need) for need in step["needs"]]
    if language() == "zh":
        return f"需要：{'、'.join(named)}" if named else "不需要其他材料"
    return f"needs: {', '.join(named)}" if named else "needs nothing else"


def both(words: Words) -> str:
    """Return the reader's half of *words*."""
    return words[0] if language() == "zh" else words[1]


def options(vocabulary: str) -> list[tuple[str, str]]:
    """Return each code of *vocabulary* with its word, as the choices of a form."""
    return [(str(code), label(vocabulary, code)) for code in vocabularies()[vocabulary]]
