"""Batches as programs send them."""

from tests.support.casework import V1
from tests.support.drafts import TEXT, content

ENTER = f"{V1}/proposals/batch"
FILE = f"{V1}/proposals/transitions/batch"
DISPATCH = f"{V1}/proposals/assignments/batch"
RECEIVE = f"{V1}/assignments/transitions/batch"
REPORT = f"{V1}/recommendations/reports/batch"
STEP = f"{V1}/recommendations/transitions/batch"
TAKE_ON = f"{V1}/recommendations/offices/batch"
TAG = f"{V1}/recommendations/tags/batch"


def batch(caller, path, rows, mode="row_by_row", **headers):
    """Send *rows* to *path*, and return the answer."""
    return caller.post(path, {"mode": mode, "rows": rows}, **headers)


def carried_out(caller, path, rows, mode="atomic"):
    """Send *rows*, all of which are carried out, and return what became of each."""
    answer = batch(caller, path, rows, mode)
    assert answer.status_code == 200, answer.text
    found = answer.get_json()
    assert found["refused"] == 0, found
    assert found["carried_out"] == len(rows)
    assert [row["index"] for row in found["rows"]] == list(range(len(rows)))
    return found["rows"]


def row(record, body, **more):
    """Return the row that does what *body* says to *record*."""
    return {"record": record, "body": body, **more}


def drafts(people, number):
    """Return rows that enter so many drafts, each with a text of its own."""
    return [
        {"body": content(people, title=f"第{n}件", text=f"第{n}件\n{TEXT}")} for n in range(number)
    ]


def statuses(answer):
    """Return the status of each row of *answer*."""
    return [row["status"] for row in answer.get_json()["rows"]]


STEPS = ({"to": "submitted"}, {"to": "under_review"}, {"to": "filed"})
"""What leads from a draft to a case."""


def filing(references):
    """Return rows that file drafts, each in three steps."""
    return [row(reference, step) for reference in references for step in STEPS]
