"""A browser for each worker, a register for each test, and a watch on every page.

Where a test opens a page, it fails when the page asks others, says an error, or misses something.
"""

import os
from contextlib import ExitStack, suppress
from dataclasses import replace

import pytest
from playwright.sync_api import Error, sync_playwright

from tests.browser import axe as checker
from tests.browser import needs
from tests.browser.acts import Acts, count_acts
from tests.browser.registers import served_register
from tests.browser.visits import WAYS, Visits
from tests.database.templates import locked

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Fail a test in whose pages anything went wrong, and keep pictures of any that fails."""
    try:
        result = yield
        if visits := item.funcargs.get("open_page"):
            visits.judge()
    except Exception:
        if visits := item.funcargs.get("open_page"):
            with suppress(Error):
                visits.keep(item.name)
        raise
    return result


@pytest.fixture(scope="package")
def browser():
    """Give the browser of this worker; it ends with this folder, since it keeps a loop running."""
    if not needs.chromium():
        pytest.skip("no chromium was found")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=needs.chromium(), args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def checkers(request):
    """Give the folder of what npm installs, brought up to its lock file once for all workers."""
    if needs.missing() and not os.environ.get("CI"):
        pytest.skip(f"{' and '.join(needs.missing())} needed")
    with locked(request.config.templates.folder / "checkers.lock"):
        needs.install()
    return needs.CHECKERS


@pytest.fixture
def registers(request, tmp_path_factory):
    """Give what serves a fresh register, with settings of its own; all end with the test."""
    with ExitStack() as stack:

        def serve(**settings):
            template = request.config.templates["sqlite"]
            folder = tmp_path_factory.mktemp("register")
            return stack.enter_context(served_register(template, folder, **settings))

        yield serve


@pytest.fixture
def register(registers):
    """Give a fresh register of this test alone, as the seeds are."""
    return registers()


@pytest.fixture(scope="module")
def shared_register(request, tmp_path_factory):
    """Give a register for all tests of a module that only read, or do not mind each other."""
    folder = tmp_path_factory.mktemp("register")
    with served_register(request.config.templates["sqlite"], folder) as register:
        yield register


@pytest.fixture(scope="package")
def all_acts(browser):
    """Give the counter of this worker."""
    acts = Acts()
    with pytest.MonkeyPatch.context() as patch:
        count_acts(patch, acts)
        yield acts


@pytest.fixture
def acts(all_acts):
    """Give the counter of the clicks, keys and texts of this test."""
    all_acts.begin()
    return all_acts


@pytest.fixture
def open_page(request, browser, all_acts, registers):
    """Give what opens a page: `open_page(register, script=False, language="en", size="small")`."""
    visits = Visits(browser, lambda: request.getfixturevalue("register"))
    yield visits
    visits.end()


@pytest.fixture(params=WAYS, ids=str)
def way(request):
    """Make the journey in Chinese with script and without, and in English."""
    return request.param


@pytest.fixture
def page(open_page, register, way):
    """Give an empty page on the register of this test, in each way."""
    return open_page(register, way)


@pytest.fixture
def sign_in():
    """Give what signs a key in by the form, as a person does: `sign_in(page, key)`."""

    def by_form(page, key):
        page.goto("/sign-in")
        page.locator("input[name=key]").fill(key)
        page.locator("main form button").click()
        page.locator("form[action='/sign-out']").wait_for()

    return by_form


@pytest.fixture
def picture(open_page):
    """Give what keeps a picture of a page below .cache/pictures: `picture(page, "desk")`."""
    return open_page.picture


@pytest.fixture
def axe(checkers, browser, open_page):
    """Give what fails where a page breaks WCAG 2.2 AA: `axe(page)`."""

    def check(page):
        way = open_page.ways[page.context]
        found = checker.violations(page) if way.script else check_twin(page, way)
        assert not found, checker.readable(found, page.url)

    def check_twin(page, way):
        with open_page.context(replace(way, script=True), page.url) as context:
            twin = context.new_page()
            checker.without_script(page, twin)
            return checker.violations(twin)

    return check
