"""A file that somebody may not see is named to them nowhere: not in evidence, history or lists."""

from itertools import product
from urllib.parse import quote

import pytest

from app.core.codes import Role
from tests.support.casework import V1, dispatch, to, took, version_of, whole
from tests.support.factories import DATA, EDITOR, INDUSTRY, PARK, Caller, find, make_caller
from tests.support.files import address, proves, report, told, upload
from tests.support.papers import PDF
from tests.support.replies import SENT, body, move

pytestmark = pytest.mark.usefixtures("today")

TITLE = "SECRETTITLE"
LINK = {"title": "公开链接", "url": "https://example.org/1"}
FINANCE = "zhengzhou-finance"
OUTSIDE = {
    "an editor of another office": (EDITOR, FINANCE),
    "a reader": ((Role.READER,), FINANCE),
    "a security administrator": ((Role.SECURITY_ADMIN,), None),
    "a system administrator": ((Role.SYSTEM_ADMIN,), None),
}


@pytest.fixture
def park(client):
    return f"{V1}/recommendations/{find(client, PARK)['id']}"


class Planted:
    """Files that only some may see, and what names each."""

    def __init__(self, callers, proposal):
        self.callers, self.proposal, self.files = callers, proposal, []

    def file(self, caller="industry", **more):
        """Return evidence that names an internal file of its own."""
        number = len(self.files) + 1
        content = PDF + f"%secret {number}\n".encode()
        more = {"internal": "true", **more}
        made = upload(self.callers[caller], self.proposal, f"secret-name-{number}.pdf", content,
                      **more)  # fmt: skip
        self.files.append(made)
        return [{"title": f"{TITLE}{number}.", "file": made["reference"]}]

    def words(self):
        """Return what must be read nowhere: titles, names, references, contents, addresses."""
        for number, file in enumerate(self.files, 1):
            yield f"{TITLE}{number}."
            yield f"secret-name-{number}.pdf"
            yield file["reference"]
            yield file["sha256"]
            yield f"/files/{file['id']}/content"

    def found_in(self, answer):
        """Return which of it stands in an answer or its headers."""
        text = f"{answer.get_data(as_text=True)} {answer.headers}"
        return {word for word in self.words() if word in text}


def send(caller, path, place, content):
    return took(caller.post(f"{path}/{place}", content, version_of(caller, path)))


@pytest.fixture
def planted(callers, proposal, lead, park):
    """Let everything that takes evidence name an internal file, beside a link that all may see."""
    found, office = Planted(callers, proposal), callers["industry"]
    took(report(callers, evidence=[*found.file(), LINK]))
    send(office, park, "transitions", {"axis": "progress", "to": "in_progress"})
    content = body(callers, proposal, promise={"text": "年底前开工", "on": "2026-12-31"})
    content["attachments"] = [*found.file(), LINK]
    took(to(office, lead, "replies", content))
    took(move(callers["dispatcher"], lead, 1, "checked"))
    for target, more in (("sent", SENT), ("published", {})):
        took(move(callers["head"], lead, 1, target, **more))
    [promise] = office.get(f"{V1}/commitments").get_json()["items"]
    place = f"{V1}/commitments/{promise['id']}"
    send(office, place, "milestones", {"text": "选址"})
    send(office, place, "milestones/1/completion", {"evidence": [*found.file(), LINK]})
    said = {"kind": "explanation", "text": "说明", "evidence": [*found.file(), LINK]}
    send(office, place, "remarks", said)
    send(office, place, "transitions", {"to": "kept", "evidence": [*found.file(), LINK]})
    step = {"axis": "progress", "to": "implemented", "evidence": [*found.file(), LINK]}
    send(office, park, "transitions", step)
    send(callers["supervisor"], park, "transitions", {"axis": "progress", "to": "verified"})
    looked = {"text": "运行正常", "evidence": [*found.file("supervisor"), LINK]}
    send(callers["supervisor"], park, "look-backs", looked)
    found.recommendation, found.assignment, found.promise = park, lead, place
    return found


def addresses(app, planted, moments):
    """Yield every address that something can be read at, of the records of *planted*."""
    known = {
        "recommendation_id": [planted.recommendation.rpartition("/")[2]],
        "proposal_id": [planted.proposal.rpartition("/")[2]],
        "assignment_id": [planted.assignment["id"]],
        "commitment_id": [planted.promise.rpartition("/")[2]],
        "number": [1],
        "file_id": [file["id"] for file in planted.files],
        "document_id": [2],
        "figure": ["funnel"],
        "slug": ["ai-industrial-park", "artificial-intelligence", INDUSTRY],
        "person": [took(planted.callers["industry"].get(planted.proposal))["proposers"][0]["slug"]],
        "reference": [file["reference"] for file in planted.files],
        "principal_id": [1],
        "approval_id": [1],
        "withholding_id": [1],
    }  # fmt: skip
    for path, methods in app.extensions["openapi"].to_dict()["paths"].items():
        if "get" not in methods:
            continue
        names = [name.partition("}")[0] for name in path.split("{")[1:]]
        parameters = [*methods["get"].get("parameters", []), *methods.get("parameters", [])]
        past = any(one.get("name") == "as_of" for one in parameters)
        for values in product(*(known[name] for name in names)):
            own = path.format(**dict(zip(names, values, strict=True)))
            yield own
            if past:
                yield from (f"{own}?as_of={quote(moment)}" for moment in moments)


def moments(planted):
    """Return the moment of each event of the recommendation and the proposal."""
    staff = planted.callers["registrar"]
    events = took(staff.get(f"{planted.proposal}/history"))["items"]
    return sorted({event["at"] for event in events})


def read_all(app, caller, planted):
    """Return what *caller* reads of what is planted, by the address that shows it."""
    places = addresses(app, planted, moments(planted))
    found = {place: planted.found_in(caller.get(place)) for place in places}
    return {place: words for place, words in found.items() if words}


@pytest.mark.long
@pytest.mark.one_database
def test_an_internal_file_is_named_to_nobody_who_may_not_see_it(
    app, callers, planted, client, database
):
    outside = {"anyone": Caller(client)} | {
        name: make_caller(client, database, *roles, office=office)
        for name, (roles, office) in OUTSIDE.items()
    }
    for caller in outside.values():
        assert read_all(app, caller, planted) == {}
    shown = read_all(app, callers["industry"], planted)
    assert set().union(*shown.values()) == set(planted.words()), "the walk sees what is there"
    for place in ("", "/reports", "/history"):
        assert shown[planted.recommendation + place]
    whole(database)


def test_what_is_only_a_link_is_as_public_as_its_record(planted, client):
    one = took(client.get(planted.recommendation))
    assert [report["evidence"] for report in one["reports"]] == [[LINK]] * 3
    [office] = [row for row in one["offices"] if row["office"]["slug"] == INDUSTRY]
    assert office["evidence"] == [LINK, LINK]
    promise = took(client.get(planted.promise))
    assert [row["evidence"] for row in promise["milestones"]] == [[LINK]]
    assert [row["evidence"] for row in promise["remarks"]] == [[LINK], [LINK]]
    reply = took(client.get(f"{V1}/assignments/{planted.assignment['id']}/replies/1"))
    assert reply["attachments"] == [LINK]


def test_a_sentence_counts_only_the_evidence_that_its_reader_sees(planted, callers, client):
    def sentences(caller):
        events = took(caller.get(f"{planted.recommendation}/history"))["items"]
        return {event["operation"]: event["story_en"] for event in events}

    for operation in ("recommendation.reported", "commitment.kept", "recommendation.looked_back"):
        assert "with 1 piece(s) of evidence" in sentences(client)[operation]
        assert "with 2 piece(s) of evidence" in sentences(callers["industry"])[operation] or (
            operation == "recommendation.looked_back"
        )
    events = took(client.get(f"{planted.recommendation}/history"))["items"]
    told = [event["changes"]["evidence"][1] for event in events if "evidence" in event["changes"]]
    assert told == [[LINK]] * len(told)
    assert len(told) >= 4


def test_what_one_reader_sees_of_a_record_has_its_own_entity_tag(planted, callers, client):
    for path in (planted.recommendation, planted.promise):
        known = callers["industry"].get(path).headers["ETag"]
        answer = client.get(path, headers={"If-None-Match": known})
        assert answer.status_code == 200
        assert answer.headers["ETag"] != known


def test_evidence_shows_its_file_from_the_moment_it_may_be_seen(callers, proposal, lead, client):
    """A file that proves what a reply says is public with the reply, and named from then on."""
    found = Planted(callers, proposal)
    content = body(callers, proposal, promise={"text": "年底前开工"})
    took(to(callers["industry"], lead, "replies", content))
    took(move(callers["dispatcher"], lead, 1, "checked"))
    took(move(callers["head"], lead, 1, "sent", **SENT))
    [promise] = callers["industry"].get(f"{V1}/commitments").get_json()["items"]
    place = f"{V1}/commitments/{promise['id']}"
    said = {"kind": "explanation", "text": "说明", "evidence": found.file(internal="false")}
    send(callers["industry"], place, "remarks", said)
    assert client.get(place).status_code == 404
    took(move(callers["head"], lead, 1, "published"))
    assert found.found_in(client.get(place)) == set(found.words()) - {"secret-name-1.pdf"}


def test_what_superseded_a_file_is_named_only_to_whom_may_see_it(callers, proposal, lead, client):
    office, found = callers["industry"], Planted(callers, proposal)
    took(callers["dispatcher"].post(f"{proposal}/assignments", {"office": DATA, "role": "joint"}))
    public = upload(office, proposal)
    took(report(callers, evidence=proves(public)))
    found.file(supersedes=public["reference"])
    newer = found.files[0]["reference"]
    assert office.get(f"{V1}/files/{public['id']}").get_json()["superseded_by"] == newer
    shown = client.get(f"{V1}/files/{public['id']}")
    assert shown.get_json()["superseded_by"] is None
    assert not found.found_in(shown)
    outside = callers["government"]
    one = find(outside)
    path = f"{V1}/recommendations/{one['id']}"
    joint = {"office": "zhengzhou-government", "role": "joint"}
    took(office.post(f"{path}/offices", joint, one["version"]))
    refused = outside.post(f"{path}/reports", {"text": "见附件", "evidence": proves(public)})
    assert told(refused)["evidence.0.file"] == "was superseded by a newer file"
    assert not found.found_in(refused)
    known = report(callers, evidence=proves(public))
    assert told(known)["evidence.0.file"] == f"was superseded by {newer}"


def test_a_file_of_a_hidden_proposal_is_named_nowhere_and_again_when_it_is_shown(
    app, callers, proposal, lead, park, client, database
):
    found = Planted(callers, proposal)
    found.recommendation, found.assignment, found.promise = park, lead, f"{V1}/commitments/1"
    took(report(callers, evidence=found.file(internal="false")))
    named = set(found.words()) - {"secret-name-1.pdf"}
    assert found.found_in(client.get(f"{park}/reports")) == named
    registrar = callers["registrar"]
    for publication in ("internal", "published"):
        change = {"publication": publication}
        took(registrar.patch(proposal, change, version_of(registrar, proposal)))
        if publication == "internal":
            assert read_all(app, Caller(client), found) == {}
    assert found.found_in(client.get(f"{park}/history")) == named
    whole(database)


def test_an_office_that_was_given_nothing_reads_no_others_file_in_evidence(
    callers, proposal, lead, park
):
    """Whom the lead names beside it sees the report, and not the file of another office in it."""
    found = Planted(callers, proposal)
    took(report(callers, evidence=found.file()))
    joint = {"office": DATA, "role": "joint"}
    took(callers["industry"].post(f"{park}/offices", joint, version_of(callers["data"], park)))
    assert found.found_in(callers["data"].get(f"{park}/reports")) == set()
    dispatch(callers, proposal, DATA, "joint")
    assert f"{TITLE}1." in found.found_in(callers["data"].get(f"{park}/reports"))
    refused = callers["data"].upload(address(proposal, "a.pdf", supersedes="D002-P04-F01"), PDF)
    assert "another office" in told(refused)["supersedes"]
