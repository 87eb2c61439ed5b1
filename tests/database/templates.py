"""The migrated and seeded databases that tests work on copies of.

A template is made when it is first asked for, by whichever process of the run asks first, and kept
from run to run under a hash of all that it is made from.
"""

import fcntl
import hashlib
import os
import pickle
import shutil
import tarfile
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import sqlalchemy as sa

from app.audit.services.covering import cover
from app.core.config import ROOT, Settings
from app.core.database import Database
from app.core.migrating import upgrade
from app.handling.assignments.services.agreement import UPGRADE
from app.seeding.files import read_seeds
from app.seeding.loader import load_seeds
from tests.database import postgres

KINDS = ("sqlite", "postgresql")
TEMPLATE = "register_template"
KEPT = ROOT / ".cache" / "templates"
MADE_FROM = ("app", "migrations", "seeds", "tests/database")
NOT_FROM = {"api", "api.py", "commands", "http", "schemas", "schemas.py"}
"""What only answers requests leaves no trace in a template."""


class Templates:
    """The templates of one run, by kind of database; its processes share them in *folder*."""

    def __init__(self, folder):
        self.folder = folder
        self.known = {}

    def __contains__(self, kind):
        return kind == "sqlite" or postgres.is_there()

    def get(self, kind):
        """Return the URL of a template of SQLite, or of a server with one; None without server."""
        if kind not in self:
            return None
        return self[kind]

    def __getitem__(self, kind):
        if kind not in self.known:
            told = self.folder / kind
            with locked(self.folder / f"{kind}.lock"):
                if not told.exists():
                    told.write_text(MAKERS[kind](self.folder))
            self.known[kind] = told.read_text()
        return self.known[kind]

    def prepared(self, kind, name, prepare):
        """Return what *prepare* made, once in a run, of the template of *kind* called *name*.

        It is given the URL of that template, which is a copy of the first one until then.
        """
        made = self.folder / f"{kind}-{name}"
        with locked(made.with_suffix(".lock")):
            if not made.exists():
                made.write_bytes(pickle.dumps(prepare(self.copied(kind, TEMPLATE, name))))
        return pickle.loads(made.read_bytes())

    def copied(self, kind, source, name, folder=None):
        """Return the URL of a copy called *name* of the template *source*; in *folder*, or here."""
        if kind == "sqlite":
            target = (folder or self.folder) / f"{name}.db"
            shutil.copy(self.folder / f"{source}.db", target)
            return f"sqlite:///{target}"
        run_on_server(self[kind], f"DROP DATABASE IF EXISTS {name}")
        run_on_server(self[kind], f"CREATE DATABASE {name} TEMPLATE {source}")
        return sa.make_url(self[kind]).set(database=name).render_as_string(hide_password=False)

    def end(self):
        """Stop the server, if one was started for this run."""
        home = self.folder / "server"
        if home.exists():
            postgres.remove(home.read_text())


@contextmanager
def locked(path):
    """Be alone with what *path* stands for, among all processes."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def files_below(name):
    """Yield the files of the project below the folder *name*."""
    for folder, _, names in os.walk(ROOT / name):
        if not folder.endswith("__pycache__"):
            yield from (Path(folder) / name for name in names)


@cache
def digest():
    """Return the hash of all that a template is made from."""
    found = hashlib.sha256(postgres.version().encode())
    for path in sorted(path for name in MADE_FROM for path in files_below(name)):
        name = str(path.relative_to(ROOT))
        if NOT_FROM.isdisjoint(Path(name).parts):
            found.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()[:16]


def kept(name):
    """Return where the template *name* is kept as of now; what is older goes."""
    KEPT.mkdir(parents=True, exist_ok=True)
    for path in KEPT.glob(f"{name}-*"):
        if not path.name.startswith(f"{name}-{digest()}"):
            path.unlink(missing_ok=True)
    return KEPT / f"{name}-{digest()}"


def keep(source, target):
    """Keep *source* as *target*: the whole of it, or nothing."""
    unfinished = target.with_name(f"{target.name}.{os.getpid()}")
    shutil.copy(source, unfinished)
    unfinished.replace(target)


def make_sqlite(folder):
    """Return the URL of a template in *folder*."""
    path, known = folder / f"{TEMPLATE}.db", kept("sqlite")
    if known.exists():
        shutil.copy(known, path)
    else:
        make_template(f"sqlite:///{path}")
        keep(path, known)
    return f"sqlite:///{path}"


def make_postgresql(folder):
    """Return the URL of a server that has a template, started unless one is named."""
    given = postgres.named()
    if given:
        add_template(given)
        return given
    home, known = postgres.new_home(), kept("postgresql")
    (folder / "server").write_text(str(home))
    if known.exists():
        with tarfile.open(known) as archive:
            archive.extractall(home, filter="fully_trusted")  # owners and modes as well
        return postgres.start(home)
    postgres.initialise(home)
    add_template(postgres.start(home))
    postgres.stop(home, "fast")
    packed = folder / "packed"
    with tarfile.open(packed, "w") as archive:
        archive.add(home / "data", "data")
    keep(packed, known)
    packed.unlink()
    return postgres.start(home)


MAKERS = {"sqlite": make_sqlite, "postgresql": make_postgresql}


def add_template(server):
    """Make TEMPLATE anew on the *server*."""
    run_on_server(server, f"DROP DATABASE IF EXISTS {TEMPLATE}")
    run_on_server(server, f"CREATE DATABASE {TEMPLATE}")
    make_template(sa.make_url(server).set(database=TEMPLATE).render_as_string(hide_password=False))


def make_template(url):
    """Migrate and seed the database at *url*."""
    settings = Settings(database_url=url)
    database = Database(settings)
    upgrade(database.engine)
    database.write(lambda session: cover(session, UPGRADE))
    seeds = read_seeds(settings.seeds_dir)
    database.write(lambda session: load_seeds(session, seeds, lambda: None))
    close(database)


def close(database):
    """Leave *database* as one that can be copied: nobody is there, and SQLite's file is whole."""
    if database.engine.dialect.name == "sqlite":
        with database.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
    database.engine.dispose()


def run_on_server(url, statement):
    """Run one statement outside a transaction."""
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
