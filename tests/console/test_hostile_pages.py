"""Whatever is sent to a page is answered with a page: never with an error of ours."""

import re

import pytest

from app.console.pages import Pages
from app.console.signing_in.visitors import form_token
from app.core.codes import Role
from tests.support.pages import HOST

HEADERS = {"Accept": "text/html", "Origin": HOST}
PARTS = {
    "default": ("a", "x" * 300, "%00", "..%2f..", "%ff", "'%20OR%201", "１", "<b>"),
    "id": ("1", "999999999999999999", "0", "-1", "1e3"),
    "int": ("1", "99999999999999999999", "0", "-1"),
    "slug": ("a", "a--b", "ai-industrial-park", "A", "x" * 300),
    "reference": ("D002", "D002-P01", "D002-P01-R08", "D999", "x" * 61),
    "code": ("funnel", "nothing", "x" * 300),
    "path": ("a/b", "../..", "%2e%2e/x"),
}
"""Kind of a part of an address → what stands there that mostly should not."""

QUERIES = (
    "limit=0&cursor=x",
    "q=%00",
    "q=%22",
    "q=" + "%E7%AE%97" * 3000,
    "tag=no-such-tag&office=nobody&session=never",
    "as_of=0000-00-00&months=-1",
    "lang=xx&next=//evil.example/",
    "sort=;DROP&by=office&by=office&within=tag:",
    "a[b]=c&x=" + "y" * 3000,
    "%ff=%fe",
)
FORMS = (
    {},
    {"version": "x", "once": "y" * 300, "note": "\x00", "text": "\u202e"},
    {"version": "1", "rows.0.id": "1", "points.0.text": "x", "rows.999999.id": "-1"},
    {"version": "9" * 30, "on": "2026-13-45", "percent": "²", "reason": "x" * 20000},
)


def rules_of(app, method):
    """Return the rules of all pages that take *method*."""
    return [
        rule
        for rule in app.url_map.iter_rules()
        if method in rule.methods
        and (part := app.blueprints.get(rule.endpoint.rpartition(".")[0])) is not None
        and isinstance(part, Pages)
    ]


PART = re.compile(r"<(?:(\w+)(?:\(([^)]*)\))?:)?(\w+)>")


def addresses_of(rule):
    """Yield addresses of a page whose parts are what they mostly should not be."""
    kinds = [
        (*re.findall(r"\w[\w-]*", words), "zzz") if kind == "any" else PARTS[kind or "default"]
        for kind, words, _ in PART.findall(rule.rule)
    ]
    for number in range(max(map(len, kinds), default=1)):
        parts = iter([own[number % len(own)] for own in kinds])
        yield PART.sub(lambda _, parts=parts: next(parts), rule.rule)


@pytest.fixture
def staff(signed_in):
    return signed_in(Role.REGISTRAR, Role.DISPATCHER, Role.SUPERVISOR)


def is_well(response):
    """Return whether that is a page, or the file that was asked for, and no error of ours."""
    is_page = response.mimetype == "text/html" or response.status_code == 200
    return response.status_code < 500 and is_page


def test_pages_bear_any_address_and_query(app, reader, staff):
    wrong = []
    for number, rule in enumerate(rules_of(app, "GET")):
        for at, address in enumerate(addresses_of(rule)):
            query = QUERIES[(number + at) % len(QUERIES)]
            who = (reader, staff)[(number + at) % 2]
            whole = f"{address}?{query}"
            if not is_well(answer := who.client.get(whole, headers=HEADERS)):
                wrong.append((whole, answer.status_code, answer.mimetype))
    assert wrong == []


def test_forms_bear_whatever_is_typed_into_them(app, staff, clerk):
    token = {
        who: who.client.get_cookie("__Host-register", domain="localhost").value
        for who in (staff, clerk)
    }
    wrong = []
    for number, rule in enumerate(rules_of(app, "POST")):
        if rule.rule in ("/sign-out", "/sign-in"):
            continue
        for at, address in enumerate(addresses_of(rule)):
            who = (staff, clerk)[(number + at) % 2]
            typed = FORMS[(number + at) % len(FORMS)]
            form = {**typed, "form_token": form_token(token[who], address)}
            response = who.client.post(address, data=form, headers=HEADERS)
            if response.status_code >= 500:
                wrong.append((address, typed, response.status_code))
    assert wrong == []
