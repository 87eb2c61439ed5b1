"""The administrator's commands, on a database of their own."""

import stat

import pytest

from app import create_app
from app.config import Settings


@pytest.fixture
def run(tmp_path):
    app = create_app(Settings(database_url=f"sqlite:///{tmp_path / 'var' / 'register.db'}"))
    runner = app.test_cli_runner()

    def command(*words):
        result = runner.invoke(args=list(words))
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    yield command
    app.extensions["database"].engine.dispose()


def test_an_administrators_first_day(run, tmp_path):
    assert "newest revision" in run("migrate").output
    first = run("seed", "load", "--quiet")
    assert "73 proposal" in first.output
    assert "created: nothing" in run("seed", "load", "--quiet").output
    assert run("seed", "check").output.endswith("seed records are clean\n")
    assert "whole" in run("verify").output

    keys = tmp_path / "var" / "keys.txt"
    assert "made" in run("demo-keys", str(keys)).output
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    assert len(keys.read_text().splitlines()) == 4
    before = keys.read_text()
    assert "kept" in run("demo-keys", str(keys)).output
    assert keys.read_text() == before

    made = run("key", "add", "--name", "集成", "--role", "reader", "--days", "30")
    secret = made.output.strip()
    assert secret.startswith("prk_")
    assert run("key", "revoke", secret[:8]).exit_code == 1
    assert "revoked 1" in run("key", "revoke", secret).output
    assert run("key", "revoke", secret[:12]).exit_code == 1
    assert run("key", "add", "--name", "长" * 101, "--role", "reader").exit_code == 1
    keys.write_text("EDITOR=prk_of_another_database\n")
    assert "made" in run("demo-keys", str(keys)).output
    refused = run("key", "add", "--name", "x", "--role", "king")
    assert refused.exit_code == 1
    assert "roles are" in refused.output
    assert "whole" in run("verify").output


def test_seeds_that_are_not_clean_are_not_loaded(run, tmp_path, monkeypatch):
    import shutil

    from app.config import ROOT

    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    page = next((tmp_path / "seeds" / "documents").glob("000*.txt"))
    page.write_text(page.read_text() + "！")
    app = create_app(Settings(database_url="sqlite://", seeds_dir=tmp_path / "seeds"))
    result = app.test_cli_runner().invoke(args=["seed", "check", "--files-only"])
    assert result.exit_code == 1
    assert "SHA-256" in result.output
