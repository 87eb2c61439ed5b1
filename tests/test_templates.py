"""Templates of databases are made anew exactly when what they are made from has changed."""

import pytest

from tests.database import templates

OF_TEMPLATES = (
    "app/core/database.py",
    "app/register/models.py",
    "migrations/versions/0001_tags.py",
    "seeds/tags.json",
    "tests/database/templates.py",
)
OTHERS = (
    "app/register/api/tags.py",
    "app/register/schemas.py",
    "app/http/meta.py",
    "docs/tags.md",
    "app/__pycache__/x.pyc",
)


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """Give a small project with every place that a template is made from, and others."""
    for name in (*OF_TEMPLATES, *OTHERS):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    monkeypatch.setattr(templates, "ROOT", tmp_path)
    return tmp_path


def digest():
    return templates.digest.__wrapped__()


@pytest.mark.parametrize("name", OF_TEMPLATES)
def test_what_a_template_is_made_from_makes_it_another(tree, name):
    before = digest()
    (tree / name).write_text("changed")
    assert digest() != before
    (tree / name).unlink()
    assert digest() != before


@pytest.mark.parametrize("name", OTHERS)
def test_what_leaves_no_trace_in_it_does_not(tree, name):
    before = digest()
    (tree / name).write_text("changed")
    assert digest() == before


def test_of_what_is_kept_the_older_goes(tree, monkeypatch):
    monkeypatch.setattr(templates, "KEPT", tree / "kept")
    monkeypatch.setattr(templates, "digest", lambda: "one")
    templates.keep(tree / "seeds/tags.json", templates.kept("sqlite"))
    templates.keep(tree / "seeds/tags.json", templates.kept("postgresql"))
    assert templates.kept("sqlite").exists()
    monkeypatch.setattr(templates, "digest", lambda: "two")
    assert not templates.kept("sqlite").exists()
    assert [path.name for path in (tree / "kept").iterdir()] == ["postgresql-one"]
