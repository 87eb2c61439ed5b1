"""Who makes a database, how many at once, and who can read it."""

import os
import stat
import subprocess
import sys

import pytest

from app import create_app
from app.core.config import ROOT, Settings
from app.core.database import Database
from app.core.engines import open_to_others
from app.core.migrating import upgrade
from app.models import Readiness
from tests.database.empty import empty_database, tables
from tests.database.templates import KINDS

pytestmark = pytest.mark.long


def environment(url, folder, **more):
    own = {
        "DATABASE_URL": url,
        "AUDIT_KEY": str(folder / "audit-key"),
        "FILES_URL": str(folder / "files"),
    }
    return os.environ | own | more


def flask(words, **settings):
    """Begin a command of the program as a process of its own."""
    quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
    return subprocess.Popen(command, cwd=ROOT, env=environment(**settings), **quiet)


def ended(process):
    """Return the exit status of a process and all that it said."""
    said, complained = process.communicate(timeout=300)
    return process.returncode, said + complained


@pytest.mark.parametrize("kind", KINDS)
def test_of_two_that_migrate_at_once_one_waits_and_finds_nothing_to_do(
    kind, request, tmp_path, worker_id
):
    with empty_database(kind, request, tmp_path, worker_id) as engine:
        if kind == "sqlite":
            (tmp_path / "empty.db").unlink()
        url = engine.url.render_as_string(hide_password=False)
        both = [flask(["migrate"], url=url, folder=tmp_path) for _ in range(2)]
        results = [ended(process) for process in both]
        for status, told in results:
            assert status == 0, told
            assert "Traceback" not in told
            assert "newest revision" in told
        assert sum("made the key" in told for _, told in results) == 1
        assert ("heads", "event_at") in tables(engine)
        assert ended(flask(["verify"], url=url, folder=tmp_path))[0] == 0


READING = [
    ("verify",),
    ("audit", "verify"),
    ("audit", "checkpoint"),
    ("files", "check"),
    ("seed", "check"),
    ("seed", "load", "--quiet"),
    ("approval", "list"),
    ("tick",),
    ("demo-keys", "keys.txt"),
]


def is_told(told):
    """Check that a command said what is missing, and what to do."""
    assert "there is no database at" in told
    assert "run `flask migrate` first" in told
    assert "Traceback" not in told


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_no_command_but_migrate_makes_a_database(tmp_path, words):
    url = f"sqlite:///{tmp_path / 'gone' / 'register.db'}"
    app = create_app(
        Settings(database_url=url, audit_key=tmp_path / "key", files_url=str(tmp_path))
    )
    result = app.test_cli_runner().invoke(args=list(words))
    assert result.exit_code == 1
    is_told(result.output)
    assert list(tmp_path.iterdir()) == []


def test_the_program_that_a_server_imports_makes_no_database(tmp_path):
    url = f"sqlite:///{tmp_path / 'register.db'}"
    status, told = ended(flask(["verify"], url=url, folder=tmp_path))
    assert status == 1
    is_told(told)
    assert list(tmp_path.iterdir()) == []


def modes(folder):
    """Return the modes of the files in *folder*."""
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


def test_a_database_and_what_lies_beside_it_is_readable_by_its_owner_only(tmp_path):
    database = Database(Settings(database_url=f"sqlite:///{tmp_path / 'register.db'}"))
    before = os.umask(0)
    try:
        upgrade(database.engine)
        database.count(lambda session: session.get_one(Readiness, 1))
        names = ("register.db", "register.db-wal", "register.db-shm")
        assert modes(tmp_path) == dict.fromkeys(names, 0o600)
    finally:
        os.umask(before)
        database.engine.dispose()


def test_migrate_closes_what_others_could_read(tmp_path):
    url = f"sqlite:///{tmp_path / 'register.db'}"
    own = {"url": url, "folder": tmp_path}
    assert ended(flask(["migrate"], **own))[0] == 0
    (tmp_path / "register.db").chmod(0o644)
    (tmp_path / "files").mkdir()
    (tmp_path / "files").chmod(0o755)
    status, told = ended(flask(["migrate"], **own))
    assert status == 0
    assert f"closed {tmp_path / 'register.db'}" in told
    assert f"closed {tmp_path / 'files'}" in told
    assert (modes(tmp_path)["register.db"], modes(tmp_path)["files"]) == (0o600, 0o700)
    assert "closed" not in ended(flask(["migrate"], **own))[1]


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_database_that_others_can_read_is_told(real, tmp_path):
    (tmp_path / "real.db").chmod(0o640)
    assert open_to_others(real.engine.url) == [tmp_path / "real.db"]
    (tmp_path / "real.db").chmod(0o600)
    assert open_to_others(real.engine.url) == []
