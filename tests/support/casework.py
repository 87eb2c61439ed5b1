"""What offices and dispatchers do, as tests do it over HTTP."""

from datetime import date

from app.audit.queries import covered
from tests.support.factories import INDUSTRY, everything

V1 = "/api/v1"
TODAY = date(2026, 3, 2)


PAPER = "市委办〔2026〕3号"
"""What a step of an earlier day rests on, where a test says nothing of it."""


def with_paper(body):
    """Return *body*, with a paper where it names a day."""
    return {"paper": PAPER, **body} if "on" in body else body


def dispatch(callers, proposal, office=INDUSTRY, role="lead", **more):
    """Give *office* the proposal, and return the assignment."""
    answer = callers["dispatcher"].post(
        f"{proposal}/assignments", {"office": office, "role": role, **with_paper(more)}
    )
    assert answer.status_code == 201, answer.text
    return answer.get_json()


def version_of(caller, path):
    """Return the version of the record at *path* as *caller* sees it."""
    return caller.get(path).get_json()["version"]


def to(caller, assignment, place, body):
    """Send *body* to a *place* below *assignment*, as it was last seen, and return the answer."""
    path = f"{V1}/assignments/{assignment['id']}"
    return caller.post(f"{path}/{place}", body, version_of(caller, path))


def step(caller, assignment, target, **more):
    """Take a step of *assignment*, as it was last seen, and return the answer."""
    return to(caller, assignment, "transitions", {"to": target, **with_paper(more)})


def took(answer):
    """Return what was answered to a request that was carried out."""
    assert answer.status_code in (200, 201), answer.text
    return answer.get_json()


def waiting(assignment):
    """Return what is waited for, with its day."""
    return {
        task["kind"]: task["due_on"] for task in assignment["tasks"] if task["ended_on"] is None
    }


def whole(database):
    """Check that history and records agree."""
    found = database.examine(everything)
    assert found == [], found


def told_anew(database):
    """Check that every process reads anew what events changed of names."""
    found = database.examine(lambda session: list(covered.false_version(session)))
    assert found == [], found


def joined(address, more):
    """Return *address* with *more* in its query."""
    return f"{address}{'&' if '?' in address else '?'}{more}"


def rows(caller, address):
    """Return all that the list at *address* has."""
    found, cursor = [], ""
    while cursor is not None:
        more = f"limit=200{cursor and f'&cursor={cursor}'}"
        shown = took(caller.get(joined(address, more)))
        found, cursor = [*found, *shown["items"]], shown["next"]
    return found
