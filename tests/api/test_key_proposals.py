"""Proposals that someone watches over."""

from datetime import date

import pytest

from app.handling.assignments.services.context import Work
from app.handling.worklists.services import tick
from app.register.people.queries.reference_data import read_book
from tests.support.casework import V1, took, version_of, whole
from tests.support.problems import told

pytestmark = pytest.mark.usefixtures("today")


def edit(callers, path, **values):
    return callers["registrar"].patch(path, values, version_of(callers["registrar"], path))


def test_who_watches_over_a_key_proposal_sees_it_and_hears_of_it(
    callers, proposal, lead, pass_on, client, database
):
    took(edit(callers, proposal, publication="internal"))
    told(callers["government"].get(proposal), 404)
    took(edit(callers, proposal, is_key=True, supervisor="zhengzhou-government"))
    assert callers["government"].get(proposal).status_code == 200
    found = callers["government"].get(f"{V1}/proposals?supervisor=zhengzhou-government").get_json()
    assert [row["reference"] for row in found["items"]] == ["D002-P04"]
    told(client.get(f"{V1}/proposals?supervisor=nobody"), 422, "supervisor")
    pass_on(date(2026, 6, 3))
    notices = callers["government"].get(f"{V1}/me/inbox").get_json()["items"]
    assert [(n["point"], n["urgency"]) for n in notices] == [("overdue", "red")]
    took(edit(callers, proposal, supervisor=None))
    assert callers["government"].get(f"{V1}/me/inbox").get_json()["items"] == []
    whole(database)


def test_supervisors_hear_of_what_is_late_in_a_key_proposal(
    callers, proposal, lead, today, database
):
    registrar = callers["registrar"]
    took(registrar.patch(proposal, {"is_key": True}, version_of(registrar, proposal)))
    today["day"] = date(2026, 6, 3)
    database.write(lambda s: tick(Work(s, read_book(s), today["day"])))
    told_to = {
        name: {
            (notice["point"], notice["urgency"])
            for notice in callers[name].get(f"{V1}/me/inbox").get_json()["items"]
        }
        for name in ("industry", "dispatcher", "supervisor")
    }
    assert told_to["supervisor"] == {("overdue", "red")}
    assert ("overdue", "red") in told_to["industry"] & told_to["dispatcher"]
    whole(database)
