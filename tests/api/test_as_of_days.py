"""Lists as of a past day: how records stood when it ended, against their events by plain Python."""

import json
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from unittest import mock
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.accounts.queries.visibility import ActorView
from app.core import clock
from app.core.codes import Outcome, Role
from app.models import Assignment, Commitment, Event, Proposal, Recommendation, StatePeriod
from app.register.periods.queries.period_drift import period_drift
from app.register.periods.queries.standing import stood
from app.register.periods.rules import Period
from app.register.periods.services import fill_periods, mend_periods
from app.register.recommendations.queries.recommendations import listed
from app.register.recommendations.services.recommendations import edit
from app.register.verification.queries import verification
from tests.database.plans import plan_of
from tests.support.casework import V1, took, whole
from tests.support.factories import (
    INDUSTRY,
    REGISTRAR,
    Caller,
    make_actor,
    make_caller,
    recommendation,
)
from tests.support.past_days import HERE, check_past

QUERIES = 6
"""How many random filters each viewer asks each list for."""

LISTS = {
    "recommendations": (
        Recommendation,
        {
            "progress": "progress",
            "acceptance": "acceptance",
            "specificity": "specificity",
            "office": "lead_office_id",
        },
    ),
    "proposals": (Proposal, {"handling_state": "handling_state"}),
    "assignments": (Assignment, {"state": "state", "office": "office_id"}),
    "commitments": (Commitment, {"state": "state", "office": "office_id"}),
}
"""List → its model, and its filters on what periods keep, each with the column of today."""

EMPTY = {"specificity": "concrete"}

P = StatePeriod
PERIODS = sa.select(P.record_type, P.record_id, *(getattr(P, name) for name in Period._fields))
PERIODS = PERIODS.order_by(P.record_type, P.record_id, P.axis, P.from_at)


def pages(caller, path, **query):
    """Return every item of a list, and check that the total is their number on each page."""
    found, cursor = [], None
    while True:
        asked = urlencode({"limit": 40, "with_total": "true", **query}, doseq=True)
        shown = took(caller.get(f"{V1}/{path}?{asked}{f'&cursor={cursor}' if cursor else ''}"))
        found, cursor = [*found, *shown["items"]], shown["next"]
        if cursor is None:
            assert shown["total"] == len(found)
            return found


def told(database, model, columns):
    """Return for each record of *model* its columns of today, and its events with their changes."""

    def work(session):
        shown = [getattr(model, name) for name in columns]
        now = {row.id: row for row in session.execute(sa.select(model.id, *shown))}
        kind = model.__name__.lower()
        own = (Event.record_type == kind, Event.outcome == Outcome.DONE)
        rows = sa.select(Event.record_id, Event.at, Event.changes).where(*own)
        events = {number: [] for number in now}
        for number, at, changes in session.execute(rows.order_by(Event.sequence)):
            events[number].append((at, json.loads(changes)))
        return now, events

    return database.read(work)


def as_it_was(now, events, column, moment):
    """Return what *column* held before *moment*: what the next change of it changed it from."""
    later = [c[column][0] for at, c in events if at >= moment and column in c]
    return later[0] if later else getattr(now, column)


def end_of(day):
    return datetime(day.year, day.month, day.day, tzinfo=HERE) + timedelta(1)


def slugs(database):
    rows = sa.text("SELECT id, slug FROM organizations")
    return {row.id: row.slug for row in database.read(lambda s: s.execute(rows).all())}


def everything_seen(caller, name):
    """Return the numbers of all that *caller* sees of a list today."""
    ways = ({"ended": "false"}, {"ended": "true"}) if name == "recommendations" else ({},)
    return {item["id"] for way in ways for item in pages(caller, name, limit=200, **way)}


def expected(now, events, seen, wanted, moment):
    """Return the numbers of what was there, and stood as *wanted* says: column → values."""
    return {
        number
        for number in seen
        if events[number][0][0] < moment
        and all(
            (str(as_it_was(now[number], events[number], column, moment) or empty)) in values
            for column, (values, empty) in wanted.items()
        )
    }


@pytest.mark.parametrize("name", LISTS)
def test_a_list_as_of_a_day_is_what_the_events_say_for_everybody(lived, database, name):
    viewers, days = lived
    model, filters = LISTS[name]
    columns = {*filters.values()} | ({"ended_as"} if name == "recommendations" else set())
    now, events = told(database, model, columns)
    called = slugs(database)
    chance = random.Random(f"{name} as of days")
    found = Counter()
    for who, caller in viewers.items():
        if name == "assignments" and who == "anyone":
            continue
        seen = everything_seen(caller, name)
        for _ in range(QUERIES):
            day = chance.choice(chance.choice((days[:3], days)))
            query, wanted = asked_at_random(chance, filters, now, called)
            if name == "recommendations":
                ended = chance.choice((False, False, True))
                query["ended"] = str(ended).lower()
                wanted["ended_as"] = ({"withdrawn"} if ended else {""}, "")
            rows = pages(caller, name, as_of=day, sort=chance.choice(("id", "-id")), **query)
            right = expected(now, events, seen, wanted, end_of(day))
            assert sorted(row["id"] for row in rows) == sorted(right), (who, day, query)
            for row in rows:
                found[check_shown(row, now, events, filters, end_of(day))] += 1
    assert found[False] > 0
    assert found[True] > 0 or name == "proposals"


def asked_at_random(chance, filters, now, called):
    """Return a query of some filters, and by column which values it leaves, and what is empty."""
    query, wanted = {}, {}
    for one in chance.sample(sorted(filters), chance.randint(0, min(2, len(filters)))):
        column, empty = filters[one], EMPTY.get(one, "")
        values = sorted({str(getattr(row, column) or empty) for row in now.values()} - {""})
        taken = chance.sample(values, min(len(values), chance.randint(1, 2)))
        wanted[column] = (set(taken), empty)
        query[one] = [called[int(value)] for value in taken] if one == "office" else taken
        if one == "office" and "progress" in filters:
            query["part"] = "lead"
    return query, wanted


def check_shown(row, now, events, filters, moment):
    """Check that a row shows its states as they stood; return whether one is another today."""
    differs = False
    for name in filters.keys() - {"office"}:
        was = as_it_was(now[row["id"]], events[row["id"]], name, moment)
        assert row[name] == str(was or EMPTY.get(name)), (name, row["reference"])
        differs = differs or str(was) != str(getattr(now[row["id"]], name))
    return differs


def test_the_periods_are_those_of_the_history_whatever_happened(lived, database):
    whole(database)
    kept = database.read(lambda session: session.execute(PERIODS).all())
    assert all(row.until_at is None or row.from_at < row.until_at for row in kept)

    def anew(session):
        session.execute(sa.delete(StatePeriod))
        with mock.patch("app.register.periods.queries.period_drift.MANY", 7):
            number = fill_periods(session)
        return number, fill_periods(session), session.execute(PERIODS).all()

    number, again, filled = database.write(anew)
    assert number == len({(row.record_type, row.record_id) for row in kept})
    assert again == 0
    assert sorted(filled, key=str) == sorted(kept, key=str)


@pytest.mark.parametrize("query", ["", "&specificity=directional&specificity=concrete"])
def test_the_months_of_a_tag_lead_to_their_lists_whatever_happened(
    lived, client, database, frozen, query
):
    frozen(days=35)
    supervisor = make_caller(client, database, Role.SUPERVISOR)
    stages = set()
    for caller in (Caller(client), supervisor):
        shown = took(caller.get(f"{V1}/tags/artificial-intelligence/progress?months=3{query}"))
        check_past(caller, shown["over_time"])
        stages |= {str(sorted(point["progress"].items())) for point in shown["over_time"]}
    assert len(stages) > 2


def test_seeds_bring_their_periods(session):
    kept = session.execute(PERIODS).all()
    assert {row.record_type for row in kept} == {"proposal", "recommendation"}
    session.execute(sa.delete(StatePeriod))
    fill_periods(session)
    assert sorted(session.execute(PERIODS).all(), key=str) == sorted(kept, key=str)


def test_what_is_corrected_at_the_same_moment_never_stood(session, monkeypatch):
    at = clock.utcnow() + timedelta(1)
    monkeypatch.setattr(clock, "clock", lambda: at)
    staff, record = make_actor(session, Role.REGISTRAR), recommendation(session)
    own = PERIODS.where(
        StatePeriod.record_id == record.id,
        StatePeriod.record_type == "recommendation",
        StatePeriod.axis == "specificity",
    )
    [before] = session.execute(own).all()
    for value in ("directional", "concrete"):
        edit(session, staff, record, {"specificity": value})
    assert session.execute(own).all() == [before]
    edit(session, staff, record, {"specificity": "directional"})
    [former, now] = session.execute(own).all()
    assert (former.until_at, now.from_at, now.until_at) == (at, at, None)
    assert list(period_drift(session)) == []


SPOILT = {
    "missing": sa.delete(P).where(P.axis == "acceptance"),
    "state": sa.update(P).where(P.axis == "progress").values(state="verified"),
    "office": sa.update(P).where(P.record_type == "recommendation").values(office_id=None),
    "from": sa.update(P).values(from_at=datetime(2020, 1, 1, tzinfo=UTC)),
    "until": sa.update(P).values(until_at=datetime(2030, 1, 1, tzinfo=UTC)),
    "record": sa.update(P).values(record_id=P.record_id + 1_000_000),
    "kind": sa.update(P).where(P.record_type == "proposal").values(record_type="tag"),
    "axis": sa.update(P).where(P.axis == "handling").values(axis="colour"),
}


@pytest.mark.parametrize("what", SPOILT)
def test_verify_finds_periods_that_disagree_and_they_are_written_anew(session, what):
    before = session.execute(PERIODS).all()
    assert list(period_drift(session)) == []
    session.execute(SPOILT[what])
    found = list(period_drift(session))
    assert found != []
    assert verification.index_differences(session) == found
    assert mend_periods(session) == found
    assert list(period_drift(session)) == []
    assert sorted(session.execute(PERIODS).all(), key=str) == sorted(before, key=str)


def test_no_record_stands_twice_at_a_time(session):
    row = session.scalars(sa.select(StatePeriod).limit(1)).one()
    again = {c.key: getattr(row, c.key) for c in StatePeriod.__table__.c if c.key != "id"}
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(sa.insert(StatePeriod).values(**again))


NOT_KEPT = {
    "recommendations": (
        "overdue=true", "due_before=2026-01-01", "due_after=2026-01-01", "clock=reply",
        "reported=true", "lead_status=suggested", f"office={INDUSTRY}", "part=joint",
    ),
    "proposals": ("overdue=true", "due_before=2026-01-01", "due_after=2026-01-01",
                  f"office={INDUSTRY}"),
    "assignments": ("overdue=false", "due_before=2026-01-01", "due_after=2026-01-01",
                    "clock=reply", "answered=late"),
    "commitments": ("overdue=true", "due_before=2026-01-01", "due_after=2026-01-01",
                    "promised_before=2026-01-01", "promised_after=2026-01-01"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "query"), [(n, q) for n, own in NOT_KEPT.items() for q in own])
def test_what_is_not_kept_of_the_past_cannot_be_asked_of_a_day(client, database, name, query):
    caller = make_caller(client, database, *REGISTRAR)
    answer = caller.get(f"{V1}/{name}?as_of={datetime.now(HERE).date()}&{query}")
    assert answer.status_code == 422
    assert {error["field"] for error in answer.get_json()["errors"]} == {query.partition("=")[0]}
    assert caller.get(f"{V1}/{name}?{query}").status_code == 200


@pytest.mark.parametrize("name", LISTS)
def test_days_before_the_register_or_to_come_are_refused_with_the_first_one(client, database, name):
    caller = make_caller(client, database, *REGISTRAR)
    today = datetime.now(HERE).date()
    first = database.read(lambda s: s.scalar(sa.select(sa.func.min(Event.at)))).astimezone(HERE)
    for day in (today + timedelta(1), first.date() - timedelta(1)):
        answer = caller.get(f"{V1}/{name}?as_of={day}")
        assert answer.status_code == 422
        [error] = answer.get_json()["errors"]
        assert error["field"] == "as_of"
        assert str(first.date()) in error["message"]
    shown = took(caller.get(f"{V1}/{name}?as_of={today}"))
    assert shown["as_of"] == str(today)
    now = took(caller.get(f"{V1}/{name}"))
    assert now["as_of"] is None
    assert [item["id"] for item in now["items"]] == [item["id"] for item in shown["items"]]


def test_a_cursor_and_a_tag_belong_to_the_day(client):
    path, today = f"{V1}/recommendations?limit=2", datetime.now(HERE).date()
    now, then = client.get(path), client.get(f"{path}&as_of={today}")
    cursor = now.get_json()["next"]
    assert client.get(f"{path}&cursor={cursor}").status_code == 200
    assert client.get(f"{path}&as_of={today}&cursor={cursor}").status_code == 422
    known = {"If-None-Match": then.headers["ETag"]}
    assert client.get(f"{path}&as_of={today}", headers=known).status_code == 304


@pytest.mark.parametrize("name", ["progress_then", "lead_then"])
def test_a_page_of_a_past_day_looks_up_the_periods_of_each_record_it_passes(database, name):
    names = frozenset({"standing_then", name})
    values = {"page_rows": 51, name: ["planned"] if name == "progress_then" else [1]}
    rows = listed(ActorView(frozenset({"published"}), own=False), names, "-id", False)
    plan = plan_of(database, rows.params(values | {"moment": datetime.now(UTC)}))
    assert "ix_state_periods_record" in plan
    if database.engine.dialect.name == "sqlite":  # PostgreSQL knows how many rows there are
        assert "ix_state_periods_stood" not in plan
        assert plan.count("record_id=? AND axis=? AND from_at<?") == 6


def test_what_stood_at_a_moment_is_counted_in_one_index(database):
    moment = sa.literal(datetime.now(UTC), StatePeriod.from_at.type)
    if database.engine.dialect.name == "postgresql":
        pytest.skip("PostgreSQL knows how few rows there are, and takes either index")
    rows = stood("recommendation", "progress", moment=moment)
    for asked in (rows, rows.where(P.state == "planned"), rows.where(P.office_id == 1)):
        assert "COVERING INDEX ix_state_periods_stood" in plan_of(database, asked)
