"""The administrator's commands, on a database of their own."""

import hashlib
import io
import os
import re
import shutil
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from unittest.mock import Mock

import pytest
import sqlalchemy as sa

from app import create_app
from app.core.clock import system_clock
from app.core.codes import ActorKind, Role
from app.core.config import ROOT, Settings
from app.core.database import Database
from app.core.errors import Busy
from app.core.rules.permissions import Actor
from app.models import Approval, Proposal, Tag
from app.register.files import services as files
from app.register.verification.queries.results import newest_results
from tests.support import answering
from tests.support.factories import INDUSTRY


@pytest.fixture
def run(tmp_path):
    settings = Settings(
        database_url=f"sqlite:///{tmp_path / 'var' / 'register.db'}",
        audit_key=tmp_path / "var" / "audit-key",
        files_url=str(tmp_path / "var" / "files"),
    )
    app = create_app(settings)
    runner = app.test_cli_runner()

    def command(*words):
        result = runner.invoke(args=list(words))
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    command.app = app
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
    before = keys.read_text()
    names = [line.partition("=")[0] for line in before.splitlines()]
    assert len(names) == 10
    assert {"EDITOR", "HEAD", "OTHER_EDITOR", "JOINT_HEAD", "DISPATCHER", "ADMIN"} <= set(names)
    assert "kept" in run("demo-keys", str(keys)).output
    assert keys.read_text() == before
    earlier = [line for line in before.splitlines(keepends=True) if line[:5] != "HEAD="]
    keys.write_text("".join(earlier))  # as an earlier release wrote it
    assert "made" in run("demo-keys", str(keys)).output
    keys.write_text("EDITOR=prk_of_another_database\n")
    assert "made" in run("demo-keys", str(keys)).output
    assert "whole" in run("verify").output


WHO = ("--as", "王操作", "--reason", "测试")
REGISTRAR = Actor(ActorKind.OPERATOR, "王操作", roles=frozenset({Role.REGISTRAR}))
OTHER = ("--as", "李操作", "--reason", "已核对")


def test_keys_from_the_command_line(run, tmp_path):
    run("migrate")
    assert run("key", "add", "--name", "集成", "--role", "reader").exit_code == 2  # nobody named
    secret = run("key", "add", "--name", "集成", "--role", "reader", "--days", "30", *WHO)
    reference = secret.output[:14]
    assert run("key", "revoke", "prk_aaaaaaaaaa", *WHO).exit_code == 1
    assert "revoked" in run("key", "revoke", reference, *WHO).output
    assert run("key", "revoke", reference, *WHO).exit_code == 1
    assert run("key", "add", "--name", "长" * 101, "--role", "reader", *WHO).exit_code == 1
    refused = run("key", "add", "--name", "x", "--role", "king", *WHO)
    assert refused.exit_code == 1
    assert "roles are" in refused.output
    admin = run("key", "add", "--name", "x", "--role", "auditor", *WHO)
    assert "asked for over the API" in admin.output
    demo = run("demo-keys", str(tmp_path / "keys.txt"))
    assert demo.exit_code == 1
    assert "no demonstration keys" in demo.output
    assert "whole" in run("verify").output


def test_a_key_that_can_write_takes_two(run):
    run("migrate")
    words = ("key", "add", "--name", "写", "--role", "registrar", "--scope", "write")
    asked = run(*words, *WHO).output
    assert "approval 1 is asked for" in asked
    assert "has no key" in run("key", "secret", "1", *WHO).output
    assert "写" not in run("approval", "list").output
    assert "write_key" in run("approval", "list").output
    assert "another person" in run("approval", "decide", "1", *WHO).output
    assert "request 1 is approved" in run("approval", "decide", "1", *OTHER).output
    assert run("key", "secret", "1", *WHO).output.startswith("prk_")
    assert "waits for no decision" in run("approval", "decide", "1", *OTHER).output
    assert "nothing waits" in run("approval", "list").output
    assert "whole" in run("verify").output


def test_the_first_administrator_comes_from_the_command_line(run):
    run("migrate")
    assert run("admin", "create", "--name", "首任", *WHO).output.startswith("prk_")
    again = run("admin", "create", "--name", "次任", *OTHER)
    assert again.exit_code == 1
    assert "one already" in again.output


def test_a_second_administrator_is_approved_at_the_command_line(run):
    run("migrate")
    first = run("admin", "create", "--name", "首任", *WHO).output.split()[0]
    client, scopes = run.app.test_client(), ["read", "write", "administer"]
    body = {
        "name": "次任",
        "roles": ["security_admin"],
        "reason": "增员",
        "key": {"scopes": scopes},
    }
    headers = {"Authorization": f"Bearer {first}"}
    asked = client.post("/api/v1/principals", json=body, headers=headers).get_json()
    decided = run("approval", "decide", str(asked["id"]), *OTHER).output
    assert "account 2 was made" in decided
    [half] = re.findall(r"your half for account 0, only now: (\S+)", decided)
    halves = {"halves": [asked["halves"][0]["half"], half]}
    key = client.post("/api/v1/keys/exchange", json=halves).get_json()["secret"]
    me = client.get("/api/v1/me", headers={"Authorization": f"Bearer {key}"}).get_json()
    assert (me["name"], me["roles"]) == ("次任", ["security_admin"])
    assert "whole" in run("verify").output


@pytest.fixture
def corrected(run, tmp_path, monkeypatch):
    """Give a copy of the curated files in which a tag has another name, on a loaded register."""
    run("migrate")
    run("seed", "load", "--quiet")
    folder = tmp_path / "seeds"
    shutil.copytree(ROOT / "seeds", folder)
    tags = folder / "tags.toml"
    tags.write_text(tags.read_text().replace('name_en = "', 'name_en = "The ', 1))
    other = replace(run.app.extensions["settings"], seeds_dir=folder)
    monkeypatch.setitem(run.app.extensions, "settings", other)
    return folder


def test_a_later_load_that_changes_something_takes_two(run, corrected):
    left = run("seed", "load", "--quiet", "--first-only")
    assert (left.exit_code, "left as it is" in left.output) == (0, True)
    asked = run("seed", "load", "--quiet", "--as", "王操作")
    assert asked.exit_code == 1
    assert "approval 1 is asked for" in asked.output
    assert "更改 1 条记录，已提出申请 1" in asked.output
    assert re.search(r"  tag \S+: name_en: (.+) → The \1\n", asked.output)
    shown = run.app.extensions["database"].read(
        lambda session: session.get_one(Approval, 1).payload["records"]
    )
    [(name, changes)] = shown["changed"].items()
    before, after = changes["name_en"]
    assert (name.split()[0], after, shown["new"]) == ("tag", f"The {before}", [])
    assert "approved" in run("approval", "decide", "1", *OTHER).output
    loaded = run("seed", "load", "--quiet")
    assert "updated: nothing" in loaded.output
    assert "this was loaded by approval 1" in loaded.output
    assert run("seed", "load", "--quiet").output == loaded.output
    assert "whole" in run("verify").output


def test_a_load_that_waits_or_was_rejected_is_not_asked_for_again(run, corrected):
    words = ("seed", "load", "--quiet", "--as", "王操作")
    assert "approval 1 is asked for" in run(*words).output
    waits = run(*words)
    assert (waits.exit_code, "approval 1 for just this waits already" in waits.output) == (1, True)
    assert "decide 1" in waits.output
    assert "rejected" in run("approval", "decide", "1", "--reject", *OTHER).output
    for _ in range(2):
        told = run(*words)
        assert (told.exit_code, "申请 1 要求的正是这些内容，已被驳回" in told.output) == (1, True)
    assert "approval 2 is asked for" in run(*words, "--again").output
    assert "withdrawn" in run("approval", "decide", "2", "--withdraw", *WHO).output
    assert "approval 3 is asked for" in run(*words).output
    assert "whole" in run("verify").output


def test_what_was_staged_is_loaded_though_the_files_have_changed_or_gone(run, corrected):
    run("seed", "load", "--quiet", "--as", "王操作")
    shutil.rmtree(corrected)
    assert "approved" in run("approval", "decide", "1", *OTHER).output
    names = run.app.extensions["database"].read(
        lambda session: session.scalars(sa.select(Tag.name_en).where(Tag.version == 2)).all()
    )
    assert [name.startswith("The ") for name in names] == [True]


def test_the_audit_is_signed_checked_and_taken_outside(run, tmp_path):
    run("migrate")
    run("seed", "load", "--quiet")
    public = run("audit", "key").output.strip()
    assert "nothing new" in run("audit", "checkpoint").output
    assert "0 of them after" in run("audit", "verify").output
    bundle = tmp_path / "bundle"
    assert public in run("audit", "export", str(bundle)).output
    words = [sys.executable, "-I", str(bundle / "check.py"), str(bundle), "--public-key"]
    assert subprocess.run([*words, public], capture_output=True).returncode == 0
    other = subprocess.run([*words, "00" * 32], capture_output=True, text=True)
    assert other.returncode == 1
    assert "not signed" in other.stdout
    assert run("audit", "verify", "--public-key", "ab" * 32).exit_code == 1


def results_of(run):
    """Return the results of verifying that are kept: the command, and how many differences."""
    kept = run.app.extensions["database"].read(lambda session: newest_results(session, 9))
    return [(one.command, one.differences) for one in kept]


def test_what_verifying_found_is_kept(run):
    run("migrate")
    run("seed", "load", "--quiet")
    assert results_of(run) == []
    run("verify")
    run("audit", "verify")
    assert results_of(run) == [("audit verify", 0), ("verify", 0)]
    other = run("audit", "verify", "--public-key", "ab" * 32)
    command, number = results_of(run)[0]
    assert (command, number > 0) == ("audit verify", True)
    assert f"{number} differences" in other.output


def test_a_database_that_takes_no_result_is_verified_all_the_same(run, monkeypatch):
    run("migrate")
    monkeypatch.setattr(Database, "count", Mock(side_effect=Busy))
    assert "whole" in run("verify").output
    assert run("audit", "verify", "--public-key", "ab" * 32).exit_code == 1
    assert results_of(run) == []


def test_seeds_that_are_not_clean_are_not_loaded(run, tmp_path, monkeypatch):
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    page = next((tmp_path / "seeds" / "documents").glob("000*.txt"))
    page.write_text(page.read_text() + "！")
    app = create_app(Settings(database_url="sqlite://", seeds_dir=tmp_path / "seeds"))
    result = app.test_cli_runner().invoke(args=["seed", "check", "--files-only"])
    assert result.exit_code == 1
    assert "SHA-256" in result.output


def test_reminders_from_the_command_line(run, monkeypatch):
    run("migrate")
    run("seed", "load", "--quiet")
    database = run.app.extensions["database"]

    def give(session):
        proposal = session.scalars(sa.select(Proposal)).first()
        answering.given(session, proposal, INDUSTRY, "lead", None)

    database.write(give)
    assert run("tick").output == "0 clocks fired, 0 notices\n"
    a_year = timedelta(days=365)
    monkeypatch.setattr("app.core.clock.clock", lambda: system_clock() + a_year)
    assert run("tick").output == "2 clocks fired, 3 notices\n"
    assert run("tick").output == "0 clocks fired, 0 notices\n"
    passes = run("worker", "--every", "1", "--passes", "2").output
    assert passes == "0 clocks fired, 0 notices\n" * 2
    assert run("tick", "--on", "soon").exit_code == 2
    assert "whole" in run("verify").output


def test_the_content_of_files_is_checked(run):
    run("migrate")
    run("seed", "load", "--quiet")
    assert run("files", "check").output == "0 contents are as they came\n"
    store, database = run.app.extensions["store"], run.app.extensions["database"]
    contents = {name: hashlib.sha256(name.encode()).hexdigest() for name in ("a", "b", "c")}

    def kept(session):
        proposal = session.scalars(sa.select(Proposal)).first()
        for name in ("a", "b"):
            content = files.Content(f"{name}.txt", "text/plain", 1, contents[name])
            files.add(session, REGISTRAR, proposal, content)

    for name, sha256 in contents.items():
        store.keep(sha256, io.BytesIO(name.encode()))
    database.write(kept)
    told = run("files", "check").output
    assert "1 contents that no record names, 1 bytes" in told
    assert "2 contents are as they came" in told
    assert store.is_there(contents["c"])
    Path(store.place(contents["a"])).write_text("x")
    Path(store.place(contents["b"])).unlink()
    answer = run("files", "check")
    assert answer.exit_code == 1
    assert "F01: its content was altered" in answer.output
    assert "F02: its content is missing" in answer.output
    assert "2 of 2 contents are not as they came" in answer.output


def test_what_no_record_names_goes_when_it_is_asked(run):
    run("migrate")
    run("seed", "load", "--quiet")
    store, database = run.app.extensions["store"], run.app.extensions["database"]
    named, unnamed = (hashlib.sha256(name).hexdigest() for name in (b"named", b"unnamed"))

    def kept(session):
        proposal = session.scalars(sa.select(Proposal)).first()
        files.add(session, REGISTRAR, proposal, files.Content("a.txt", "text/plain", 5, named))

    database.write(kept)
    store.keep(named, io.BytesIO(b"named"))
    store.keep(unnamed, io.BytesIO(b"unnamed"))
    young, old = (store.take_in(io.BytesIO(b"half")) for _ in range(2))
    os.utime(old, (0, 0))
    told = run("files", "check").output
    assert "1 contents that no record names, 7 bytes" in told
    assert "1 temporary pieces older than a day, 4 bytes" in told
    assert store.is_there(unnamed)
    assert "removed 2 of them, 11 bytes" in run("files", "check", "--remove").output
    assert list(store.names()) == [named]
    assert Path(young).exists()
    assert not Path(old).exists()
    assert run("files", "check", "--remove").output == (
        "removed 0 of them, 0 bytes\n1 contents are as they came\n"
    )


def test_figures_of_past_days_are_worked_out_anew_and_mended(run):
    assert "newest revision" in run("migrate").output
    run("seed", "load", "--quiet")
    assert "whole" in run("figures", "verify").output
    database = run.app.extensions["database"]
    spoilt = sa.text(
        "UPDATE state_periods SET state = 'verified' WHERE axis = 'progress' AND id < 50"
    )
    database.write(lambda session: session.execute(spoilt))
    found = run("figures", "verify")
    assert found.exit_code == 1
    assert "its periods of progress are not its past" in found.output
    assert "its periods of progress" in run("verify").output
    assert "anew" in run("figures", "verify", "--mend").output
    assert run("figures", "verify").exit_code == run("verify").exit_code == 0
    database.write(lambda session: session.execute(sa.text("DELETE FROM state_periods")))
    assert "stood through time" in run("migrate").output
    assert "stood through time" not in run("migrate").output
    assert run("figures", "verify").exit_code == 0
