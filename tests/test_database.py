"""What the databases promise: durable, one writer at a time, retried when it makes sense."""

import threading
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, OperationalError

from app import create_app
from app.core.base import Moment
from app.core.codes import Axis, LeadStatus, Role
from app.core.config import Settings, read_settings
from app.core.engines import assert_durable, make_engine, make_file
from app.core.errors import Busy, OutcomeUnknown
from app.core.failures import is_passing
from app.models import Event, Recommendation
from app.register.people.queries.reference_data import ReferenceDataCache
from app.register.recommendations.services.recommendations import RecommendationTransition, move
from app.register.recommendations.services.reports import report
from app.register.tags.services.tags import create_tag
from tests.support.factories import INDUSTRY, differences, make_actor, organization, recommendation


def take_on(session):
    found = recommendation(session)
    found.lead_status = str(LeadStatus.TAKEN_ON)
    found.lead_office_id = organization(session, INDUSTRY).id


def test_many_writers_leave_no_gap_and_lose_nothing(real):
    real.write(take_on)
    start = real.read(lambda s: s.scalar(sa.select(sa.func.max(Event.sequence))))
    failures = []

    def work():
        for _ in range(5):
            try:
                real.write(
                    lambda s: report(
                        s,
                        make_actor(s, Role.OFFICE_EDITOR, office=INDUSTRY),
                        recommendation(s),
                        text="进展",
                    )
                )
            except Exception as error:
                failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    end = real.read(lambda s: s.scalar(sa.select(sa.func.max(Event.sequence))))
    assert end == start + 20
    assert real.examine(differences) == []
    assert real.read(lambda s: recommendation(s).version) == 1 + 1 + 20


def test_of_two_equal_steps_at_once_one_is_refused(real):
    real.write(take_on)
    outcomes = []

    def work():
        def step(session):
            actor = make_actor(session, Role.OFFICE_EDITOR, office=INDUSTRY)
            found = recommendation(session)
            move(
                session, actor, found, Axis.PROGRESS, "planned", grounds=RecommendationTransition()
            )

        try:
            real.write(step)
            outcomes.append("done")
        except Exception as error:
            outcomes.append(type(error).__name__)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["NotAllowedNow", "done"]


def test_nothing_is_half_written(real):
    def broken(session):
        take_on(session)
        actor = make_actor(session, Role.OFFICE_EDITOR, office=INDUSTRY)
        report(session, actor, recommendation(session), text="进展")
        raise RuntimeError("after the event")

    before = real.read(lambda s: s.scalar(sa.select(sa.func.max(Event.sequence))))
    with pytest.raises(RuntimeError):
        real.write(broken)
    assert real.read(lambda s: s.scalar(sa.select(sa.func.max(Event.sequence)))) == before
    assert real.read(lambda s: recommendation(s).lead_status) == "suggested"


class Failure(Exception):
    sqlstate = "40001"


def test_a_unit_that_fails_in_passing_is_run_again(database):
    tries = []

    def work(session):
        tries.append(1)
        if len(tries) < 3:
            raise DBAPIError("", {}, Failure())
        return "done"

    assert database.write(work) == "done"
    assert len(tries) == 3


def test_a_unit_that_never_succeeds_ends_busy(database):
    def work(session):
        raise DBAPIError("", {}, Failure())

    with pytest.raises(Busy):
        database.write(work)


def test_only_passing_failures_are_passing():
    assert is_passing(DBAPIError("", {}, Exception(), connection_invalidated=True))
    assert not is_passing(OperationalError("", {}, Exception("no such table")))


def test_a_commit_that_breaks_off_is_not_run_again(database, monkeypatch):
    from sqlalchemy.orm import Session

    def lost(self):
        raise DBAPIError("", {}, Exception(), connection_invalidated=True)

    monkeypatch.setattr(Session, "commit", lost)
    with pytest.raises(OutcomeUnknown):
        database.write(lambda session: None)


def test_a_tag_that_was_never_committed_is_not_remembered(database, monkeypatch):
    cache = ReferenceDataCache()

    def work(session):
        values = {"slug": "ghost", "name_zh": "幽灵", "name_en": "Ghost"}
        create_tag(
            session,
            make_actor(session, Role.REGISTRAR),
            {**values, "definition": "。", "synonyms": []},
        )
        assert cache.tag(session, "ghost")
        raise RuntimeError("before the commit")

    with pytest.raises(RuntimeError):
        database.write(work)
    assert database.read(lambda session: cache.tag(session, "ghost")) is None


def test_the_databases_are_durable(database):
    assert_durable(database.engine)


def test_a_database_that_forgets_is_refused(tmp_path):
    engine = make_engine(Settings(database_url=f"sqlite:///{tmp_path / 'x.db'}"))
    make_file(engine.url)

    @sa.event.listens_for(engine, "connect")
    def weaken(connection, record):
        connection.execute("PRAGMA synchronous=OFF")

    with pytest.raises(RuntimeError, match="synchronous"):
        assert_durable(engine)
    engine.dispose()


def test_another_driver_is_refused():
    with pytest.raises(ValueError, match="postgresql\\+psycopg"):
        make_engine(Settings(database_url="postgresql://localhost/x"))


def test_a_moment_without_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        Moment().process_bind_param(datetime(2026, 1, 1), None)


def test_moments_come_back_in_utc(session):
    found = session.scalar(sa.select(Recommendation.created_at).limit(1))
    assert found.tzinfo is UTC


def test_settings_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("PUBLIC_READING", "false")
    monkeypatch.setenv("TRUSTED_HOSTS", "a.example,b.example")
    found = read_settings(pool_size=2)
    assert (found.public_reading, found.trusted_hosts, found.pool_size) == (
        False,
        ("a.example", "b.example"),
        2,
    )


def test_settings_that_cannot_be_read_are_named(monkeypatch):
    monkeypatch.setenv("POOL_SIZE", "many")
    monkeypatch.setenv("PUBLIC_READING", "perhaps")
    with pytest.raises(Exception, match=r"POOL_SIZE[\s\S]*PUBLIC_READING|PUBLIC_READING"):
        read_settings()


def test_the_application_starts_without_a_database():
    assert create_app(Settings(database_url="sqlite://")).url_map


def test_a_lock_that_is_held_too_long_is_a_busy_register(served, real):
    """Whoever waits for another writer longer than LOCK_TIMEOUT is told so, and nothing is lost."""
    _, editor, path = served
    settings = Settings(database_url=str(real.engine.url.render_as_string(False)), lock_timeout=1)
    impatient = type(real)(settings)
    with real.writing(), pytest.raises(Busy):
        impatient.write(lambda session: None)
    impatient.write(lambda session: None)
    impatient.engine.dispose()
    assert editor.post(path, {"text": "之后"}).status_code == 201
