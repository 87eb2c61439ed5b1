"""What may be done now, and which operation does it."""

from datetime import date

import pytest
import sqlalchemy as sa

from app.accounts.rules.operation_access import ACCESS
from app.core.codes import TaskKind
from app.handling.worklists.rules import SETTLED_BY
from app.models import Task
from app.register.recommendations.services.state_tasks import sync_all_tasks
from tests.support.casework import V1, step, took, whole
from tests.support.factories import INDUSTRY, PARK, find
from tests.support.replies import body, draft

pytestmark = pytest.mark.usefixtures("today")


def desk(caller, name, **filters):
    query = "&".join(f"{n}={v}" for n, v in {"desk": name, **filters}.items())
    return caller.get(f"{V1}/me/worklist?{query}").get_json()["items"]


def settled(caller, name):
    items = caller.get(f"{V1}/me/worklist?desk={name}").get_json()["items"]
    return [(item["kind"], item["operations"]) for item in items]


def test_each_next_step_names_the_operation_that_takes_it(callers, proposal, lead, database):
    took(draft(callers["industry"], lead, body(callers, proposal)))
    [check] = [i for i in desk(callers["dispatcher"], "dispatchers") if i["kind"] == "check_reply"]
    steps = {(s["operation"], s["to"]) for s in check["next_steps"]}
    assert {("moveReply", "checked"), ("moveReply", "returned")} < steps
    assert ("moveAssignment", "withdrawn") in steps
    assert check["operations"] == ["moveReply"]
    assert check["reply"]["reference"] == f"{lead['reference']}-V1"
    assert check["assignment_reference"] == lead["reference"]
    one = f"{V1}/assignments/{lead['id']}/replies/1/transitions"
    took(callers["dispatcher"].post(one, {"to": "checked"}, check["version"]))
    [mine] = [i for i in desk(callers["head"], "office") if i["kind"] == "reply"]
    assert [s["to"] for s in mine["next_steps"] if s["operation"] == "moveReply"] == ["sent"]
    whole(database)


def test_a_step_of_a_recommendation_names_its_axis(callers, proposal):
    office = {"office": INDUSTRY, "role": "lead"}
    row = callers["industry"].get(f"{V1}/recommendations?reference={PARK}").get_json()["items"][0]
    path = f"{V1}/recommendations/{row['id']}"
    took(callers["industry"].post(f"{path}/offices", office, row["version"]))
    [item] = desk(callers["industry"], "office")
    first = item["next_steps"][0]
    body = {name: first[name] for name in ("axis", "to")}
    assert first["operation"] == "moveRecommendation"
    took(callers["industry"].post(f"{path}/transitions", body, item["version"]))


def test_what_was_deferred_waits_for_the_day_to_look_again(callers, today, database):
    row = find(callers["industry"])
    path = f"{V1}/recommendations/{row['id']}"
    office = {"office": INDUSTRY, "role": "lead", "due_on": "2026-04-01"}
    version = took(callers["industry"].post(f"{path}/offices", office, row["version"]))["version"]
    later = {
        "axis": "progress", "to": "deferred", "reason": "待规划批复", "review_on": "2027-01-04",
    }  # fmt: skip
    took(callers["head"].post(f"{path}/transitions", later, version))
    [item] = callers["industry"].get(f"{V1}/me/worklist").get_json()["items"]
    assert (item["kind"], item["due_on"]) == ("implement", "2027-01-04")
    whole(database)
    database.write(lambda s: s.execute(sa.update(Task).values(due_on=date(2026, 4, 1))))
    assert database.write(sync_all_tasks) == 1  # as a register of an earlier release has it


def test_a_task_names_what_settles_it(callers, proposal, lead, database):
    kinds = dict(settled(callers["industry"], "office"))
    assert kinds == {
        "reply": ["draftReply", "logContact", "askExtension"],
        "implement": ["moveRecommendation", "addReport"],
    }
    took(draft(callers["industry"], lead, body(callers, proposal)))
    assert settled(callers["dispatcher"], "dispatchers") == [("check_reply", ["moveReply"])]
    took(step(callers["dispatcher"], lead, "withdrawn", reason="改由他局"))
    assert settled(callers["dispatcher"], "dispatchers") == [("redispatch", ["dispatchProposal"])]


def test_every_kind_of_task_names_operations_that_there_are():
    assert set(SETTLED_BY) == set(TaskKind) - {TaskKind.OBJECTION}
    assert all(ACCESS[name].permissions for names in SETTLED_BY.values() for name in names)
