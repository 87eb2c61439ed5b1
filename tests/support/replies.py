"""Replies as offices draft, check and send them, and how proposers rate them."""

from tests.support.casework import V1, to, took, version_of, with_paper
from tests.support.factories import PARK

SENT = {"document_no": "郑工信函〔2026〕12号", "signed_by": "局长"}


def points(caller, proposal, outcome="planned", **more):
    """Return a point for each recommendation of *proposal*; *more* is that of the park."""
    number = proposal.rpartition("/")[2]
    rows = caller.get(f"{V1}/recommendations?proposal={number}&limit=200").get_json()["items"]
    found = [
        {"recommendation": row["reference"], "text": "已列入年度计划。", "outcome": outcome}
        for row in rows
    ]
    for point in found:
        if point["recommendation"] == PARK:
            point.update(more)
    return found


def body(callers, proposal, **more):
    return {"text": "关于建议的答复", "points": points(callers["auditor"], proposal, **more)}


def draft(caller, assignment, content):
    return to(caller, assignment, "replies", content)


def move(caller, assignment, number, target, **more):
    """Take a step of version *number* of the reply of *assignment*, and return the answer."""
    one = f"{V1}/assignments/{assignment['id']}/replies/{number}"
    version = caller.get(f"{V1}/assignments/{assignment['id']}").get_json()["version"]
    return caller.post(f"{one}/transitions", {"to": target, **with_paper(more)}, version)


def reply_of(caller, assignment, number=1):
    return caller.get(f"{V1}/assignments/{assignment['id']}/replies/{number}")


def assignment_of(caller, assignment):
    return caller.get(f"{V1}/assignments/{assignment['id']}").get_json()


def send(callers, assignment, proposal, number=1, **more):
    """Let the office draft, the dispatcher check and the head send version *number*."""
    took(draft(callers["industry"], assignment, body(callers, proposal, **more)))
    took(move(callers["dispatcher"], assignment, number, "checked"))
    return took(move(callers["head"], assignment, number, "sent", **SENT))


def sign(caller, joint, reference="D002-P04-A01-V1", **more):
    return to(caller, joint, "countersignatures", {"reply": reference, "agrees": True, **more})


def rate(callers, assignment, proposal, number=1, who="registrar", **more):
    """Enter the form of the first proposer, and return the answer."""
    proposer = callers["auditor"].get(proposal).get_json()["proposers"][0]["slug"]
    form = {"proposer": proposer, "attitude": "satisfied", "result": "satisfied",
            "paper": "反馈意见表第1号", **more}  # fmt: skip
    one = f"{V1}/assignments/{assignment['id']}"
    version = version_of(callers[who], one)
    return callers[who].post(f"{one}/replies/{number}/evaluations", form, version)
