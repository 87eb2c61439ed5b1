"""What is brought to mind about recommendations, and what is brought to mind no more."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from app.core.codes import TaskKind
from app.handling.assignments.services.context import Work
from app.handling.worklists.services import close_windows, plan_reminders
from app.models import Event, Notice, Recommendation, Task
from app.register.people.queries.reference_data import read_book
from app.register.recommendations.services.state_tasks import notify_loss, sync_tasks
from app.register.verification.queries.verify_worklists import desk_drift
from app.tasks.services import tasks
from tests.support.casework import TODAY, V1, dispatch, step, took, waiting, whole
from tests.support.commitments import inbox
from tests.support.factories import INDUSTRY, PARK, find, further_edition, recommendation
from tests.support.replies import assignment_of
from tests.support.situations import received

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.one_database]
EVIDENCE = [{"title": "竣工验收报告", "url": "https://example.org/1"}]
DUE = date(2026, 6, 30)


@pytest.fixture
def park(callers):
    """Give the recommendation to build the park, which industry took on until the end of June."""
    row = find(callers["industry"])
    office = {"office": INDUSTRY, "role": "lead", "due_on": DUE.isoformat()}
    path = f"{V1}/recommendations/{row['id']}"
    took(callers["industry"].post(f"{path}/offices", office, row["version"]))
    return path


def version(caller, path):
    return took(caller.get(path))["version"]


def move(caller, path, to, **more):
    body = {"axis": "progress", "to": to, **more}
    return took(caller.post(f"{path}/transitions", body, version(caller, path)))


def points(caller, **filters):
    return [(n["kind"], n["point"], n["urgency"]) for n in inbox(caller, **filters)]


def desk(caller):
    return caller.get(f"{V1}/me/worklist").get_json()["items"]


# -- a recommendation's own day --------------------------------------------------------------------


def test_an_offices_own_day_is_brought_to_mind_and_no_clerk_meets_another_version(
    callers, park, pass_on, database
):
    before = version(callers["industry"], park)
    events = database.read(lambda s: s.scalar(sa.select(sa.func.count(Event.sequence))))
    pass_on(DUE - timedelta(days=14))
    assert points(callers["industry"]) == [("implement", "due_soon", "blue")]
    pass_on(DUE - timedelta(days=5))
    pass_on(DUE)
    assert points(callers["industry"])[0] == ("implement", "behind", "yellow")
    assert pass_on(DUE + timedelta(days=1)) == (1, 2)
    assert pass_on(DUE + timedelta(days=1)) == (0, 0)
    assert points(callers["industry"])[0] == ("implement", "overdue", "red")
    [notice] = inbox(callers["supervisor"])
    assert (notice["office"]["slug"], notice["recommendation_reference"]) == (
        INDUSTRY, "D002-P04-R12",
    )  # fmt: skip
    assert (notice["assignment_id"], notice["due_on"]) == (None, DUE.isoformat())
    assert version(callers["industry"], park) == before
    after = database.read(lambda s: s.scalar(sa.select(sa.func.count(Event.sequence))))
    assert after == events
    whole(database)


def test_another_day_ends_what_was_told_of_the_one_before(callers, park, pass_on, database):
    pass_on(DUE + timedelta(days=1))
    edit = {"due_on": "2026-12-31", "note": "按会议纪要"}
    took(callers["registrar"].patch(park, edit, version(callers["registrar"], park)))
    assert points(callers["industry"], waiting="true") == []
    assert points(callers["industry"], waiting="false") == [("implement", "overdue", "red")]
    pass_on(date(2026, 12, 17))
    assert points(callers["industry"], waiting="true") == [("implement", "due_soon", "blue")]
    whole(database)


def test_a_task_with_notices_is_ended_and_one_without_goes(callers, park, pass_on, database):
    pass_on(DUE + timedelta(days=1))
    move(callers["head"], park, "in_progress")
    move(callers["head"], park, "implemented", evidence=EVIDENCE)
    rows = "SELECT kind, outcome, ended_on FROM tasks WHERE assignment_id IS NULL ORDER BY id"
    found = database.read(lambda s: s.execute(sa.text(rows)).all())
    assert [tuple(row)[:2] for row in found] == [("implement", "late"), ("verify", None)]
    assert str(found[0].ended_on)[:10] == "2026-07-01"
    assert points(callers["industry"], waiting="true") == []
    assert [item["kind"] for item in desk(callers["supervisor"])] == ["verify"]
    move(callers["supervisor"], park, "in_progress", reason="材料不全")
    kinds = database.read(lambda s: s.scalars(sa.select(Task.kind).order_by(Task.id)).all())
    assert kinds == ["implement", "implement"]  # nothing told of the one to verify it
    whole(database)


def test_a_claim_that_nobody_verifies_is_brought_to_the_supervisors_mind(
    callers, park, pass_on, database
):
    move(callers["head"], park, "in_progress")
    move(callers["head"], park, "implemented", evidence=EVIDENCE)
    pass_on(TODAY + timedelta(days=13))
    assert inbox(callers["supervisor"]) == []
    pass_on(TODAY + timedelta(days=14))
    assert points(callers["supervisor"]) == [("verify", "not_verified", "yellow")]
    pass_on(TODAY + timedelta(days=30))
    assert points(callers["supervisor"])[0] == ("verify", "not_verified", "red")
    assert inbox(callers["supervisor"])[0]["office"]["slug"] == INDUSTRY
    assert inbox(callers["industry"]) == []
    move(callers["supervisor"], park, "verified")
    assert points(callers["supervisor"], waiting="true") == []
    whole(database)


def test_a_hidden_proposal_hides_what_was_told_of_it(callers, park, pass_on, proposal, database):
    pass_on(DUE + timedelta(days=1))
    move(callers["head"], park, "in_progress")
    move(callers["head"], park, "implemented", evidence=EVIDENCE)
    hidden = {"publication": "restricted"}
    took(callers["registrar"].patch(proposal, hidden, version(callers["registrar"], proposal)))
    assert inbox(callers["supervisor"]) == []
    assert inbox(callers["industry"]) == []
    whole(database)


# -- reports ---------------------------------------------------------------------------------------


@pytest.fixture
def reporting(database):
    """Let rules hold by which an office reports each month."""
    limit = {"amount": 1, "unit": "months", "from": "start"}
    return database.write(lambda session: further_edition(session, report=limit))


def test_who_does_not_report_is_reminded_where_the_rules_say_how_often(
    callers, reporting, park, proposal, pass_on, today, database
):
    made = dispatch(callers, proposal, role="sole", recommendation=PARK)
    took(step(callers["industry"], made, "received"))
    assert made["profile"] == reporting
    [owed] = [item for item in desk(callers["industry"]) if item["kind"] == "report"]
    assert (owed["due_on"], owed["operations"]) == ("2026-04-02", ["addReport"])
    pass_on(date(2026, 4, 3))
    assert ("report", "overdue", "yellow") in points(callers["industry"])
    assert points(callers["supervisor"]) == [("report", "overdue", "yellow")]
    took(callers["industry"].post(f"{park}/reports", {"text": "选址完成", "percent": 10}))
    assert points(callers["supervisor"], waiting="true") == []
    [owed] = [item for item in desk(callers["industry"]) if item["kind"] == "report"]
    assert owed["due_on"] == "2026-05-06"  # the 3rd is in the holidays
    today["day"] = date(2026, 4, 10)
    took(callers["industry"].post(f"{park}/reports", {"text": "场地平整", "percent": 20}))
    owed = [item["due_on"] for item in desk(callers["industry"]) if item["kind"] == "report"]
    assert owed == ["2026-05-11"]
    whole(database)


def test_no_edition_that_is_shipped_asks_for_reports(callers, park, lead, database):
    assert "report" not in [item["kind"] for item in desk(callers["industry"])]
    whole(database)


def test_a_report_that_is_owed_and_waits_nowhere_is_found(
    callers, reporting, park, proposal, database
):
    received(callers, proposal)
    with database.bind.begin_nested() as nested:
        database.write(lambda s: s.execute(sa.delete(Task).where(Task.kind == "report")))
        assert [told for told in database.read(lambda s: list(desk_drift(s))) if "report" in told]
        nested.rollback()


# -- what is over ----------------------------------------------------------------------------------


def test_a_window_to_object_is_announced_while_it_is_open_and_closes(
    callers, proposal, pass_on, database
):
    made = dispatch(callers, proposal)
    pass_on(date(2026, 3, 14))
    assert ("objection", "objection_closing", "blue") in points(callers["industry"])
    pass_on(date(2026, 3, 17))
    assert "objection" not in waiting(assignment_of(callers["industry"], made))
    open_ones = points(callers["industry"], waiting="true")
    assert "objection" not in [kind for kind, *_ in open_ones]
    whole(database)


def test_nobody_hears_of_a_window_that_closed_months_ago(callers, proposal, pass_on, database):
    made = dispatch(callers, proposal)
    pass_on(date(2026, 9, 1))
    assert "objection" not in [kind for kind, *_ in points(callers["industry"])]
    assert "objection" not in waiting(assignment_of(callers["industry"], made))
    [task] = [
        task for task in assignment_of(callers["auditor"], made)["tasks"]
        if task["kind"] == "objection"
    ]  # fmt: skip
    assert task["outcome"] == "void"
    whole(database)


def test_an_earlier_registers_windows_close_at_its_upgrade(callers, proposal, database):
    dispatch(callers, proposal)

    def close(session):
        return close_windows(Work(session, read_book(session), date(2026, 9, 1)))

    assert database.write(close) == 1
    assert database.write(close) == 0
    whole(database)


def test_after_a_meeting_nobody_is_told_that_there_was_none(callers, lead, pass_on, database):
    pass_on(date(2026, 3, 22))
    missing = [n for n in inbox(callers["industry"], waiting="true") if n["point"] == "no_meeting"]
    assert [n["ended_on"] for n in missing] == [None]
    path = f"{V1}/assignments/{lead['id']}/contacts"
    took(callers["industry"].post(path, {"channel": "phone", "note": "电话"}))
    assert "no_meeting" in [n["point"] for n in inbox(callers["industry"], waiting="true")]
    took(callers["industry"].post(path, {"channel": "meeting", "note": "座谈", "on": "2026-03-20"}))
    assert "no_meeting" not in [n["point"] for n in inbox(callers["industry"], waiting="true")]
    [ended] = [n for n in inbox(callers["industry"]) if n["point"] == "no_meeting"]
    assert ended["ended_on"] == "2026-03-22"  # noted for an earlier day: it was still told then
    assert "reply" in waiting(assignment_of(callers["industry"], lead))
    whole(database)


def test_more_time_ends_what_was_told_of_the_day_before(callers, lead, pass_on, database):
    pass_on(date(2026, 5, 29))
    assert ("reply", "behind", "yellow") in points(callers["industry"], waiting="true")
    path = f"{V1}/assignments/{lead['id']}"
    more = {"extended_to": "2026-07-15", "reason": "涉及面广"}
    took(callers["industry"].post(f"{path}/extensions", more, version(callers["industry"], path)))
    assert "behind" not in [p for _, p, _ in points(callers["industry"], waiting="true")]
    whole(database)


def test_a_notice_names_the_office_that_it_is_about(callers, lead, pass_on):
    pass_on(date(2026, 6, 3))
    [late] = [n for n in inbox(callers["dispatcher"]) if n["point"] == "overdue"]
    assert (late["office"]["slug"], late["assignment_id"]) == (INDUSTRY, lead["id"])
    assert late["recommendation_reference"] is None
    took(step(callers["dispatcher"], lead, "withdrawn", reason="改由他局"))
    assert "overdue" not in [n["point"] for n in inbox(callers["dispatcher"], waiting="true")]


# -- what was lost ---------------------------------------------------------------------------------


def test_an_office_hears_that_another_was_given_what_it_had(callers, park, database):
    def pass_to_another(session):
        record = recommendation(session)
        former = record.lead_office_id
        notify_loss(session, record, former, TODAY)
        sync_tasks(session, record, TODAY)

    def lose(session):
        pass_to_another(session)
        return session.scalar(sa.select(Notice.point))

    assert database.write(lose) == "passed_on"
    [notice] = inbox(callers["industry"])
    assert (notice["point"], notice["kind"], notice["ended_on"]) == (
        "passed_on", "implement", TODAY.isoformat(),
    )  # fmt: skip
    assert notice["recommendation_reference"] == "D002-P04-R12"
    whole(database)


def test_who_had_nothing_on_its_desk_hears_nothing(database):
    def lose(session):
        record = session.scalars(sa.select(Recommendation).order_by(Recommendation.id)).first()
        notify_loss(session, record, 1, TODAY)
        return session.scalar(sa.select(sa.func.count(Notice.id)))

    assert database.write(lose) == 0


# -- forged, and brought up to date ----------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [{"point": "behind"}, {"urgency": "red"}, {"desk": "dispatchers"}, {"office_id": 9999},
     {"about_id": 1}, {"fired_on": date(2027, 1, 1)}, {"commitment_id": 1}],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_a_notice_that_the_table_does_not_give_is_found(callers, park, pass_on, database, change):
    pass_on(DUE - timedelta(days=14))
    whole(database)
    database.write(lambda s: s.execute(sa.update(Notice).values(change)))
    assert [told for told in database.read(lambda s: list(desk_drift(s))) if "notice" in told]


def test_a_task_that_is_kept_for_nothing_is_found(callers, park, database):
    ended = {"ended_on": TODAY, "outcome": "done", "fires_on": None}

    def forge(session):
        [task] = session.scalars(sa.select(Task)).all()
        tasks.count_task(session, task, -1)
        session.execute(sa.update(Task).values(ended))

    database.write(forge)
    assert [t for t in database.read(lambda s: list(desk_drift(s))) if "stays without" in t]


def test_an_earlier_registers_claims_are_brought_to_mind_after_its_upgrade(
    callers, park, pass_on, database
):
    move(callers["head"], park, "in_progress")
    move(callers["head"], park, "implemented", evidence=EVIDENCE)
    database.write(lambda s: s.execute(sa.update(Task).values(began_on=None, fires_on=None)))
    assert database.write(plan_reminders) == 1
    assert database.write(plan_reminders) == 0
    began = database.read(lambda s: s.scalar(sa.select(Task.began_on)))
    claimed = sa.select(Event.at).where(Event.operation == "recommendation.progress_changed")
    assert began == database.read(lambda s: s.scalars(claimed).all())[-1].date()
    assert database.read(lambda s: s.scalar(sa.select(Task.kind))) == TaskKind.VERIFY
    whole(database)
