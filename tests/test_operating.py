"""What whoever operates the register meets: mistakes refused in a sentence, faults told."""

import hashlib
import json
import logging
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import click
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from app import create_app
from app.audit.rules.chain import digest_of
from app.audit.signing import make_signer
from app.commands import worker
from app.commands.calendars import checked
from app.core.clock import utcnow
from app.core.codes import AssignmentRole, Role
from app.core.config import ROOT, Settings, read_settings
from app.handling.assignments.services.calendars import load_calendar
from app.handling.assignments.services.context import Work
from app.handling.assignments.services.dispatch import DispatchInput, dispatch
from app.models import AccessKey, CalendarEdition, Checkpoint, Event, Principal, Proposal, Task
from app.register.people.queries.reference_data import read_book
from app.seeding.files import read_seeds
from app.seeding.loader import load_seeds
from app.seeding.papers import read_calendar
from tests.conftest import FILES
from tests.support.commands import WHO, refused
from tests.support.factories import INDUSTRY, OPERATOR, everything, make_actor, organization

pytestmark = [pytest.mark.share, pytest.mark.one_database]

NEXT = """
year = 2027
[[editions]]
edition = 1
paper = "国办发明电〔2026〕0号"
rest = [{ from = 2027-01-01, to = 2027-01-05, holiday = "元旦" }]
work = [{ on = 2027-01-09, holiday = "元旦" }]
"""


@pytest.fixture
def settings(real, tmp_path):
    """Give the settings of a register whose commits are real, with its key of the audit."""
    make_signer(tmp_path / "audit-key")
    url = real.engine.url.render_as_string(hide_password=False)
    return Settings(database_url=url, audit_key=tmp_path / "audit-key", files_url=FILES)


@pytest.fixture
def operate(settings):
    """Give what runs a command, with other settings where some are named."""
    apps = []

    def run(*words, **others):
        app = create_app(replace(settings, **others))
        apps.append(app)
        result = app.test_cli_runner().invoke(args=list(words))
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    yield run
    for app in apps:
        app.extensions["database"].engine.dispose()


@pytest.fixture
def calendar(tmp_path):
    """Give a calendar of a year that is not loaded."""
    path = tmp_path / "2027.toml"
    path.write_text(NEXT, encoding="utf-8")
    return path


# -- calendars


def dispatched(session):
    """Return the id of an assignment whose window to object reaches into 2027."""
    work = Work(session, read_book(session), date(2026, 12, 28))
    office = DispatchInput(organization(session, INDUSTRY), AssignmentRole.LEAD, work.today)
    proposal = session.scalars(sa.select(Proposal).order_by(Proposal.id)).first()
    return dispatch(make_actor(session, Role.DISPATCHER), proposal, office, work).id


def window(session, number):
    """Return the end of the window to object, and whether it may still move."""
    own = sa.select(Task).where(Task.assignment_id == number, Task.kind == "objection")
    task = session.scalars(own.execution_options(populate_existing=True)).one()
    return task.due_on, task.is_provisional


def test_a_calendar_among_the_seeds_moves_the_dates_that_wait(session, calendar):
    number = dispatched(session)
    assert window(session, number) == (date(2027, 1, 11), True)
    seeds = read_seeds(ROOT / "seeds")
    seeds.papers["calendars"] += read_calendar(calendar)
    assert load_seeds(session, seeds, lambda: None).created == {"calendar": 1}
    assert window(session, number) == (date(2027, 1, 13), False)
    assert everything(session) == []
    events = sa.select(sa.func.count()).select_from(Event)
    before = session.scalar(events)
    assert not load_seeds(session, seeds, lambda: None).created
    assert session.scalar(events) == before


def test_loading_a_calendar_again_mends_the_dates_that_wait(session, calendar):
    number, editions = dispatched(session), read_calendar(calendar)
    session.add(CalendarEdition(**editions[0]))
    session.flush()
    added, moved = load_calendar(session, OPERATOR, editions, "修复")
    assert (added, moved[0].after) == ([], date(2027, 1, 13))
    assert window(session, number) == (date(2027, 1, 13), False)
    assert load_calendar(session, OPERATOR, editions, "修复") == ([], [])


REST = 'rest = [{ from = 2027-01-01, to = 2027-01-05, holiday = "元旦" }]'
WRONG = {
    "an unknown key": ("rest =", "rests = []\nrest =", "editions[1].rests"),
    "an unknown key of a day": ("work = [{ on", 'work = [{ why = "", on', "work[1].why"),
    "no days off": (REST, "rest = []", "editions[1].rest"),
    "no list of days off": (REST, "", "editions[1].rest"),
    "an empty paper": ("国办发明电〔2026〕0号", " ", "editions[1].paper"),
    "a paper of its own kind": ('paper = "国', 'paper = 7 # "', "editions[1].paper"),
    "no year": ("year = 2027", "", "year"),
    "a year long ago": ("year = 2027", "year = 27", "year"),
    "a truth for a number": ("edition = 1", "edition = true", "editions[1].edition"),
    "edition nought": ("edition = 1", "edition = 0", "edition"),
    "text for a day": ("to = 2027-01-05", 'to = "2027-01-05"', "rest[1].to"),
    "no holiday": (', holiday = "元旦" }]\nwork', " }]\nwork", "rest[1].holiday"),
    "a day of another year": ("from = 2027-01-01", "from = 2026-12-31", "2026-12-31"),
    "spans that overlap": (
        "rest = [",
        'rest = [{ from = 2027-01-05, to = 2027-01-06, holiday = "x" }, ',
        "rest: 时段重叠",
    ),
    "a worked day twice": (
        "work = [",
        'work = [{ on = 2027-01-09, holiday = "x" }, ',
        "work: 重复",
    ),
    "a list of nothing": (REST, "rest = [1]", "rest[1]"),
    "no TOML": ("year =", "year", "TOML"),
    "no day of the year": ("to = 2027-01-05", "to = 2027-02-30", "TOML"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_calendar_with_a_mistake_is_refused_with_its_key(calendar, name):
    before, after, told = WRONG[name]
    assert before in NEXT
    calendar.write_text(NEXT.replace(before, after), encoding="utf-8")
    with pytest.raises(click.ClickException) as caught:
        checked(calendar)
    assert "2027.toml" in caught.value.message
    assert told in caught.value.message


def test_a_calendar_in_another_encoding_is_refused(calendar):
    calendar.write_bytes(NEXT.encode("gb18030"))
    with pytest.raises(click.ClickException, match="UTF-8"):
        checked(calendar)


def test_editions_follow_one_another_and_are_never_rewritten(operate, calendar):
    def load(*change):
        calendar.write_text(NEXT.replace(*change), encoding="utf-8")
        return operate("calendar", "load", str(calendar), *WHO)

    assert "next edition of 2027 is 1" in refused(load("edition = 1", "edition = 2"))
    assert "added: 2027@1" in load("年", "年").output
    assert "added: nothing" in load("年", "年").output
    told = refused(load("to = 2027-01-05", "to = 2027-01-04"))
    assert "2027 edition 1 is there with other days; an amendment is edition 2" in told
    assert "edition 1 is there" in refused(load("0号", "1号"))
    assert "next edition of 2027 is 2, not 3" in refused(load("edition = 1", "edition = 3"))
    assert "added: 2027@2" in load("edition = 1", "edition = 2").output


def test_only_days_that_moved_are_listed_when_a_calendar_is_loaded(operate, calendar, real):
    def load(*change):
        calendar.write_text(NEXT.replace(*change), encoding="utf-8")
        return operate("calendar", "load", str(calendar), *WHO).output.splitlines()

    real.write(dispatched)
    later = load("to = 2027-01-05", "to = 2027-01-01")
    assert later == [
        "added: 2027@1", "0 due dates are other ones now", "2 stay on their day, by this calendar",
    ]  # fmt: skip
    added, moved, number = load("edition = 1", "edition = 2")
    assert (added, number) == ("added: 2027@2", "1 due dates are other ones now")
    assert moved.endswith(" objection: 2027-01-11 → 2027-01-13")
    assert operate("verify").exit_code == 0
    assert load("edition = 1", "edition = 2") == [
        "added: nothing",
        "0 due dates are other ones now",
    ]


# -- reminders


def test_a_day_that_has_not_come_fires_nothing(operate, monkeypatch):
    told = refused(operate("tick", "--on", "2126-01-01"))
    assert "2126-01-01 has not come" in told
    assert operate("tick", "--on", "2026-01-01").exit_code == 0
    night = (utcnow() + timedelta(days=1)).replace(hour=17)  # in China the next day has begun
    monkeypatch.setattr("app.core.clock.clock", lambda: night)
    tomorrow = (night + timedelta(days=1)).date().isoformat()
    assert operate("tick", "--on", tomorrow).exit_code == 0
    assert "has not come" in refused(operate("tick", "--on", tomorrow, time_zone="UTC"))


def test_a_worker_outlives_a_restart_of_the_database(operate, monkeypatch, caplog):
    answers = [OperationalError("SELECT 1\n", {}, Exception("server closed\nit")), (0, 0)]

    def one_pass():
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(worker, "one_pass", one_pass)
    done = operate("worker", "--every", "1", "--passes", "2")
    assert done.exit_code == 0
    assert done.output.endswith("0 clocks fired, 0 notices\n")
    [line] = [r.getMessage() for r in caplog.records if r.name == worker.__name__]
    assert "server closed" in line
    assert "\n" not in line


# -- accounts


def administrators(real, change):
    """Do *change* to the key of the only security administrator."""

    def work(session):
        for row in session.scalars(sa.select(AccessKey)):
            change(row)

    real.write(work)


def test_an_administrator_whose_key_has_ended_is_replaced(operate, real):
    words = ("admin", "create", "--name", "安全管理员", *WHO)
    first = operate(*words)
    assert first.stdout.startswith("prk_")
    assert first.stdout.count("\n") == 1
    assert first.stderr == "account 1\n"
    assert "one already" in refused(operate(*words))
    assert "revoked" in operate("key", "revoke", first.stdout[:14], *WHO).output
    assert operate(*words).stderr == "account 2\n"
    assert "one already" in refused(operate(*words))
    past = utcnow() - timedelta(days=1)
    administrators(real, lambda row: setattr(row, "expires_at", past))
    assert operate(*words).stderr == "account 3\n"


def test_a_person_counts_as_administrator_where_there_is_a_provider(operate, real):
    words = ("admin", "create", "--name", "安全管理员", *WHO)
    key = operate(*words).stdout
    operate("key", "revoke", key[:14], *WHO)
    issuer = "https://id.example"

    def known(session):
        session.get_one(Principal, 1).subject = f"{issuer}|one"

    real.write(known)
    provider = {"oidc_issuer": issuer, "oidc_jwks": "/keys.json", "oidc_audience": "register"}
    assert "one already" in refused(operate(*words, **provider))
    other = provider | {"oidc_issuer": "https://other.example"}
    assert operate(*words, **other).exit_code == 0


def test_a_key_comes_with_the_number_of_its_account(operate):
    made = operate("key", "add", "--name", "集成", "--role", "reader", *WHO)
    assert made.stdout.startswith("prk_")
    assert made.stderr == "account 1\n"
    asked = operate("key", "add", "--name", "写", "--role", "registrar", "--scope", "write", *WHO)
    assert asked.stderr == "account 2\n"


@pytest.mark.parametrize("blank", [("--as", " ", "--reason", "x"), ("--as", "x", "--reason", "")])
def test_nobody_operates_without_a_name_and_a_reason(operate, blank):
    result = operate("key", "add", "--name", "集成", "--role", "reader", *blank)
    assert result.exit_code == 2
    assert "must not be empty" in result.stderr
    assert operate("seed", "load", "--quiet", *blank).exit_code == 2


# -- the key of the audit, and what is kept outside


def test_a_register_without_its_key_is_not_ready_and_says_why(settings, tmp_path, caplog):
    lost = replace(settings, audit_key=tmp_path / "lost")
    for one, status in ((settings, 200), (lost, 503)):
        caplog.clear()
        app = create_app(one)
        answer = app.test_client().get("/readyz", headers={"Accept-Language": "en"})
        timer = app.extensions["checkpointing"].timer
        if timer is not None:  # the first request plans a checkpoint in a minute
            timer.cancel()
        app.extensions["database"].engine.dispose()
        assert answer.status_code == status
        assert (str(tmp_path / "lost") in caplog.text) == (status == 503)
    [error] = answer.get_json()["errors"]
    assert error["field"] == "audit_key"
    assert "not signed" in error["message"]


def test_a_signed_register_gets_no_other_key(operate, tmp_path):
    operate("key", "add", "--name", "集成", "--role", "reader", *WHO)
    assert "restore that file" in refused(operate("migrate", audit_key=tmp_path / "lost"))
    assert not (tmp_path / "lost").exists()
    assert operate("migrate").exit_code == 0


def test_what_a_command_writes_unsigned_is_told(operate, tmp_path, caplog):
    operate("approval", "list", audit_key=tmp_path / "lost")
    assert "nothing is signed" in caplog.text
    caplog.clear()
    operate("approval", "list")
    assert "nothing is signed" not in caplog.text


def test_a_checkpoint_that_is_not_written_outside_fails_and_is_caught_up(operate, tmp_path, real):
    outside = tmp_path / "away" / "outside.jsonl"
    made = operate(
        "key", "add", "--name", "集成", "--role", "reader", *WHO, checkpoints_file=outside
    )
    assert made.exit_code == 0
    sign = ("audit", "checkpoint")
    assert "were not written outside" in refused(operate(*sign, checkpoints_file=outside))
    outside.parent.mkdir()
    assert operate(*sign, checkpoints_file=outside).exit_code == 0
    written = outside.read_text()
    assert [json.loads(line)["sequence"] for line in written.splitlines()] == signed(real)
    assert operate(*sign, checkpoints_file=outside).exit_code == 0
    assert outside.read_text() == written
    check = ("audit", "verify", "--checkpoints", str(outside))
    assert operate(*check).exit_code == 0
    outside.write_text(f"{written}nonsense\n")
    assert "line 2" in refused(operate(*check))
    assert "is no checkpoint" in refused(operate(*sign, checkpoints_file=outside))


def signed(real):
    """Return the events up to which checkpoints go."""
    rows = sa.select(Checkpoint.sequence).order_by(Checkpoint.sequence)
    return real.read(lambda session: list(session.scalars(rows)))


def test_a_bundle_is_exported_whole_or_not_at_all(operate, tmp_path):
    folder = tmp_path / "bundle"
    lost = {"audit_key": tmp_path / "lost"}
    export = ("audit", "export", str(folder))
    assert "there is no key of the audit" in operate(*export, **lost).stderr
    assert not folder.exists()
    done = operate(*export)
    assert hashlib.sha256((folder / "check.py").read_bytes()).hexdigest() in done.output
    assert digest_of(folder / "check.py") in done.output
    assert "is there" in refused(operate(*export))


def test_a_bundle_that_breaks_off_leaves_no_folder(operate, tmp_path, monkeypatch):
    def full(*words):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("app.commands.audit.write_lines", full)
    assert "No space left" in refused(operate("audit", "export", str(tmp_path / "bundle")))
    assert not (tmp_path / "bundle").exists()


def test_a_public_key_may_be_written_in_upper_case(operate):
    operate("key", "add", "--name", "集成", "--role", "reader", *WHO)
    public = operate("audit", "key").stdout.strip()
    assert operate("audit", "verify", "--public-key", public.upper()).exit_code == 0
    assert operate("audit", "verify", "--public-key", "ab" * 32).exit_code == 1


# -- settings


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("TIME_ZONE", "Mars/Olympus", "no time zone Mars/Olympus"),
        ("TIME_ZONE", "../passwd", "no time zone"),
        ("LOG_LEVEL", "loud", "no log level loud"),
        ("KEY_RATE", "-1", "must be 0 or more"),
        ("PROXY_HOPS", "-1", "must be 0 or more"),
        ("POOL_SIZE", "0", "must be 1 or more"),
        ("KEY_BURST", "-5", "must be 1 or more"),
        ("MAX_BODY_BYTES", "0", "must be 1 or more"),
        ("LOCK_TIMEOUT", "0", "must be from 1"),
        ("CHECKPOINT_SECONDS", "99999999999", "must be from 1"),
        ("AUDIT_KEY", str(ROOT), "cannot be read"),
        ("OIDC_CLIENT_ID", "register", "needs OIDC_ISSUER"),
        ("OIDC_CLIENT_SECRET", str(ROOT), "cannot be read"),
        ("OIDC_TOKEN", "http://login.example/token", "must be an https address"),
        ("OIDC_AUTHORIZATION", "login.example", "must be an https address"),
        ("OIDC_DISCOVERY", "http://login.example/x", "must be an https address"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(monkeypatch, name, value, told):
    monkeypatch.setenv(name, value)
    with pytest.raises(Exception, match=f"{name}.*{told}"):
        read_settings()


def test_an_identity_provider_is_named_by_its_settings(monkeypatch, tmp_path):
    secret = tmp_path / "client-secret"
    secret.write_text("s")
    secret.chmod(0o644)
    given = {
        "OIDC_ISSUER": "https://login.example",
        "OIDC_JWKS": "/etc/register/keys.json",
        "OIDC_CLIENT_ID": "register",
        "OIDC_CLIENT_SECRET": str(secret),
        "OIDC_DISCOVERY": "/etc/register/provider.json",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(Exception, match="chmod 600"):
        read_settings()
    secret.chmod(0o600)
    found = read_settings()
    assert found.oidc_client_secret == secret
    assert (found.oidc_client_id, found.oidc_discovery) == ("register", given["OIDC_DISCOVERY"])
    assert found.demo_keys is None
    monkeypatch.delenv("OIDC_DISCOVERY")
    with pytest.raises(Exception, match="OIDC_CLIENT_ID"):
        read_settings()
    monkeypatch.setenv("OIDC_AUTHORIZATION", "https://login.example/authorize")
    monkeypatch.setenv("OIDC_TOKEN", "http://127.0.0.1:9000/token")
    assert read_settings().oidc_token == "http://127.0.0.1:9000/token"


def test_an_empty_setting_names_no_file(monkeypatch):
    monkeypatch.setenv("CHECKPOINTS_FILE", "")
    assert read_settings().checkpoints_file is None
    monkeypatch.setenv("CHECKPOINTS_FILE", "/mnt/witness/checkpoints.jsonl")
    assert read_settings().checkpoints_file == Path("/mnt/witness/checkpoints.jsonl")


def test_the_level_of_the_log_may_be_written_in_lower_case(monkeypatch):
    monkeypatch.setenv("LOG_LEVEL", "info")
    assert logging.getLevelName(read_settings().log_level) == logging.INFO


# -- databases that are not as the program needs them


@pytest.mark.parametrize(
    ("revision", "told"),
    [("0001", "run `flask migrate` first"), ("0099", "is at 0099, newer than this program")],
)
def test_no_command_works_at_another_revision(operate, real, calendar, revision, told):
    with real.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :n"), {"n": revision})
    for words in (
        ("tick",),
        ("worker", "--passes", "1"),
        ("verify",),
        ("seed", "load", "--quiet"),
        ("seed", "check"),
        ("files", "check"),
        ("calendar", "load", str(calendar), *WHO),
        ("admin", "create", "--name", "x", *WHO),
    ):
        assert told in refused(operate(*words))
    if revision == "0099":
        assert told in refused(operate("migrate"))
    assert operate("audit", "key").exit_code == 0
    assert operate("seed", "check", "--files-only").exit_code == 0


def test_commands_before_the_first_migration_say_so(operate, tmp_path):
    new = {"database_url": f"sqlite:///{tmp_path / 'new.db'}", "audit_key": tmp_path / "own"}
    assert "run `flask migrate` first" in refused(operate("tick", **new))
    away = {**new, "database_url": f"sqlite:///{tmp_path / 'no' / 'new.db'}"}
    assert "run `flask migrate` first" in refused(operate("tick", **away))
    assert operate("migrate", **away).exit_code == 0
    assert operate("tick", **away).exit_code == 0


def test_a_database_that_does_not_answer_is_told_in_a_sentence(operate):
    nobody = {"database_url": "postgresql+psycopg://nobody@127.0.0.1:1/x"}
    for words in (("migrate",), ("tick",)):
        assert "does not answer" in refused(operate(*words, **nobody))
