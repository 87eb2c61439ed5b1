"""What was verified is looked back at: it still stands, or it is opened again."""

from datetime import date

import pytest
import sqlalchemy as sa

from app.core.codes import Role
from app.models import Recommendation
from app.register.verification.queries.fold_events import differences
from tests.support.casework import V1, took, whole
from tests.support.factories import PARK, find, make_caller
from tests.support.problems import told

pytestmark = pytest.mark.usefixtures("today")

EVIDENCE = [{"title": "竣工报告", "url": "https://example.org/done"}]


@pytest.fixture
def park(client):
    return f"{V1}/recommendations/{find(client, PARK)['id']}"


def send(caller, park, place, **body):
    return caller.post(f"{park}/{place}", body, caller.get(park).get_json()["version"])


def step(caller, park, target, **more):
    return send(caller, park, "transitions", axis="progress", to=target, **more)


@pytest.fixture
def verified(callers, park):
    """Let the office of industry claim the park, and a supervisor verify it."""
    took(send(callers["industry"], park, "offices", office="zhengzhou-industry"))
    took(step(callers["industry"], park, "in_progress"))
    took(step(callers["industry"], park, "implemented", evidence=EVIDENCE))
    return took(step(callers["supervisor"], park, "verified"))


def desk(caller):
    return caller.get(f"{V1}/me/worklist?desk=supervisors").get_json()["items"]


def test_what_was_verified_is_looked_back_at_half_a_year_later(callers, verified, today, database):
    assert verified["look_back_on"] == "2026-09-02"
    today["day"] = date(2026, 9, 3)
    [item] = desk(callers["supervisor"])
    shown = (item["kind"], item["due_on"], item["bucket"], item["recommendation"]["reference"])
    assert shown == ("look_back", "2026-09-02", "overdue", PARK)
    assert item["operations"] == ["lookBackAtRecommendation", "moveRecommendation"]
    assert [step["to"] for step in item["next_steps"]] == ["in_progress"]
    whole(database)


def test_what_still_stands_leaves_the_desk_and_stays_told(
    callers, verified, park, client, database
):
    found = {"text": "园区运行正常，入驻企业12家", "evidence": EVIDENCE}
    after = took(send(callers["supervisor"], park, "look-backs", **found))
    assert (after["progress"], after["look_back_on"]) == ("verified", None)
    assert desk(callers["supervisor"]) == []
    newest = client.get(f"{park}/reports").get_json()["items"][-1]
    assert (newest["text"], len(newest["evidence"])) == (found["text"], 1)
    event = client.get(f"{park}/history").get_json()["items"][-1]
    assert event["operation"] == "recommendation.looked_back"
    assert event["story_zh"] == "回头看：仍已落实，附证明材料 1 份"
    assert event["note"] == found["text"]
    took(send(callers["supervisor"], park, "look-backs", text="再次核查，仍在运行"))
    then = after["updated_at"].replace("+", "%2B")
    assert client.get(f"{park}?as_of={then}").get_json()["look_back_on"] is None
    whole(database)


def test_what_no_longer_stands_is_opened_again(callers, verified, park, client, database):
    other = make_caller(client, database, Role.SUPERVISOR)
    asked = step(callers["supervisor"], park, "in_progress", reason="园区已停用")
    assert asked.status_code == 202
    number = asked.get_json()["id"]
    decision = {"decision": "approve", "note": "属实"}
    took(other.post(f"{V1}/approvals/{number}/decision", decision))
    assert callers["supervisor"].get(park).get_json()["look_back_on"] is None
    assert desk(callers["supervisor"]) == []
    told(send(callers["supervisor"], park, "look-backs", text="仍在运行"), 409)
    whole(database)


def test_no_office_looks_back_at_its_own_claim(callers, verified, park, database):
    told(send(callers["industry"], park, "look-backs", text="仍在运行"), 403)
    told(send(callers["supervisor"], park, "look-backs", text="　"), 422, "text")
    assert desk(callers["supervisor"]) != []


def test_a_day_to_look_back_that_no_event_explains_is_found(callers, verified, database):
    moved = sa.update(Recommendation).where(Recommendation.reference == PARK)
    database.write(lambda s: s.execute(moved.values(look_back_on=date(2199, 1, 1))))
    found = list(database.read(lambda s: list(differences(s))))
    assert [told for told in found if PARK in told and "look_back_on" in told]
