"""Who asks for a step that there is not yet is told which there are, and whose each is."""

import pytest

from app.core.rules.permissions import Permission
from app.core.rules.workflow import WHO
from app.http.meta.api import WORKFLOWS
from tests.support.casework import V1, dispatch, step
from tests.support.factories import DATA, INDUSTRY, find
from tests.support.problems import told

pytestmark = pytest.mark.usefixtures("today")

STEPS = tuple(step for workflow in WORKFLOWS for step in workflow.steps)


def test_each_step_is_somebodys():
    assert {one.permission for one in STEPS} == set(WHO)
    assert set(WHO) <= set(Permission)


def choices(answer):
    """Return what a refusal says that is possible."""
    told(answer, 409)
    return answer.get_json()["detail"].partition("it can now become: ")[2].rstrip(".")


def test_of_an_assignment_it_says_whose_each_step_is(callers, proposal):
    given = dispatch(callers, proposal)
    office = "(by the office that handles it)"
    assert choices(step(callers["dispatcher"], given, "in_progress")) == (
        f"objection_pending {office}, received {office}, withdrawn"
    )
    assert choices(step(callers["industry"], given, "in_progress")) == (
        "objection_pending, received, withdrawn (by dispatchers)"
    )


def test_of_what_was_dispatched_on_it_names_the_office_above(callers, proposal):
    given = dispatch(callers, proposal, "zhengzhou-government")
    step(callers["government"], given, "received")
    body = {"office": DATA, "role": "lead", "parent": given["reference"]}
    below = callers["government"].post(f"{proposal}/assignments", body).get_json()
    head = "(by the head of the office that dispatched it on, or dispatchers)"
    said = choices(step(callers["data"], below, "in_progress"))
    assert said == f"objection_pending, received, withdrawn {head}"
    assert choices(step(callers["government"], below, "in_progress")).endswith(", withdrawn")


def test_of_a_recommendation_it_says_whose_each_step_is(callers):
    item = find(callers["data"])
    path = f"{V1}/recommendations/{item['id']}"
    callers["industry"].post(f"{path}/offices", {"office": INDUSTRY}, 1)
    body = {"axis": "progress", "to": "implemented"}
    own = choices(callers["industry"].post(f"{path}/transitions", body, 2))
    assert own == "planned, in_progress, stalled, deferred, not_pursued, superseded"
    body = {"axis": "progress", "to": "verified"}
    others = choices(callers["supervisor"].post(f"{path}/transitions", body, 2))
    assert others.startswith("planned (by the lead office or a joint one), in_progress (by the")
    assert "deferred (by the lead office)" in others


def test_it_is_said_in_chinese_as_well(callers, proposal):
    given = dispatch(callers, proposal)
    caller = callers["industry"]
    caller.headers["Accept-Language"] = "zh"
    answer = step(caller, given, "in_progress")
    assert "已撤回（由交办人员）" in answer.get_json()["detail"]
