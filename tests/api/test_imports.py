"""A load that changes a register in use: staged, approved by another, carried out as staged."""

import json
import shutil
from dataclasses import replace

import pytest
import sqlalchemy as sa

from app.accounts.services import approvals
from app.accounts.services.approved import WORK
from app.core.codes import ApprovalKind, ApprovalState, Role
from app.core.config import ROOT
from app.core.errors import PermissionDenied
from app.core.rules.permissions import APPROVERS, ASKERS
from app.models import Approval, Event, Tag
from app.register.tags.services.tags import create_tag, edit_tag
from tests.support.factories import (
    EDITOR,
    INDUSTRY,
    REGISTRAR,
    everything,
    find,
    make_actor,
    make_caller,
)
from tests.support.imports import import_of_nothing, write_files
from tests.support.problems import told
from tests.support.trust import V1, decide, whole

WORDS = "仅在暂存文件中的字样"
TAGS = f"""
[[tags]]
slug = "talent"
name_zh = "人才"
name_en = "Talent, as corrected"
definition = "{WORDS}。"
synonyms = ["人才引进"]

[[tags]]
slug = "staged-tag"
name_zh = "暂存标签"
name_en = "Staged tag"
definition = "新标签。"
synonyms = []
broader = "talent"
"""


@pytest.fixture
def registrar(client, database):
    return make_caller(client, database, *REGISTRAR)


@pytest.fixture
def folder(app, tmp_path, monkeypatch):
    """Give the folder of the curated files: one tag with other words, and a new one below it."""
    folder = write_files(tmp_path / "seeds", tags=TAGS)
    settings = replace(app.extensions["settings"], seeds_dir=folder)
    monkeypatch.setitem(app.extensions, "settings", settings)
    return folder


@pytest.fixture
def load(app, folder):
    """Give the command that loads them."""
    return lambda *more: app.test_cli_runner().invoke(
        args=["seed", "load", "--quiet", "--as", "王操作", "--reason", "第二版", *more]
    )


@pytest.fixture
def asked(load, registrar):
    """Ask for the load, and return the request as the registrar sees it."""
    result = load()
    assert (result.exit_code, "is asked for" in result.output) == (1, True), result.output
    [request] = registrar.get(f"{V1}/approvals?kind=import&state=pending").get_json()["items"]
    return request


def tag(database, slug="talent"):
    return database.read(lambda session: session.scalar(sa.select(Tag).where(Tag.slug == slug)))


def staged(database, request):
    column = sa.select(Approval.staged).where(Approval.id == request["id"])
    return database.read(lambda session: session.scalar(column))


def edited(database, slug="talent", **values):
    """Let a registrar correct a tag."""

    def work(session):
        record = session.scalar(sa.select(Tag).where(Tag.slug == slug))
        edit_tag(session, make_actor(session, Role.REGISTRAR), record, values)

    database.write(work)


def test_the_approval_loads_what_was_staged_as_the_asker(asked, registrar, database):
    before = tag(database)
    assert asked["payload"]["records"] == {
        "new": ["tag staged-tag"],
        "changed": {
            "tag talent": {
                "name_en": [before.name_en, "Talent, as corrected"],
                "definition": [before.definition, f"{WORDS}。"],
                "synonyms": [before.synonyms, ["人才引进"]],
            }
        },
        "kept": [],
    }
    assert (asked["asked_by"], asked["reason"]) == ("王操作", "第二版")
    assert tag(database, "staged-tag") is None
    answer = decide(registrar, asked)
    assert (answer.status_code, answer.get_json()["state"]) == (200, "approved")
    assert tag(database).name_en == "Talent, as corrected"
    assert tag(database, "staged-tag").broader_id == before.id

    def events(session):
        own = Event.approval_id == asked["id"], Event.record_type != "approval"
        return session.scalars(sa.select(Event).where(*own).order_by(Event.sequence)).all()

    written = database.read(events)
    assert [(e.operation, e.record_reference) for e in written] == [
        ("tag.edited", "talent"), ("tag.created", "staged-tag"), ("register.seeds_loaded", ""),
    ]  # fmt: skip
    assert {(e.actor_kind, e.actor_name) for e in written} == {("operator", "王操作")}
    whole(database)


def test_whoever_decides_sees_names_and_differences_and_nobody_what_is_staged(asked, registrar):
    one = registrar.get(f"{V1}/approvals/{asked['id']}").get_json()
    assert one.keys() == asked.keys()
    assert "staged" not in one.keys() | one["payload"].keys()
    assert "toml" not in json.dumps(one)


def test_files_that_change_or_go_after_staging_change_nothing_of_it(
    asked, folder, registrar, database
):
    shutil.rmtree(folder)
    assert decide(registrar, asked).status_code == 200
    assert tag(database).name_en == "Talent, as corrected"
    whole(database)


def test_the_command_says_what_waits_what_was_rejected_and_what_was_carried_out(
    asked, load, registrar, database
):
    waits = load()
    assert waits.exit_code == 1
    assert f"approval {asked['id']} for just this waits already" in waits.output
    assert f"申请 {asked['id']} 要求的正是这些内容，正待另一人决定" in waits.output
    assert decide(registrar, asked, "reject", note="名称有误").status_code == 200
    rejected = load()
    assert rejected.exit_code == 1
    assert f"approval {asked['id']} asked for just this and was rejected: 名称有误" in (
        rejected.output
    )
    again = load("--again")
    assert f"approval {asked['id'] + 1} is asked for" in again.output
    assert decide(registrar, {"id": asked["id"] + 1}).status_code == 200
    done = load()
    assert (done.exit_code, done.output.splitlines()[:2]) == (
        0, ["created: nothing", "updated: nothing"],
    )  # fmt: skip
    assert f"this was loaded by approval {asked['id'] + 1}" in done.output
    assert "left as people changed it" not in done.output
    whole(database)


def test_other_files_are_another_request(asked, folder, load):
    tags = folder / "tags.toml"
    tags.write_text(tags.read_text().replace("Staged tag", "Another tag"))
    assert f"approval {asked['id'] + 1} is asked for" in load().output


def test_a_record_that_changed_since_the_staging_is_not_overwritten(
    asked, load, registrar, database
):
    edited(database, name_en="Talent, by a registrar")
    problem = told(decide(registrar, asked), 409)
    assert problem["type"].endswith("overtaken")
    assert tag(database).name_en == "Talent, by a registrar"
    assert tag(database, "staged-tag") is None
    assert registrar.get(f"{V1}/approvals/{asked['id']}").get_json()["state"] == "pending"
    anew = load()
    assert f"approval {asked['id'] + 1} is asked for" in anew.output
    assert decide(registrar, {"id": asked["id"] + 1}).status_code == 200
    assert tag(database).name_en == "Talent, by a registrar"
    assert tag(database, "staged-tag")
    assert "left as people changed it: tag talent" in load().output
    whole(database)


def test_a_record_entered_since_under_the_name_of_a_new_one_is_not_overwritten(
    asked, registrar, database
):
    values = {"slug": "staged-tag", "name_zh": "手工标签", "name_en": "By hand",
              "definition": "。", "synonyms": [], "broader": None}  # fmt: skip
    database.write(lambda s: create_tag(s, make_actor(s, Role.REGISTRAR), values))
    told(decide(registrar, asked), 409)
    assert tag(database, "staged-tag").name_en == "By hand"
    whole(database)


def test_work_on_what_the_load_leaves_alone_is_no_hindrance(asked, registrar, client, database):
    edited(database, "ai-industrial-park", definition="另一说明。")
    editor = make_caller(client, database, *EDITOR, office=INDUSTRY)
    one = find(editor)
    assert editor.post(
        f"{V1}/recommendations/{one['id']}/offices", {"office": INDUSTRY}, one["version"]
    ).status_code in (200, 201)
    assert decide(registrar, asked).status_code == 200
    assert tag(database).name_en == "Talent, as corrected"
    whole(database)


def test_passages_of_documents_are_shown_as_they_were_and_will_be(
    app, load, folder, registrar, database
):
    shutil.rmtree(folder)
    shutil.copytree(ROOT / "seeds", folder)
    path = next(folder.glob("documents/001*.toml"))
    last = path.read_text().rindex("passages = [")
    text = path.read_text()
    # the last passage of the page is quoted with its last character left out
    before = text[last : text.index("]", last)]
    quote = before.split('"')[1]
    path.write_text(text[:last] + before.replace(quote, quote[:-1]) + text[last + len(before) :])
    asked = load()
    assert "is asked for" in asked.output, asked.output
    [request] = registrar.get(f"{V1}/approvals?kind=import").get_json()["items"]
    [(name, fields)] = request["payload"]["records"]["changed"].items()
    (lost,), (came,) = fields["children"]
    assert (lost["text"], came["text"]) == (quote, quote[:-1])
    assert lost["document_id"] == came["document_id"] == "D001"
    made = {"slug": "between", "name_zh": "其间", "name_en": "Between",
            "definition": "。", "synonyms": [], "broader": None}  # fmt: skip
    database.write(lambda s: create_tag(s, make_actor(s, Role.REGISTRAR), made))
    assert decide(registrar, request).status_code == 200
    reference = name.partition(" ")[2]
    words = registrar.get(f"{V1}/recommendations/{find(registrar, reference)['id']}").get_json()
    assert [passage["text"] for passage in words["passages"]] == [quote[:-1]]
    whole(database)


@pytest.mark.parametrize("field", ["staged", "payload"])
def test_nothing_is_staged_over_http(asked, registrar, database, field):
    path = f"{V1}/approvals/{asked['id']}/decision"
    body = {"decision": "approve", field: {"tags.toml": "tags = []"}}
    told(registrar.post(path, body), 422, field)
    assert WORDS in json.dumps(staged(database, asked), ensure_ascii=False)
    told(registrar.post(f"{V1}/approvals", {"kind": "import"}), 405)


@pytest.mark.parametrize(
    "other",
    [{}, {"tags.toml": "tags ="}, {"tags.toml": TAGS.replace("as corrected", "as forged")}],
    ids=["empty", "broken", "forged"],
)
def test_what_was_staged_and_is_another_is_noticed_and_not_carried_out(
    asked, registrar, database, other
):
    change = sa.update(Approval).where(Approval.id == asked["id"])
    kept = staged(database, asked)
    forged = {**kept, **other} if other else other
    database.write(lambda session: session.execute(change.values(staged=forged)))
    assert f"approval {asked['id']}: what is staged is not what was asked for" in (
        database.read(everything)
    )
    told(decide(registrar, asked), 409)
    assert tag(database, "staged-tag") is None
    database.write(lambda session: session.execute(change.values(staged=kept)))
    whole(database)


@pytest.mark.parametrize("decision", ["approve", "reject"])
def test_nothing_stays_staged_after_the_decision_but_the_digest(
    asked, registrar, database, decision
):
    assert staged(database, asked)
    done = decide(registrar, asked, decision).get_json()
    assert staged(database, asked) is None
    assert done["payload"]["digest"] == asked["payload"]["digest"]
    whole(database)


def test_what_is_staged_goes_with_the_next_request_once_it_expired(
    asked, load, database, monkeypatch
):
    later = approvals.utcnow() + approvals.PATIENCE
    monkeypatch.setattr("app.core.clock.clock", lambda: later)
    assert f"approval {asked['id'] + 1} is asked for" in load().output
    assert staged(database, asked) is None
    state = database.read(lambda s: approvals.state_of(s.get_one(Approval, asked["id"]), later))
    assert state is ApprovalState.EXPIRED
    whole(database)


def test_words_that_must_not_be_kept_are_erased_from_what_is_staged(
    asked, registrar, client, database
):
    other = make_caller(client, database, *REGISTRAR)
    body = {"words": WORDS, "reason": "依本人申请"}
    erasing = registrar.post(f"{V1}/erasures", body).get_json()
    places = [p for p in erasing["payload"]["places"] if p["table"] == "approvals"]
    assert places == [{"table": "approvals", "id": asked["id"], "column": "staged"}]
    assert decide(other, erasing).status_code == 200
    assert staged(database, asked) is None
    told(decide(registrar, asked), 409)
    assert tag(database, "staged-tag") is None
    assert decide(registrar, asked, "reject").status_code == 200
    whole(database)


def test_who_asked_does_not_approve_at_the_command_line_either(asked, app, database):
    words = ["approval", "decide", str(asked["id"]), "--as", "王操作", "--reason", "自己"]
    result = app.test_cli_runner().invoke(args=words)
    assert (result.exit_code, "another person" in result.output) == (1, True)
    assert tag(database, "staged-tag") is None


@pytest.mark.parametrize("role", [Role.DISPATCHER, Role.AUDITOR, Role.SECURITY_ADMIN])
def test_only_who_may_import_asks_for_one(session, role):
    with pytest.raises(PermissionDenied, match="register:import"):
        approvals.ask_for(session, make_actor(session, role), import_of_nothing())


def test_each_kind_of_what_takes_two_says_who_asks_who_approves_and_what_is_done(app):
    assert set(ASKERS) == set(APPROVERS) == set(WORK) == set(ApprovalKind)
