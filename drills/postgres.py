"""A PostgreSQL of the drill's own, which syncs its files, and which can be killed."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

from drills.servers import PATIENCE, children, runs, tail, wait_until
from tests.database.postgres import ORDINARY_UID, as_ordinary_user, binaries

UNSYNCED = ("synchronous_commit=off", "wal_writer_delay=10s")
"""Settings under which PostgreSQL acknowledges what a kill makes it forget: a planted fault."""


@dataclass
class Postgres:
    """A server whose programs are in *programs* and whose data is in *home*."""

    programs: Path
    home: Path
    process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        """Return where its database ``postgres`` is."""
        return f"postgresql+psycopg://register@/postgres?host={self.home}"

    def start(self, settings: tuple[str, ...] = ()) -> None:
        """Start it, recovering if need be, and return as soon as it lets someone in."""
        quiet = ("listen_addresses=", "max_connections=60", "shared_buffers=64MB", "fsync=on")
        options = [word for setting in (*quiet, *settings) for word in ("-c", setting)]
        with (self.home / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [self.programs / "postgres", "-D", self.home / "data", "-k", self.home, *options],
                **{"stdout": log, "stderr": log, "cwd": self.home, **as_ordinary_user()},
                start_new_session=True,
            )
        wait_until(self.answers, f"PostgreSQL does not come up; its log is {self.home / 'log'}")

    def answers(self) -> bool:
        """Return whether it lets someone in; stop when it ended by itself."""
        if self.process is None or self.process.poll() is not None:
            raise RuntimeError(f"PostgreSQL ended by itself:\n{tail(self.home / 'log')}")
        with suppress(psycopg.OperationalError):
            psycopg.connect(host=str(self.home), user="register", dbname="postgres").close()
            return True
        return False

    def kill(self) -> None:
        """Kill every process of it at once, without warning; return when they are gone.

        Each process leads a group of its own, so the first one is held while the others are
        counted: it would start new ones in the place of those that are killed before it.
        """
        if self.process is None:
            return
        first, self.process = self.process, None
        with suppress(ProcessLookupError):
            first.send_signal(signal.SIGSTOP)
            others = children(first.pid)
            for number in (first.pid, *others):
                with suppress(ProcessLookupError):
                    os.kill(number, signal.SIGKILL)
            first.wait(PATIENCE)
            wait_until(lambda: not any(map(runs, others)), "a killed process is still there")


@contextmanager
def own_postgres() -> Iterator[Postgres | None]:
    """Give a running server, removed at the end; None where its programs cannot be found."""
    programs = binaries()
    if programs is None:
        yield None
        return
    home = Path(tempfile.mkdtemp(prefix="register-drill-pg-", dir="/tmp"))
    postgres = Postgres(programs, home)
    try:
        create(postgres)
        postgres.start()
        yield postgres
    finally:
        postgres.kill()
        shutil.rmtree(home, ignore_errors=True)


def create(postgres: Postgres) -> None:
    """Make an empty cluster."""
    account = as_ordinary_user()
    if account:
        shutil.chown(postgres.home, ORDINARY_UID, ORDINARY_UID)
    words = ["-D", postgres.home / "data", "-U", "register", "-A", "trust", "-E", "UTF8"]
    subprocess.run(
        [postgres.programs / "initdb", *words, "--locale=C", "--no-sync"],
        check=True,
        **{"stdout": subprocess.DEVNULL, "cwd": postgres.home, **account},
    )
