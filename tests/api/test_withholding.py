"""What an office wrote is withheld at once and everywhere; it and the staff go on seeing it."""

import re

import pytest

from app.core.codes import Role, WithheldKind
from app.register.counting.rules.figures import BY_ID
from tests.support.casework import V1, took, whole
from tests.support.factories import EDITOR, INDUSTRY, PARK, Caller, find, make_caller
from tests.support.sweep import Sweep, holding
from tests.support.withholding import FINANCE

pytestmark = pytest.mark.usefixtures("today")

INSIDE = {"contact", "evaluation"}
"""Kinds whose words only those read who take part in handling."""


@pytest.fixture
def park(client):
    return f"{V1}/recommendations/{find(client, PARK)['id']}"


@pytest.fixture
def sweep(app, planted, callers):
    """Give what asks for everything of the planted case."""
    number = planted.proposal.rpartition("/")[2]
    one = took(callers["registrar"].get(planted.proposal))
    parts = {
        "recommendation_id": [planted.park.rpartition("/")[2]],
        "proposal_id": [number],
        "assignment_id": [planted.lead["id"]],
        "commitment_id": [planted.commitment.rpartition("/")[2]],
        "number": [1],
        "figure": list(BY_ID),
        "file_id": [file["id"] for file in planted.files.values()],
        "document_id": [one["document"]["id"]],
        "slug": ["ai-industrial-park", INDUSTRY],
        "person": [one["proposers"][0]["slug"]],
        "reference": [PARK, "D002-P04-A01-V1", *references(planted)],
        "principal_id": [1],
        "approval_id": [1],
        "withholding_id": [1],
    }  # fmt: skip
    last = took(callers["registrar"].get(f"{planted.proposal}/history?sort=-sequence&limit=3"))
    moments = [event["at"] for event in last["items"]]
    values = {
        "office": [INDUSTRY, FINANCE],
        "proposal": [number],
        "recommendation": [PARK],
        "document": [one["document"]["id"]],
        "proposer": [one["proposers"][0]["slug"]],
        "q": ["CANARY", "CANARY-REPORT", "CANARY-FILE-NAME"],
        "reference": [PARK, *references(planted)],
        "date": ["2026-03-01", "2026-12-31", "2027-01-01"],
        "date-time": moments,
    }
    return Sweep(app.extensions["openapi"].to_dict(), parts, values)


def references(planted):
    """Return references that stand for what is planted."""
    promise = took(planted.callers["industry"].get(planted.commitment))["reference"]
    return [promise, *(file["reference"] for file in planted.files.values())]


@pytest.fixture
def public(client, database):
    """Give those who see only what is public."""
    return {
        "anyone": Caller(client),
        "a reader": make_caller(client, database, Role.READER, office=FINANCE),
        "another office": make_caller(client, database, *EDITOR, office=FINANCE),
    }


def readable(answers, planted, kinds):
    """Return where words of *kinds* can be read among *answers*: word → addresses."""
    words = [word for kind in kinds for word in planted.words[kind]]
    return {word: found for word in words if (found := holding(answers, word))}


@pytest.mark.long
@pytest.mark.one_database
def test_what_is_withheld_can_be_read_at_no_address_of_the_contract(
    planted, sweep, public, callers, database
):
    assert planted.words.keys() == set(WithheldKind), "each kind that can be withheld is planted"
    before = sweep.read(public["anyone"])
    outside = [kind for kind in planted.words if kind not in INSIDE]
    missed = {w for k in outside for w in planted.words[k]} - readable(
        before, planted, outside
    ).keys()
    assert missed == set(), "the sweep finds what is there"
    moves = f"{V1}/tags/ai-industrial-park/progress"
    assert moves in holding(before, "CANARY-NOTE"), "the last move of a subject shows its note"
    within = sweep.read(callers["data"], whole=False)
    assert readable(within, planted, INSIDE).keys() == {"CANARY-CONTACT", "CANARY-RATING"}
    hidden = []
    for kind in ("report", "file", "note", "contact", "milestone", "remark"):
        took(planted.withhold(kind))
        hidden.append(kind)
        answers = sweep.read(public["anyone"], whole=False)
        assert readable(answers, planted, hidden) == {}, kind
    took(planted.withhold("evaluation", "registrar"))
    took(planted.withhold("reply"))
    for name, caller in public.items():
        answers = sweep.read(caller, whole=name == "anyone")
        assert readable(answers, planted, planted.words) == {}, name
        known = {place: before[place].headers.get("ETag") for place in before}
        for place in readable_places(before, planted):
            again = caller.get(place, **{"If-None-Match": known[place] or '"none"'})
            assert again.status_code != 304, place
    for name in ("data", "data_head", "government"):
        assert readable(sweep.read(callers[name], whole=False), planted, planted.words) == {}, name
    mine = readable(sweep.read(callers["industry"], whole=False), planted, planted.words)
    assert mine.keys() == {w for k in planted.words if k != "evaluation" for w in planted.words[k]}
    staff = readable(sweep.read(callers["registrar"], whole=False), planted, planted.words)
    assert staff.keys() == {word for words in planted.words.values() for word in words}
    whole(database)


def readable_places(answers, planted):
    return {
        place for found in readable(answers, planted, planted.words).values() for place in found
    }


def test_neither_the_reason_nor_the_withholding_is_known_to_the_public(
    planted, sweep, public, client
):
    for kind in WithheldKind:
        who = "registrar" if kind == "evaluation" else "industry"
        took(planted.withhold(kind, who, reason=f"SECRET-REASON-{kind}"))
    for caller in public.values():
        answers = sweep.read(caller, whole=False)
        assert holding(answers, "SECRET-REASON") == set()
        assert holding(answers, "withholding.created") == set()
        assert holding(answers, '"withheld_by"') == set()


def test_a_released_record_is_public_as_it_was(planted, sweep, public, callers, database):
    before = bodies(sweep.read(public["anyone"], whole=False))
    for kind in WithheldKind:
        who = "registrar" if kind == "evaluation" else "industry"
        made = took(planted.withhold(kind, who))
        again = took(planted.release(made))
        assert again["released_by"]
        assert bodies(sweep.read(public["anyone"], whole=False)) == before, kind
    whole(database)


def bodies(answers):
    """Return what stands in *answers*, but for the state of health."""
    return {
        place: re.sub('"as_of":"[^"]*"', "", answer.text)
        for place, answer in answers.items()
        if place.startswith(V1) and answer.status_code == 200
    }
