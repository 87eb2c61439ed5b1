"""What lists tell of who has a record, when it is next due and whether it ended."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from app.core.clock import utcnow
from app.core.codes import Clock
from app.models import Assignment, Person, Proposer, Recommendation, RecommendationTag, Task
from app.tasks.rules.task_clocks import CLOCKS, INTERNAL_CLOCKS
from tests.support.casework import TODAY, V1, dispatch, step, took, version_of
from tests.support.factories import DATA, INDUSTRY, PARK, Caller, find
from tests.support.lateness import set_due

LATE = TODAY - timedelta(days=20)


@pytest.fixture
def anonymous(client):
    return Caller(client)


def page(caller, path, query=""):
    answer = caller.get(f"{V1}{path}?limit=200&with_total=true&{query}")
    assert answer.status_code == 200, answer.text
    found = answer.get_json()
    assert found["total"] == len(found["items"]) or found["next"]
    return found


def references(caller, path, query=""):
    return [item["reference"] for item in page(caller, path, query)["items"]]


def publish(callers, proposal, publication):
    path, body = proposal, {"publication": publication}
    took(callers["registrar"].patch(path, body, version_of(callers["registrar"], path)))


def report(caller, percent):
    path = f"{V1}/recommendations/{find(caller)['id']}/reports"
    return took(caller.post(path, {"text": "进展", "percent": percent}))


def begin(caller):
    """Take it on for the office of industry, and begin with it."""
    path = f"{V1}/recommendations/{find(caller)['id']}"
    took(caller.post(f"{path}/offices", {"office": INDUSTRY}, find(caller)["version"]))
    to = {"axis": "progress", "to": "in_progress"}
    took(caller.post(f"{path}/transitions", to, find(caller)["version"]))


def shown_report(caller):
    item = find(caller)
    return item["percent"], item["last_reported_at"] is not None


def test_a_list_shows_the_last_percent_reported(callers, anonymous, proposal):
    industry = callers["industry"]
    assert shown_report(anonymous) == (None, False)
    begin(industry)
    for percent in (20, 30, None):
        made = report(industry, percent)
    assert shown_report(anonymous) == (30, True)
    assert find(anonymous)["last_reported_at"] == made["reported_at"]


def test_reports_written_while_it_was_hidden_count_for_nobody_outside(callers, anonymous, proposal):
    industry = callers["industry"]
    begin(industry)
    publish(callers, proposal, "internal")
    report(industry, 40)
    publish(callers, proposal, "published")
    assert shown_report(anonymous) == (None, False)
    assert shown_report(industry) == shown_report(callers["supervisor"]) == (40, True)
    alone = anonymous.get(f"{V1}/recommendations/{find(anonymous)['id']}").get_json()
    assert (alone["percent"], alone["reports"]) == (None, [])
    report(industry, 60)
    assert shown_report(anonymous) == (60, True)


def test_proposers_stand_in_their_order_as_printed(anonymous, database):
    item = find(anonymous)
    first = item["proposer_names"]
    people = [(3, "陈丙", None), (2, "李乙", None), (4, "王丁", utcnow())]

    def join(session):
        person = session.scalar(sa.select(sa.func.min(Person.id)))
        for position, name, gone in people:
            session.add(
                Proposer(proposal_id=item["proposal"]["id"], position=position, person_id=person,
                         role="cosigner", as_printed=name, withdrawn_at=gone)
            )  # fmt: skip
            session.flush()

    database.write(join)
    assert find(anonymous)["proposer_names"] == [*first, "李乙", "陈丙"]
    made = anonymous.get(f"{V1}/proposals/{item['proposal']['id']}").get_json()["proposers"]
    assert find(anonymous)["proposer_names"] == [proposer["as_printed"] for proposer in made]


def end(database, reference):
    """Let a recommendation have ended with its proposal, as the columns say it."""
    one = sa.select(Recommendation.id).where(Recommendation.reference == reference)

    def work(session):
        number, tags = session.scalar(one), RecommendationTag.__table__
        rows = Recommendation.__table__
        session.execute(sa.update(rows).where(rows.c.id == number).values(ended_as="withdrawn"))
        own = tags.c.recommendation_id == number
        session.execute(sa.update(tags).where(own).values(is_ended=True))
        return number

    return database.write(work)


OF_PARK = (
    "document=3",
    "tag=ai-industrial-park",
    f"reference={PARK}",
    f"office={INDUSTRY}&sort=due_on",
    "tag=ai-industrial-park&sort=due_on&progress=not_started",
)


@pytest.mark.parametrize("query", OF_PARK)
def test_what_ended_leaves_the_lists_unless_asked_for(anonymous, database, query):
    before = references(anonymous, "/recommendations", query)
    assert PARK in before
    number = end(database, PARK)
    assert sorted([PARK, *references(anonymous, "/recommendations", query)]) == sorted(before)
    assert references(anonymous, "/recommendations", f"ended=true&{query}") == [PARK]
    alone = anonymous.get(f"{V1}/recommendations/{number}").get_json()
    assert alone["ended_as"] == "withdrawn"


@pytest.mark.parametrize("clock", sorted(map(str, Clock)))
def test_by_no_filter_and_no_order_is_an_internal_clock_betrayed(
    callers, anonymous, proposal, lead, database, clock
):
    number = find(anonymous)["id"]
    set_due(database, Recommendation, number, LATE, clock)
    inside = {c: PARK in references(callers[c], "/recommendations", "overdue=true")
              for c in ("industry", "supervisor")}  # fmt: skip
    assert inside == {"industry": True, "supervisor": True}
    open_to_all = clock not in INTERNAL_CLOCKS
    for caller in (anonymous, callers["data"]):
        for query in ("overdue=true", f"due_before={TODAY}", f"due_after={date(2000, 1, 1)}"):
            assert (PARK in references(caller, "/recommendations", query)) == open_to_all, query
        first = references(caller, "/recommendations", "sort=due_on")[0]
        assert (first == PARK) == open_to_all
        assert (find(caller)["next_clock"] == clock) == open_to_all
    assert references(callers["industry"], "/recommendations", "sort=due_on")[0] == PARK


def test_an_office_pages_by_its_two_clocks_in_one_order(callers, proposal, lead, database):
    own = page(callers["industry"], "/recommendations", f"proposal={lead['proposal']['id']}")
    others = [item for item in page(callers["industry"], "/recommendations")["items"]
              if item["proposal"]["id"] != lead["proposal"]["id"]][:6]  # fmt: skip
    for n, item in enumerate(others):
        set_due(database, Recommendation, item["id"], TODAY + timedelta(days=2 * n))
    for n, item in enumerate(own["items"]):
        day = TODAY + timedelta(days=2 * n + 1)
        set_due(database, Recommendation, item["id"], day, Clock.JOINT_OPINION)
    path, days = f"{V1}/recommendations?limit=3&sort=due_on", []
    while path and len(days) < len(own["items"]) + 6:
        answer = callers["industry"].get(path)
        days += [item["next_due_on"] for item in answer.get_json()["items"]]
        path = answer.headers["Link"].partition(">")[0][1:]
    dated = [day for day in days if day]
    assert dated == sorted(dated)
    assert len(dated) == len(own["items"]) + 6


def test_an_office_lists_its_own_cases_open_and_ended(callers, proposal, lead):
    other = dispatch(callers, f"{V1}/proposals/{lead['proposal']['id']}", DATA, "joint")
    industry, data = callers["industry"], callers["data"]
    assert references(industry, "/assignments") == [lead["reference"]]
    assert references(data, "/assignments") == [other["reference"]]
    assert references(data, "/assignments", f"office={INDUSTRY}") == []
    every = sorted([lead["reference"], other["reference"]])
    for watcher in ("dispatcher", "supervisor", "registrar", "auditor"):
        assert sorted(references(callers[watcher], "/assignments")) == every
    took(step(callers["dispatcher"], other, "withdrawn", reason="并入主办意见"))
    assert references(data, "/assignments", "open=true") == []
    item = page(data, "/assignments", "open=false&state=withdrawn")["items"][0]
    assert (item["reference"], item["recommendation"]) == (other["reference"], None)
    assert item["proposal"]["reference"] == lead["proposal"]["reference"]
    assert references(callers["supervisor"], "/assignments", f"office={INDUSTRY}&role=lead") == [
        lead["reference"]
    ]


def test_assignments_are_found_by_case_number_session_and_clock(callers, proposal, lead, database):
    seen = version_of(callers["registrar"], proposal)
    took(callers["registrar"].patch(proposal, {"case_no": "2026-0321"}, seen))
    set_due(database, Assignment, lead["id"], LATE, Clock.REPLY)
    session = callers["registrar"].get(proposal).get_json()["session"]["slug"]
    supervisor = callers["supervisor"]
    for query in ("case_no=2026-0321", f"session={session}", "clock=reply", "overdue=true",
                  f"due_before={TODAY}", f"proposal={lead['proposal']['id']}"):  # fmt: skip
        assert references(supervisor, "/assignments", query) == [lead["reference"]], query
    for query in ("case_no=2026-1", "clock=receipt", "overdue=false", f"due_after={TODAY}"):
        assert references(supervisor, "/assignments", query) == [], query
    item = page(supervisor, "/assignments")["items"][0]
    assert (item["next_due_on"], item["next_clock"]) == (LATE.isoformat(), "reply")
    assert item["proposal"]["case_no"] == "2026-0321"


def test_what_was_answered_late_can_be_asked(callers, lead, database):
    def answered(outcome):
        tasks = Task.__table__
        own = (tasks.c.assignment_id == lead["id"], tasks.c.kind == "reply")
        change = sa.update(tasks).where(*own).values(outcome=outcome)
        database.write(lambda session: session.execute(change))
        shown = page(callers["industry"], "/assignments")["items"][0]["outcome"]
        found = {
            name: len(references(callers["industry"], "/assignments", f"answered={name}"))
            for name in ("in_time", "late")
        }
        return shown, found

    assert answered(None) == (None, {"in_time": 0, "late": 0})
    assert answered("done") == ("done", {"in_time": 1, "late": 0})
    assert answered("late") == ("late", {"in_time": 0, "late": 1})
    assert answered("void") == (None, {"in_time": 0, "late": 0})


def counted_late(caller, office):
    """Return how much of what has a clock is overdue on the desk of an office."""
    path = f"{V1}/offices/{office}/worklist?bucket=overdue&kind="
    return sum(caller.get(f"{path}{kind}").get_json()["counts"]["overdue"] for kind in CLOCKS)


def test_watching_desks_say_what_is_late_in_every_office(callers, proposal, lead, today):
    supervisor = callers["supervisor"]
    assert supervisor.get(f"{V1}/me/worklist").get_json()["late_by_office"] == []
    other = dispatch(callers, proposal, DATA, "joint")
    took(step(callers["data"], other, "received"))
    today["day"] = TODAY + timedelta(days=400)
    late = supervisor.get(f"{V1}/me/worklist").get_json()["late_by_office"]
    numbers = {item["office"]["slug"]: item["overdue"] for item in late}
    assert numbers == {office: counted_late(supervisor, office) for office in (INDUSTRY, DATA)}
    assert [i["overdue"] for i in late] == sorted(numbers.values(), reverse=True)
    for item in late:
        path = f"{V1}/offices/{item['office']['slug']}/worklist?limit=200"
        tasks = supervisor.get(path).get_json()["items"]
        days = [task["due_on"] for task in tasks if task["clock"] and task["bucket"] == "overdue"]
        assert item["oldest_due_on"] == min(days)
    for other in ("dispatcher", "auditor"):
        assert callers[other].get(f"{V1}/me/worklist").get_json()["late_by_office"] == late
    assert callers["industry"].get(f"{V1}/me/worklist").get_json()["late_by_office"] == []


def test_what_lies_on_a_desk_names_its_clock(callers, proposal):
    given = dispatch(callers, proposal)
    assert clocks_on(callers["industry"])["receive"] == "receipt"
    took(step(callers["industry"], given, "objection_pending", reason="不属于职能"))
    assert clocks_on(callers["dispatcher"])["decide_objection"] is None


def clocks_on(caller):
    """Return kind and clock of what lies on the caller's desk."""
    tasks = caller.get(f"{V1}/me/worklist?limit=200").get_json()["items"]
    return {task["kind"]: task["clock"] for task in tasks}


def test_a_proposal_and_an_assignment_alone_show_the_viewers_clock(
    callers, anonymous, proposal, lead, database
):
    path = f"{V1}/assignments/{lead['id']}"
    later = (TODAY + timedelta(days=9), "reply")
    set_due(database, Assignment, lead["id"], LATE, Clock.REHANDLING, later)
    assert anonymous.get(path).get_json()["next_clock"] == "reply"
    assert callers["data"].get(path).get_json()["next_clock"] == "reply"
    for caller in ("industry", "supervisor"):
        assert callers[caller].get(path).get_json()["next_due_on"] == LATE.isoformat()
