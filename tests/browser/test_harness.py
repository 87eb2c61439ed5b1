"""What the watch on pages, the checker and the counter find: each must be able to fail."""

import subprocess
import sys

import pytest
from flask import Flask, Response

from app.core.codes import Role
from app.core.config import ROOT
from tests.browser.registers import serving
from tests.browser.visits import PICTURES, Way
from tests.support.factories import INDUSTRY, find

POLICY = "default-src 'self'; img-src 'self' data: http://elsewhere.example; frame-ancestors 'none'"
GOOD = """<!doctype html><html lang=zh-CN><meta charset=utf-8><title>好</title>
<main><h1>好</h1>{}</main>"""
BAD = {
    "a call to others": ('<img src="http://elsewhere.example/a.png" alt="">', "asks others"),
    "a forbidden call": (
        "<script src=http://elsewhere.example/a.js></script>",
        "console: .*violates",
    ),
    "a link to others": ('<a id=go href="http://elsewhere.example/">走</a>', "asks others"),
    "a script that is missing": ("<script src=/none.js></script>", "404 for a script"),
    "a style that is missing": ("<link rel=stylesheet href=/none.css>", "404 for a stylesheet"),
    "an inline script": ("<script>1</script>", "console: .*Content Security Policy"),
    "an inline style": ("<p style='color: red'>红</p>", "console: .*Content Security Policy"),
    "an error of a script": ("<script src=/throws.js></script>", "page error: .*deliberate"),
    "a word of an error": ("<script src=/complains.js></script>", "console: deliberate"),
    "a script that asks for nothing": ("<script src=/asks.js></script>", "404 for a fetch"),
    "a script that meets a failure": ("<script src=/fails.js></script>", "500 for a fetch"),
    "a page that fails": ("<a id=go href=/fails>走</a>", "500 for a document"),
}
WITHOUT_SCRIPT = (
    "a call to others",
    "a link to others",
    "a style that is missing",
    "a page that fails",
)
SCRIPTS = {
    "throws": "throw new Error('deliberate')",
    "complains": "console.error('deliberate')",
    "asks": "fetch('/none')",
    "fails": "fetch('/fails')",
}
HARD_TO_USE = {
    "no name": ("<input>", "label"),
    "pale": ("<link rel=stylesheet href=/pale.css><p>看不清</p>", "color-contrast"),
    "no text for a picture": ("<img src='data:,'>", "image-alt"),
}


def page_app():
    """Return an application that serves whatever a test puts into its `pages`."""
    app = Flask("pages")
    app.pages = {"/pale.css": ("p { color: #ddd; background: #fff }", "text/css")}
    app.pages |= {f"/{n}.js": (text, "text/javascript") for n, text in SCRIPTS.items()}

    @app.get("/fails")
    def fails():
        return "failed", 500

    @app.get("/<path:name>")
    def page(name):
        if f"/{name}" not in app.pages:
            return "nothing", 404
        content, kind = app.pages[f"/{name}"]
        return Response(content, mimetype=kind, headers={"Content-Security-Policy": POLICY})

    return app


@pytest.fixture(scope="module")
def made_up():
    """Give what serves a body as a page, and returns its address."""
    app = page_app()
    with serving(app) as address:

        def show(body):
            app.pages["/page"] = GOOD.format(body), "text/html"
            return f"{address}/page"

        yield show


def visit(open_page, address, **differing):
    """Open the page at *address*, and follow its link called `go` where it has one."""
    page = open_page(address.removesuffix("/page"), **differing)
    page.goto(address, wait_until="networkidle")
    if page.locator("#go").count():
        page.locator("#go").click()
        page.wait_for_timeout(200)
    return page


def take_the_rest(open_page):
    """Take away what comes of the fault that was looked for."""
    if open_page.faults:
        open_page.expect("")


@pytest.mark.parametrize("name", BAD)
def test_the_watch_sees(open_page, made_up, name):
    body, fault = BAD[name]
    visit(open_page, made_up(body))
    with pytest.raises(AssertionError, match=fault):
        open_page.judge()
    open_page.expect(fault)
    take_the_rest(open_page)


@pytest.mark.parametrize("name", WITHOUT_SCRIPT)
def test_the_watch_sees_without_script(open_page, made_up, name):
    body, fault = BAD[name]
    visit(open_page, made_up(body), script=False)
    open_page.expect(fault)
    take_the_rest(open_page)


def test_a_fault_that_is_expected_must_come(open_page, made_up):
    visit(open_page, made_up(""))
    with pytest.raises(AssertionError, match="no fault is like"):
        open_page.expect("console")


def test_a_page_that_is_refused_is_no_fault(open_page, made_up):
    visit(open_page, made_up("<a id=go href=/nothing>走</a>"))
    assert open_page.faults == []


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("name", HARD_TO_USE)
def test_the_checker_finds(open_page, made_up, axe, name, script):
    body, rule = HARD_TO_USE[name]
    page = visit(open_page, made_up(body), script=script)
    with pytest.raises(AssertionError, match=rf"(?s)WCAG 2.2 AA.*- {rule} "):
        axe(page)


@pytest.mark.parametrize("script", [True, False])
def test_the_checker_passes_what_is_good(open_page, made_up, axe, script):
    axe(visit(open_page, made_up("<label>名 <input></label>"), script=script))


def test_acts_are_counted(open_page, made_up, acts):
    page = visit(open_page, made_up("<label>名 <input></label><button>好</button>"))
    assert acts.number == 0
    page.get_by_label("名").fill("园区")
    page.get_by_label("名").press("Tab")
    page.get_by_role("button").click()
    page.keyboard.press("Enter")
    assert (acts.number, acts.typed) == (4, 1)
    acts.begin()
    page.get_by_role("button").click()
    assert acts.number == 1


def test_a_page_without_script_runs_none(open_page, made_up):
    body = "<script src=/complains.js></script><noscript><p>无脚本</p></noscript>"
    page = visit(open_page, made_up(body), script=False)
    assert page.locator("noscript p").is_visible()  # get_by_text looks into no noscript
    assert open_page.faults == []


def test_each_person_has_cookies_and_a_language_of_their_own(open_page, made_up):
    address = made_up("")
    first, second = (visit(open_page, address, language=one) for one in ("zh-CN", "en"))
    first.context.add_cookies([{"name": "who", "value": "first", "url": address}])
    assert second.context.cookies() == []
    told = [page.evaluate("navigator.language") for page in (first, second)]
    assert told == ["zh-CN", "en"]


def test_a_small_screen_is_small(open_page, made_up):
    page = visit(open_page, made_up(""), size="small")
    assert page.evaluate("innerWidth") == 360


def test_writes_are_real_and_of_one_test_alone(registers):
    first, second = registers(), registers()
    editor = first.caller(Role.OFFICE_EDITOR, office=INDUSTRY)
    one = f"/api/v1/recommendations/{find(editor)['id']}"
    answer = editor.post(f"{one}/offices", {"office": INDUSTRY}, 1)
    assert answer.status_code < 300
    versions = [find(register.caller(Role.READER))["version"] for register in (first, second)]
    assert versions[0] > versions[1]


def test_ways_have_names_of_their_own():
    ways = [Way(), Way(script=False), Way(language="en", size="small")]
    assert [str(way) for way in ways] == ["zh-CN", "zh-CN-without-script", "en-small"]


JOURNEYS = """
def test_good(open_page):
    open_page("{0}").goto("/page")

def test_bad(open_page):
    open_page("{0}").goto("/page").frame.page.evaluate("console.error('deliberate')")
"""


@pytest.mark.long
def test_a_test_fails_by_itself_when_its_page_has_faults(made_up, tmp_path):
    address = made_up("").removesuffix("/page")
    (tmp_path / "test_journeys.py").write_text(JOURNEYS.format(address))
    options = ["-p", "tests.conftest", "-p", "tests.browser.conftest", "-p", "no:nothing"]
    told = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "-c", ROOT / "pyproject.toml", tmp_path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 failed, 1 passed" in told.stdout, told.stdout
    assert "console: deliberate" in told.stdout
    PICTURES.joinpath("failed-test_bad-0.zh-CN.png").unlink()  # it is kept
