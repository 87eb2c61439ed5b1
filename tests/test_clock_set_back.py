"""A clock that was set back: events are never dated before the last one."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from app.core import clock as the_clock
from app.core.base import Head
from app.core.clock import system_clock
from app.http.readiness import faults_of
from app.models import Event, ProgressReport
from tests.support.factories import everything, make_actor, organization, recommendation


@pytest.fixture
def clock(monkeypatch):
    """Give what sets the clock so many minutes from the true time."""
    monkeypatch.setitem(the_clock.QUIET, "until", 0.0)

    def set_to(minutes):
        moved = timedelta(minutes=minutes)
        monkeypatch.setattr("app.core.clock.clock", lambda: system_clock() + moved)

    return set_to


def last_events(real, number):
    """Return the moments of the last events, oldest first."""
    statement = sa.select(Event.at).order_by(Event.sequence.desc()).limit(number)
    return real.read(lambda session: list(session.scalars(statement)))[::-1]


def test_an_event_waits_at_the_last_one_while_the_clock_is_behind_it(served, real, clock, caplog):
    _, editor, path = served
    [last] = last_events(real, 1)
    clock(-3)
    caplog.clear()
    for _ in range(3):
        assert editor.post(path, {"text": "进展"}).status_code == 201
    assert last_events(real, 3) == [last] * 3
    report = sa.select(ProgressReport.reported_at).order_by(ProgressReport.id.desc()).limit(1)
    assert real.read(lambda session: session.scalar(report)) == last
    lines = [r.getMessage() for r in caplog.records if "the clock was set back" in r.getMessage()]
    assert len(lines) == 1
    assert "behind the last event" in lines[0]
    clock(0)
    editor.post(path, {"text": "进展"})
    assert last_events(real, 1)[0] > last
    assert real.examine(everything) == []


def test_nothing_is_written_while_the_clock_is_far_behind(served, real, clock):
    _, editor, path = served
    before = real.read(lambda session: session.get_one(Head, 1).sequence)
    clock(-6)
    answer = editor.post(path, {"text": "进展"})
    problem = answer.get_json()
    assert answer.status_code == 503
    assert "Retry-After" in answer.headers
    assert problem["type"] == "/problems/clock-set-back"
    assert "The clock of the machine says" in problem["detail"]
    assert list(faults_of(real)) == ["clock"]
    assert editor.get("/api/v1/recommendations").status_code == 200
    assert real.read(lambda session: session.get_one(Head, 1).sequence) == before
    clock(0)
    assert editor.post(path, {"text": "进展"}).status_code == 201
    assert faults_of(real) == {}


def test_events_of_one_transaction_never_go_back_in_time(real, clock):
    from app.register.recommendations.services.recommendation_offices import assign
    from app.register.tags.services.tags import edit_tag, read_vocabulary
    from tests.support.factories import INDUSTRY, Role

    def work(session):
        registrar = make_actor(session, Role.REGISTRAR)
        tag = read_vocabulary(session)["metaverse"]
        edit_tag(session, registrar, tag, {"definition": "一"})
        clock(-2)
        edit_tag(session, registrar, tag, {"definition": "二"})
        assign(session, registrar, recommendation(session), organization(session, INDUSTRY), "lead")

    real.write(work)
    moments = last_events(real, 3)
    assert moments == sorted(moments)
    assert real.examine(everything) == []


def test_a_register_without_events_begins_at_any_moment(real, clock):
    def forget(session):
        session.get_one(Head, 1).event_at = None

    real.write(forget)
    clock(-60 * 24 * 365)
    assert real.write(lambda session: the_clock.utcnow()) < system_clock()


def test_a_head_with_another_moment_than_the_last_event_is_found(real):
    real.write(lambda s: setattr(s.get_one(Head, 1), "event_at", datetime.now().astimezone()))
    assert "moment of the last event" in " ".join(real.examine(everything))
