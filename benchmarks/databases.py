"""Databases to measure on: migrated, seeded, filled, and removed at the end."""

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import sqlalchemy as sa

from app.core.config import Settings
from app.core.database import Database
from app.core.migrating import upgrade
from app.register.counting.queries.counter_drift import counter_drift
from app.register.verification.queries.verification import index_drift
from app.seeding.files import read_seeds
from app.seeding.loader import load_seeds
from benchmarks.loading import fill
from tests.database.postgres import running_postgres

FOLDER = tempfile.TemporaryDirectory(prefix="register-benchmark-")
"""Where the programs that are measured keep what they sign; it goes with this process."""


def own_files() -> dict[str, Path]:
    """Return settings by which a program signs beside no other register."""
    folder = Path(tempfile.mkdtemp(dir=FOLDER.name))
    return {"audit_key": folder / "key", "checkpoints_file": folder / "checkpoints"}


KINDS = ("sqlite", "postgresql")
CHECKED_UP_TO = 100_000
"""Counters and tag index of databases up to this size are verified before the measures."""


@contextmanager
def filled(kind: str, sizes: list[int]) -> Iterator[dict[int, str]]:
    """Give the URLs of filled databases of one *kind*, by their number of recommendations."""
    with ExitStack() as stack:
        if kind == "sqlite":
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="register-bench-"))
            urls = {size: f"sqlite:///{Path(folder) / f'{size}.db'}" for size in sizes}
        else:
            server = stack.enter_context(running_postgres())
            if server is None:
                raise SystemExit("no PostgreSQL was found")
            urls = {size: new_database(stack, server, size) for size in sizes}
        for size, url in urls.items():
            prepare(url, size)
        yield urls


def new_database(stack: ExitStack, server: str, size: int) -> str:
    """Create a database on the *server*, to be dropped when *stack* ends; return its URL."""
    name = f"register_bench_{size}"
    on_server(server, f"DROP DATABASE IF EXISTS {name}")
    on_server(server, f"CREATE DATABASE {name}")
    stack.callback(on_server, server, f"DROP DATABASE {name} WITH (FORCE)")
    return sa.make_url(server).set(database=name).render_as_string(hide_password=False)


def on_server(url: str, statement: str) -> None:
    """Run one statement outside a transaction."""
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


def prepare(url: str, size: int) -> None:
    """Migrate, seed and fill the database at *url*; stop when its counters do not hold."""
    begun = time.perf_counter()
    database = Database(Settings(database_url=url))
    migrate_and_seed(database)
    fill(database, size)
    if size <= CHECKED_UP_TO:
        with database.reading() as session:
            problems = [*counter_drift(session), *index_drift(session)]
        if problems:
            raise SystemExit("\n".join(problems[:20]))
    database.engine.dispose()
    took = time.perf_counter() - begun
    kind = database.engine.dialect.name
    print(f"# {kind}: {size:,} recommendations ready after {took:.0f} s", file=sys.stderr)


def migrate_and_seed(database: Database) -> None:
    """Bring an empty database to the newest revision and load the curated records."""
    upgrade(database.engine)
    seeds = read_seeds(Settings().seeds_dir)
    database.write(lambda session: load_seeds(session, seeds, lambda: None))
