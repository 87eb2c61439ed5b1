"""The register under gunicorn, as a process group that can be killed and started again."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.orm import Session

from app.audit.signing import make_signer, read_signer
from app.core.config import ROOT
from app.register.verification.queries import verification
from drills.clients import BROKEN, Client

PATIENCE = 60
"""Seconds after which a process that does not come up, or does not go, is a failure."""

OPTIONS = ("--workers", "2", "--keep-alive", "60")
"""What differs from gunicorn.conf.py, by which the register is served otherwise."""

ENVIRONMENT = {"KEY_RATE": "0", "LOG_LEVEL": "ERROR"}


@dataclass
class Server:
    """A gunicorn with two workers for the database at *url*; *program* is what it serves.

    Its log and the checkpoints it keeps outside are in *home*, its key of the audit beside it.
    """

    url: str
    home: Path
    program: str = "wsgi:app"
    port: int = field(default_factory=lambda: free_port())
    process: subprocess.Popen | None = None

    @property
    def log(self) -> Path:
        """Return where it writes what goes wrong."""
        return self.home / "log"

    @property
    def audit_key(self) -> Path:
        """Return where the key is; servers that follow one another in a folder have the same."""
        return self.home.parent / "audit-key"

    def environment(self) -> dict[str, str]:
        """Return its settings: a key of the audit, checkpoints outside, and no limit."""
        own = {
            "AUDIT_KEY": self.audit_key,
            "AUDIT_ANCHOR": self.home / "anchor",  # of this database: others have the same key
            "CHECKPOINTS_FILE": self.home / "checkpoints",
        }
        paths = {name: str(path) for name, path in own.items()}
        return os.environ | ENVIRONMENT | paths | {"DATABASE_URL": self.url}

    def verified(self, session: Session) -> list[str]:
        """Return everything that the register's own verification finds, with checkpoints."""
        signer = read_signer(self.audit_key)
        kept = self.home / "checkpoints"
        lines = kept.read_text().splitlines() if kept.exists() else []
        outside = [json.loads(line) for line in lines]
        known = signer.public_key if signer else None
        return [
            *verification.index_differences(session),
            *verification.history_differences(session, known, outside),
        ]

    def start(self) -> None:
        """Start the process group and return as soon as it is ready."""
        bind = ["--bind", f"127.0.0.1:{self.port}", "--log-file", str(self.log)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", *OPTIONS, *bind, self.program],
                cwd=ROOT,
                env=self.environment(),
                stderr=log,
                start_new_session=True,
            )
        wait_until(self.is_ready, f"the server is not ready; its log is {self.log}")

    def is_ready(self) -> bool:
        """Return whether /readyz answers 200; stop when the server ended by itself."""
        if self.process is None or self.process.poll() is not None:
            raise RuntimeError(f"the server ended by itself:\n{tail(self.log)}")
        with closing(Client(self.port)) as client, suppress(*BROKEN):
            return client.ask("GET", "/readyz").status == 200
        return False

    def kill(self) -> None:
        """Kill master and workers at once, without warning; return when they are gone."""
        if self.process is None:
            return
        master, self.process = self.process, None
        workers = children(master.pid)
        with suppress(ProcessLookupError):
            os.killpg(master.pid, signal.SIGKILL)
        master.wait(PATIENCE)
        wait_until(lambda: not any(map(runs, workers)), "a killed worker is still there")


@contextmanager
def serving(url: str, folder: Path, program: str = "wsgi:app") -> Iterator[Server]:
    """Give a server that is ready; kill it at the end."""
    server = Server(url, Path(tempfile.mkdtemp(dir=folder)), program)
    if not server.audit_key.exists():
        make_signer(server.audit_key)
    try:
        server.start()
        yield server
    finally:
        server.kill()


def program_of(planted: str | None) -> str:
    """Return what gunicorn serves: the register, or the one that forgets."""
    return "drills.forgetful:app" if planted == "forgetful" else "wsgi:app"


def wait_until(is_so: Callable[[], object], complaint: str) -> None:
    """Return as soon as *is_so* returns true; stop with *complaint* after PATIENCE."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        if time.monotonic() > end:
            raise RuntimeError(complaint)
        time.sleep(0.01)


def children(process_id: int) -> list[int]:
    """Return the processes that *process_id* has started."""
    listed = Path(f"/proc/{process_id}/task/{process_id}/children")
    if listed.exists():
        return [int(number) for number in listed.read_text().split()]
    table = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, check=True)
    pairs = (map(int, line.split()) for line in table.stdout.splitlines())
    return [number for number, parent in pairs if parent == process_id]


def runs(process_id: int) -> bool:
    """Return whether a process is still there; one that only waits to be counted out is not."""
    if Path("/proc/self/stat").exists():
        with suppress(OSError):
            told = Path(f"/proc/{process_id}/stat").read_text()
            return told.rpartition(")")[2].split()[0] != "Z"
        return False
    with suppress(ProcessLookupError):
        os.kill(process_id, 0)
        return True
    return False


def free_port() -> int:
    """Return a port that nobody uses, and that no outgoing connection is given.

    While the server is down its port is free; one of those that the system gives to clients
    could be taken meanwhile, even by a writer that connects to itself.
    """
    while True:
        port = random.randrange(20_000, 30_000)
        with socket.socket() as found, suppress(OSError):
            found.bind(("127.0.0.1", port))
            return port


def tail(log: Path, lines: int = 12) -> str:
    """Return the last *lines* of a log."""
    text = log.read_text(errors="replace") if log.exists() else ""
    return "\n".join(text.splitlines()[-lines:])


def explained(problems: list[str], server: Server) -> list[str]:
    """Return *problems*, and the end of the server's log when there are any."""
    told = tail(server.log) if problems else ""
    return problems + ([f"the log of the server ends with:\n{told}"] if told else [])
