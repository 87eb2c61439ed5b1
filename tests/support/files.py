"""Files as offices send them, and what they prove."""

from urllib.parse import quote

from tests.support import problems
from tests.support.casework import V1, took
from tests.support.factories import INDUSTRY, find
from tests.support.papers import PDF


def address(proposal, filename, **more):
    """Return where a file is sent to."""
    query = {"filename": filename, **more}
    return f"{proposal}/files?" + "&".join(f"{n}={quote(v)}" for n, v in query.items())


def upload(caller, proposal, filename="竣工验收报告.pdf", content=PDF, **more):
    """Send a file and return the record of it."""
    return took(caller.upload(address(proposal, filename, **more), content))


def content_of(caller, file):
    return caller.get(f"{V1}/files/{file['id']}/content")


def told(answer):
    """Return what a refusal says of each field."""
    errors = problems.told(answer, 422)["errors"]
    return {error["field"]: error["message"] for error in errors}


def proves(file, title="竣工验收报告"):
    return [{"title": title, "file": file["reference"]}]


def report(callers, **content):
    """Let the office of industry report on the recommendation of the park."""
    caller, one = callers["industry"], find(callers["industry"])
    path = f"{V1}/recommendations/{one['id']}"
    if one["lead_status"] != "taken_on":
        took(caller.post(f"{path}/offices", {"office": INDUSTRY}, one["version"]))
    return caller.post(f"{path}/reports", {"text": "已竣工。", **content})
