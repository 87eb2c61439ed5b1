"""The next step of what lies on a desk: where it is done, what the button says, what it needs."""

from app.console.desk.words import TASK_NEEDS, TASKS, both, needs_words, step_words
from app.core.types import Given, Values
from app.http.problems import language

AT_REPLY = frozenset({"reply", "co_opinion", "rehandle", "publish", "check_reply"})
PARTS = {"countersign": "#countersigning", "answer_press": "#explaining"}
"""Where on its page something is done."""


def with_next(item: Values) -> Values:
    """Return a task of a worklist with its `place`, and the words of its next step."""
    reply_step = next((s for s in item["next_steps"] if s["operation"] == "moveReply"), None)
    item["place"] = place_of(item)
    if item["assignment_state"] == "pending" and item["kind"] != "receive":
        item["place"] = f"/desk/cases/{item['assignment_reference']}"
        item["button"] = "先签收" if language() == "zh" else "Receive it first"
        item["needs"] = ""
    elif not item["operations"] and not reply_step:
        item["button"] = "查看" if language() == "zh" else "Look at it"
        item["needs"] = ""
    elif reply_step:
        item["button"], item["needs"] = step_words(reply_step), needs_words(reply_step)
    else:
        item["button"] = both(TASKS.get(item["kind"], ("办理", "Handle it")))
        item["needs"] = both(TASK_NEEDS.get(item["kind"], ("", "")))
    return item


def place_of(item: Given) -> str:
    """Return the address of the page on which a task is done."""
    if item["commitment_reference"]:
        return f"/desk/promises/{item['commitment_reference']}"
    if item["assignment_reference"]:
        case = f"/desk/cases/{item['assignment_reference']}"
        if item["kind"] in AT_REPLY:
            return f"{case}/reply"
        return f"{case}{PARTS.get(item['kind'], '')}"
    if item["recommendation"]:
        return f"/desk/recommendations/{item['recommendation']['reference']}"
    return f"/proposals/{item['proposal']['reference']}"
