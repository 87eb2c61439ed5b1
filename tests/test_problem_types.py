"""Each type of problem is known, described in both languages, and has a page."""

import ast
from pathlib import Path

import pytest

from app.core import errors
from app.http.contract.problem_types import OF_STATUS, TYPES
from app.http.problems import kind_of
from tests.support.problems import told

ROOT = Path(__file__).parents[1]


def below(kind):
    for own in kind.__subclasses__():
        yield own
        yield from below(own)


def named_kinds():
    """Yield every code that is written where a request is refused."""
    for path in (ROOT / "app").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in (
                "Refused",
                "problem",
            ):
                for keyword in node.keywords:
                    if keyword.arg == "kind" and isinstance(keyword.value, ast.Constant):
                        yield keyword.value.value


def test_every_error_of_the_domain_has_its_type():
    assert {kind_of(kind.__new__(kind)) for kind in below(errors.DomainError)} <= TYPES.keys()


def test_every_code_that_is_refused_with_has_its_type():
    found = set(named_kinds()) | set(OF_STATUS.values())
    assert len(found) > 8
    assert found <= TYPES.keys()


def test_no_type_is_kept_that_nothing_is_refused_with():
    known = {kind_of(kind.__new__(kind)) for kind in below(errors.DomainError)}
    assert TYPES.keys() == known | set(named_kinds()) | set(OF_STATUS.values())


@pytest.mark.parametrize("code", TYPES)
def test_each_is_described_in_both_languages(code):
    own = TYPES[code]
    for zh, en in (own.title, own.when, own.act):
        assert any("一" <= sign <= "鿿" for sign in zh)
        assert en.isascii()
    assert own.example
    assert own.status >= 400


@pytest.mark.parametrize("kind", ["sqlite"])
def test_each_has_a_page(client):
    index = client.get("/problems")
    assert index.status_code == 200
    for code, own in TYPES.items():
        assert f'href="{own.uri}"' in index.text
        page = client.get(own.uri)
        assert page.status_code == 200
        assert own.title[0] in page.text
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert code in page.text


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_path_that_is_none_is_not_told_as_a_hidden_record(client):
    assert told(client.get("/api/v1/nothing"), 404)["type"] == "/problems/no-such-path"
    hidden = client.get("/api/v1/recommendations/999999")
    assert told(hidden, 404)["type"] == "/problems/not-found"
    assert client.get("/problems/nothing").status_code == 404
