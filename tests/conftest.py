"""Every test of the records runs on both databases, each in a transaction that is rolled back.

The process that starts the run makes one migrated and seeded template of each database; each
worker works on a copy of its own, and on one more for each situation that many tests begin in.
"""

import copy
import gc
import os
import shutil
import tempfile
import threading
from contextlib import ExitStack, contextmanager
from functools import cache, lru_cache, partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from app import create_app
from app.audit.signing import Signer
from app.core.config import Settings
from app.core.database import Database
from app.http.security.rate_limits import Limits
from app.register.people.queries.reference_data import ReferenceDataCache
from app.register.searching import models as searched
from tests.browser import needs
from tests.database.templates import KINDS, TEMPLATE, Templates, close, run_on_server
from tests.support.factories import EDITOR, INDUSTRY, find, make_caller
from tests.support.handling import (  # noqa: F401
    callers,
    laden,
    lead,
    planted,
    proposal,
    today,
    written,
)
from tests.support.situations import SITUATIONS
from tests.thoroughness import EVERYTHING, THOROUGH, in_part, in_share


def pytest_configure(config):
    """Share one set of templates among all workers; none is made before a test asks for it."""
    if hasattr(config, "workerinput"):
        config.templates = Templates(Path(config.workerinput["templates"]))
        return
    folder = Path(tempfile.mkdtemp(prefix="register-tests-"))
    config.templates = Templates(folder)
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    config.add_cleanup(config.templates.end)


def pytest_configure_node(node):
    """Tell a worker where the templates are, and whether tests were named."""
    node.workerinput["templates"] = str(node.config.templates.folder)
    node.workerinput["were_named"] = were_named(node.config)


def pytest_xdist_auto_num_workers(config):
    """Start one worker more than there are cores: each waits now and then, as for a disk."""
    return len(os.sched_getaffinity(0)) + 1


def were_named(config):
    """Return whether tests were named, which then run in full."""
    if hasattr(config, "workerinput"):
        return config.workerinput["were_named"]
    return config.args_source is pytest.Config.ArgsSource.ARGS


def pytest_collection_modifyitems(config, items):
    """Leave out what a run is not to try; tests that were named run in full."""
    left = {item for item in items if not were_named(config) and is_left_out(item)}
    config.hook.pytest_deselected(items=[item for item in items if item in left])
    items[:] = [item for item in items if item not in left]


def pytest_collection_finish():
    """Look for cycles less often, and never among what lives as long as the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


def is_left_out(item):
    """Return whether a run that names no test leaves out this one.

    A quick run leaves out what is marked `long` and three in four of what is marked `share`, and
    takes each test to one database, one in four to PostgreSQL, which takes longer; CI does so with
    what is marked `one_database`, half and half.
    """
    given = item.callspec.params.get("kind") if hasattr(item, "callspec") else None
    kind = given if given in KINDS else None
    name = item.nodeid.replace(kind, "") if kind else item.nodeid
    if item.get_closest_marker("long") and not THOROUGH:
        return True
    if item.get_closest_marker("share") and not in_share("share", name):
        return True
    goes_once = not EVERYTHING if item.get_closest_marker("one_database") else not THOROUGH
    on_postgresql = in_part(name, of=2 if THOROUGH else 4)
    return kind is not None and goes_once and on_postgresql is (kind == "sqlite")


def pytest_terminal_summary(terminalreporter, config):
    """Say what was left out, and loudly when half of the tests did not run."""
    if not THOROUGH and not were_named(config):
        terminalreporter.write_line(
            "Left to CI and to `make test-all`: the tests marked long, three in four of those"
            " marked share and of hostile requests, and each test on the other database."
        )
    if "postgresql" not in config.templates:
        terminalreporter.section("THE POSTGRESQL HALF DID NOT RUN", sep="!", red=True)
        terminalreporter.write_line(
            "No PostgreSQL was found: set TEST_DATABASE_URL, install one, or the development extra."
        )
    if needs.missing():
        terminalreporter.section("NOT ALL PAGES WERE TRIED IN A BROWSER", sep="!", red=True)
        terminalreporter.write_line(f"Not found: {' '.join(needs.missing())}; install what misses.")


def pytest_sessionfinish(session, exitstatus):
    """Fail in CI when half of the tests did not run, or no page was tried in a browser."""
    missing = "postgresql" not in session.config.templates or needs.missing()
    if missing and os.environ.get("CI") and not hasattr(session.config, "workerinput"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def copies(request, tmp_path_factory, worker_id):
    """Give the database of each kind that belongs to this worker, made when first asked for."""
    with copies_named(TEMPLATE, f"register_{worker_id}", request, tmp_path_factory) as found:
        yield found


@contextmanager
def copies_named(source, name, request, tmp_path_factory):
    """Give copies called *name* of the templates *source*, each made when first asked for."""
    templates, made = request.config.templates, {}

    def copy_of(kind):
        if kind not in made:
            assert kind in KINDS, f"{kind} is no kind of database"
            if templates.get(kind) is None:
                pytest.skip("no PostgreSQL was found")
            url = templates.copied(kind, source, name, tmp_path_factory.mktemp("db"))
            made[kind] = Database(Settings(database_url=url))
        return made[kind]

    yield copy_of
    for database in made.values():
        database.engine.dispose()


@pytest.fixture(params=KINDS)
def kind(request):
    """Run the test once on each database."""
    return request.param


@pytest.fixture(scope="session")
def prepared(request, tmp_path_factory, worker_id, applications):
    """Give a database of a kind in which a situation was prepared, and what it holds.

    It is prepared once in a run, and each worker has a copy of its own.
    """
    templates = request.config.templates

    def prepare(name, url):
        database = Database(Settings(database_url=url))
        app = applications(database)
        content = SITUATIONS[name].prepare(app.test_client(), database)
        close(database)
        fs, root = app.extensions["store"].fs, app.extensions["store"].root
        return content, {path: fs.cat_file(path) for path in fs.find(root)}

    with ExitStack() as stack:

        @cache
        def situation(kind, name):
            if templates.get(kind) is None:
                pytest.skip("no PostgreSQL was found")
            source = f"register_{name}"
            content, files = templates.prepared(kind, source, partial(prepare, name))
            own = f"register_{worker_id}_{name}"
            copies = stack.enter_context(copies_named(source, own, request, tmp_path_factory))
            app = applications(copies(kind))
            for path, file in files.items():
                app.extensions["store"].fs.pipe_file(path, file)
            return copies(kind), content

        yield situation


@pytest.fixture
def situation(request):
    """Give the name of the situation in which the test begins; None: as the seeds are."""
    named = set(request.fixturenames)
    return next((name for name, one in SITUATIONS.items() if one.fixtures <= named), None)


@pytest.fixture
def begun(kind, situation, prepared):
    """Give what was prepared of the situation in which the test begins, by its name."""
    return copy.deepcopy(prepared(kind, situation)[1]) if situation else {}


@pytest.fixture
def database(kind, situation, copies, prepared):
    """Give a database whose every change is undone after the test."""
    database = prepared(kind, situation)[0] if situation else copies(kind)
    with database.engine.connect() as connection:
        connection = connection.execution_options(begin="BEGIN IMMEDIATE")
        outer = connection.begin()
        database.bind = connection
        yield database
        database.bind = database.engine
        outer.rollback()


@pytest.fixture
def stories(begun):
    """Give what was done on a register before requests are made up; see tests/support/fuzzed.py."""
    return begun["stories"]


@pytest.fixture
def real(kind, request, tmp_path, worker_id):
    """Give a seeded database whose commits are real, for tests of several writers."""
    template = request.config.templates.get(kind) or pytest.skip("no PostgreSQL")
    if kind == "sqlite":
        shutil.copy(template.removeprefix("sqlite:///"), tmp_path / "real.db")
        url = f"sqlite:///{tmp_path / 'real.db'}"
    else:
        name = f"register_real_{worker_id}"
        run_on_server(template, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        run_on_server(template, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        url = sa.make_url(template).set(database=name).render_as_string(hide_password=False)
    database = Database(Settings(database_url=url, pool_size=10))
    yield database
    end_timers()
    database.engine.dispose()


@pytest.fixture(autouse=True)
def no_timer():
    """Let no application that a test made sign anything during a later one."""
    yield
    end_timers()


def end_timers():
    """Let every timer end: one that signs just now gives its connection back first."""
    timers = [one for one in threading.enumerate() if isinstance(one, threading.Timer)]
    for timer in timers:
        timer.cancel()
        timer.join(10)


@pytest.fixture(scope="session", autouse=True)
def remembered_folding():
    """Fold each text once in a process: every test verifies the words of the same records."""
    with pytest.MonkeyPatch.context() as patch:
        kept = lru_cache(maxsize=20_000)(searched.indexed)
        patch.setattr(searched, "indexed", lambda kind, texts: kept(kind, tuple(texts)))
        yield


@pytest.fixture
def session(database):
    """Give a writing session for tests of services and queries."""
    with database.writing() as session:
        yield session


SIGNER = Signer(bytes(range(32)))
"""The key of the applications of tests; a register without one is not ready."""

NO_KEY = Path(os.devnull) / "no-key"
"""So that no timer signs anything outside a test's transaction."""

FILES = "memory://register-tests"


@pytest.fixture(scope="session")
def applications():
    """Give one application for each database, made when first asked for."""
    made = {}

    def app_of(database):
        if database not in made:
            made[database] = create_app(Settings(audit_key=NO_KEY, files_url=FILES))
            made[database].extensions["database"].engine.dispose()
            made[database].extensions["database"] = database
            database.signer = SIGNER
        return made[database]

    return app_of


@pytest.fixture
def app(database, applications):
    """Give the application on this database."""
    app = applications(database)
    app.extensions["vocabulary"] = ReferenceDataCache()
    app.extensions["limits"] = Limits(lambda: database, app.extensions["settings"])
    return app


@pytest.fixture
def client(app):
    """Give a client without a key."""
    return app.test_client()


@pytest.fixture
def served(real):
    """Give a client of an application whose commits are real, an editor, and a path to report."""
    app = create_app(Settings(key_rate=0, audit_key=NO_KEY, files_url=FILES))
    app.extensions["database"].engine.dispose()
    app.extensions["database"] = real
    client = app.test_client()
    editor = make_caller(client, real, *EDITOR, office=INDUSTRY)
    one = f"/api/v1/recommendations/{find(editor)['id']}"
    editor.post(f"{one}/offices", {"office": INDUSTRY}, 1)
    return client, editor, f"{one}/reports"
