"""Whose turn it is with a letter, worked out from what is waited for about its case."""

from collections.abc import Iterable, Sequence

from app.console.calls import ask
from app.console.desk.words import Words
from app.core.types import Given, Values

MOST_LETTERS = 12
UNDERWAY = ("draft", "returned", "checked", "sent")


def letters_underway(office: str) -> list[Values]:
    """Return the newest letters of an *office* that are not at their end, each with its `turn`."""
    found = ask("findReplies", office=office, state=UNDERWAY, sort="-id", limit=MOST_LETTERS)[
        "items"
    ]
    cases: dict[int, list[Values]] = {}
    for letter in found:
        number = letter["proposal"]["id"]
        if number not in cases:
            cases[number] = assignments_of(number)
        letter["turn"] = turn_of(letter, letter["assignment_id"], cases[number])
        letter["case"] = letter["reference"].rpartition("-V")[0]
    return found


def assignments_of(proposal_id: int) -> list[Values]:
    """Return every assignment of a proposal, with what is waited for."""
    items: list[Values] = ask("listAssignments", {"proposal_id": proposal_id}, limit=200)["items"]
    return items


def turn_of(letter: Given, assignment_id: int, assignments: Sequence[Given]) -> Words:
    """Return whose turn it is with a *letter* of the assignment, among all of its proposal."""
    [own] = [one for one in assignments if one["id"] == assignment_id] or [{}]
    state, joint = letter["state"], own.get("role") == "joint"
    owing = offices_with("countersign", assignments, own)
    if state in ("draft", "checked") and not joint and owing:
        return f"待会签：{'、'.join(owing)}", f"to be countersigned by {', '.join(owing)}"
    if state == "draft" and not joint:
        return "待核对：交办部门", "to be checked by the dispatchers"
    owing = offices_with("co_opinion", assignments, own)
    if state == "checked" and owing:
        return f"待会办意见：{'、'.join(owing)}", f"waits for the opinion of {', '.join(owing)}"
    if state in ("draft", "checked"):
        return "待签发：本单位负责人", "to be signed by the head of the office"
    if state == "returned":
        return "退回修改：经办人", "to be mended by the office"
    if state in ("sent", "published") and "feedback" in awaited_kinds(own):
        return "待评价：提案人", "to be rated by the proposers"
    return AT_ITS_END.get(state, ("已发出", "sent"))


AT_ITS_END: dict[str, Words] = {
    "published": ("已公开", "published"),
    "withheld": ("不予公开", "not published"),
    "replaced": ("已有新版", "replaced by a newer version"),
}


def offices_with(kind: str, assignments: Iterable[Given], own: Given) -> list[str]:
    """Return the offices beside *own* of which something of a *kind* is waited for."""
    return [
        str(one["office"]["name_zh"])
        for one in assignments
        if kind in awaited_kinds(one) and one["parent_id"] == own.get("parent_id")
    ]


def awaited_kinds(assignment: Given) -> set[str]:
    """Return the kinds of what is waited for in an *assignment*."""
    return {task["kind"] for task in assignment.get("tasks", ()) if task["ended_on"] is None}
