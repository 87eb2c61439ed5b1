"""Two persons, an audit that tells everything, personal data that can go, answers that are safe."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts.services import approvals as approvals_module
from app.audit.rules import chain
from app.audit.services.recorder import EVENTS
from app.audit.signing import Signer
from app.models import Event, Principal, ProgressReport, SealedValue
from tests.support.accounts import approved, code_of, exchanged, new_account, new_key
from tests.support.factories import (
    DATA,
    EDITOR,
    INDUSTRY,
    find,
    make_caller,
)
from tests.support.problems import told
from tests.support.trust import V1, decide, whole

PHONE = "0371-55501234"


REOPEN = {"axis": "progress", "to": "in_progress", "reason": "核验有误"}


def test_a_closed_outcome_is_corrected_by_two(deciders, verified, database):
    steps = f"{verified}/transitions"
    answer = deciders["supervisor"].post(steps, REOPEN, 5)
    asked = answer.get_json()
    assert (answer.status_code, asked["state"], asked["kind"]) == (202, "pending", "reopen")
    assert deciders["editor"].get(verified).get_json()["progress"] == "verified"
    problem = told(decide(deciders["supervisor"], asked), 403)
    assert "another person" in problem["detail"]
    told(decide(deciders["registrar"], asked), 404)
    done = decide(deciders["other_supervisor"], asked, note="同意").get_json()
    assert (done["state"], done["decision_note"]) == ("approved", "同意")
    assert deciders["editor"].get(verified).get_json()["progress"] == "in_progress"
    audit = deciders["auditor"].get(f"{V1}/audit?outcome=done&limit=3").get_json()["items"]
    assert [(e["operation"], e["approval_id"]) for e in audit] == [
        ("recommendation.progress_changed", asked["id"]),
        ("approval.approved", asked["id"]),
        ("approval.created", None),
    ]
    assert audit[0]["principal_id"] == audit[2]["principal_id"] != audit[1]["principal_id"]
    told(decide(deciders["other_supervisor"], asked), 409)
    whole(database)


def test_a_request_is_rejected_or_withdrawn_and_then_waits_no_more(deciders, verified, database):
    steps = f"{verified}/transitions"
    for who, decision, state in (
        ("other_supervisor", "reject", "rejected"), ("supervisor", "withdraw", "withdrawn"),
    ):  # fmt: skip
        asked = deciders["supervisor"].post(steps, REOPEN, 5).get_json()
        assert decide(deciders[who], asked, decision).get_json()["state"] == state
        told(decide(deciders["other_supervisor"], asked), 409)
    assert deciders["editor"].get(verified).get_json()["version"] == 5
    whole(database)


def test_a_request_expires_after_three_days(deciders, verified, database, monkeypatch):
    asked = deciders["supervisor"].post(f"{verified}/transitions", REOPEN, 5).get_json()
    later = approvals_module.utcnow() + timedelta(hours=72, seconds=1)
    monkeypatch.setattr("app.core.clock.clock", lambda: later)
    path = f"{V1}/approvals/{asked['id']}"
    caller = deciders["other_supervisor"]
    assert caller.get(path).get_json()["state"] == "expired"
    told(decide(caller, asked), 409)
    assert caller.get(f"{V1}/approvals?state=pending").get_json()["items"] == []
    assert len(caller.get(f"{V1}/approvals?state=expired").get_json()["items"]) == 1


def test_a_request_that_was_overtaken_is_asked_anew(deciders, verified, database):
    asked = deciders["supervisor"].post(f"{verified}/transitions", REOPEN, 5).get_json()
    deciders["registrar"].patch(verified, {"due_on": "2099-01-01"}, 5)
    problem = told(decide(deciders["other_supervisor"], asked), 409)
    assert problem["type"].endswith("overtaken")
    shown = deciders["supervisor"].get(f"{V1}/approvals/{asked['id']}").get_json()
    assert shown["state"] == "pending"


def test_who_asked_must_still_be_allowed_when_it_is_carried_out(deciders, verified, database):
    asked = deciders["supervisor"].post(f"{verified}/transitions", REOPEN, 5).get_json()
    me = database.read(lambda s: s.scalar(sa.select(Event.principal_id).order_by(
        Event.sequence.desc()).limit(1)))  # fmt: skip
    account = deciders["security"].get(f"{V1}/principals/{me}").get_json()
    deciders["security"].patch(f"{V1}/principals/{me}", {"disabled": True}, account["version"])
    told(decide(deciders["other_supervisor"], asked), 409)
    whole(database)


def test_an_account_is_made_by_two(deciders, database):
    security, roles = deciders["security"], ["reader"]
    for body in ({"name": "平台", "roles": roles}, {"name": "新审计员", "roles": ["auditor"],
                 "reason": "换届"}):  # fmt: skip
        before = security.get(f"{V1}/principals?limit=200").get_json()["items"]
        asked = security.post(f"{V1}/principals", body)
        assert (asked.status_code, asked.get_json()["kind"]) == (202, "create_principals")
        assert security.get(f"{V1}/principals?limit=200").get_json()["items"] == before
        told(decide(security, asked.get_json()), 403)
        done = approved(deciders["other_security"], asked)
        account = security.get(f"{V1}/principals/{done['principals'][0]}").get_json()
        assert (account["name"], account["roles"]) == (body["name"], body["roles"])
    told(security.post(f"{V1}/principals", {**body, "reason": None}), 422)
    told(security.post(f"{V1}/principals", {"name": "甲", "roles": ["auditor"]}), 422, "reason")
    path = f"{V1}/principals/{account['id']}"
    mixed = {"roles": ["auditor", "registrar"], "note": "兼任"}
    told(security.patch(path, mixed, account["version"]), 422, "roles")
    assert security.patch(path, {"roles": ["reader"]}, account["version"]).status_code == 200
    whole(database)


@pytest.mark.parametrize("scopes", [["read"], ["read", "write"]])
def test_a_key_is_made_by_two(deciders, client, database, scopes):
    security, other = deciders["security"], deciders["other_security"]
    account = new_account(security, other, name="平台", roles=["registrar"])
    keys = f"{V1}/principals/{account['id']}/keys"
    told(security.post(keys, {"scopes": ["write"]}), 422, "reason")
    told(security.post(keys, {"scopes": ["write"], "networks": ["10.0.0.1"]}), 422, "networks")
    asked = security.post(keys, {"scopes": scopes, "reason": "同步"})
    assert asked.status_code == 202
    assert security.get(keys).get_json()["items"] == []
    done = approved(other, asked)
    [key] = security.get(keys).get_json()["items"]
    assert (key["scopes"], key["secrets"]) == (scopes, [])
    told(security.post(f"{V1}/keys/{key['id']}/secrets", {}), 403)
    told(other.post(f"{V1}/keys/{key['id']}/secrets", {}), 403)
    secret = exchanged(client, code_of(asked, done)).get_json()["secret"]
    holder = {"Authorization": f"Bearer {secret}"}
    assert client.get(f"{V1}/me", headers=holder).get_json()["name"] == "平台"
    whole(database)


def test_a_holder_rotates_its_own_key(deciders, client, database):
    security, other = deciders["security"], deciders["other_security"]
    account = new_account(security, other, name="平台", roles=["reader"])
    first = new_key(client, security, other, account, scopes=["read"])
    path = f"{V1}/keys/{first['id']}"
    old = {"Authorization": f"Bearer {first['secret']}"}
    second = client.post(f"{path}/secrets", json={}, headers=old).get_json()
    new = {"Authorization": f"Bearer {second['secret']}"}
    told(client.post(f"{path}/secrets", json={}, headers=new), 409)
    number = first["secrets"][0]["id"]
    ended = client.post(f"{path}/secrets/{number}/revocation", json={}, headers=new)
    assert ended.status_code == 200
    told(client.get(f"{V1}/me", headers=old), 401)
    assert client.get(f"{V1}/me", headers=new).status_code == 200
    client.post(f"{path}/revocation", json={}, headers=new)
    told(client.get(f"{V1}/me", headers=new), 401)
    whole(database)


# -- the audit -----------------------------------------------------------------------------------


def test_what_was_refused_or_failed_leaves_an_event(deciders, database, monkeypatch):
    editor = deciders["editor"]
    one = f"{V1}/recommendations/{find(editor)['id']}"
    editor.post(f"{one}/reports", {"text": "进展"})
    editor.patch(one, {"due_on": "2099-01-01"}, 1)
    editor.get(f"{V1}/recommendations/999999")
    editor.get(f"{V1}/audit")
    editor.post(f"{one}/tags", {"add": ["nothing"]}, 1)
    editor.post(f"{one}/tags", {"add": ["metaverse"]}, 7)
    editor.post(f"{one}/tags", {"add": []})
    monkeypatch.setattr("app.register.tags.services.tags.check_slugs", lambda *a: 1 / 0)
    editor.post(f"{one}/tags", {"add": ["metaverse"]}, 1)
    auditor = deciders["auditor"]
    found = auditor.get(f"{V1}/audit?outcome=refused&sort=sequence").get_json()["items"]
    found += auditor.get(f"{V1}/audit?outcome=failed").get_json()["items"]
    number = find(editor)["id"]
    seen = [(e["operation"], e["record_id"], e["changes"]["status"][1]) for e in found]
    assert seen == [
        ("addReport", number, 403), ("editRecommendation", number, 403),
        ("getRecommendation", 999999, 404), ("listAudit", 0, 403),
        ("tagRecommendation", number, 422), ("tagRecommendation", number, 412),
        ("tagRecommendation", number, 428), ("tagRecommendation", number, 500),
    ]  # fmt: skip
    assert [e["outcome"] for e in found] == ["refused"] * 7 + ["failed"]
    assert found[0]["office_name"]
    assert found[0]["actor_name"] == "测试人员"
    history = editor.get(f"{one}/history").get_json()["items"]
    assert [event["operation"] for event in history] == ["recommendation.created"]
    whole(database)


def test_no_event_no_change(deciders, database, monkeypatch):
    editor = deciders["editor"]
    before = find(editor)
    monkeypatch.setattr("app.audit.services.recorder.event_hash", lambda row: 1 / 0)
    one = f"{V1}/recommendations/{before['id']}"
    told(editor.post(f"{one}/tags", {"add": ["metaverse"]}, 1), 500)
    assert find(editor)["version"] == before["version"]


def test_the_audit_is_filtered_and_paged(deciders, verified):
    auditor = deciders["auditor"]
    number = int(verified.rpartition("/")[2])
    path = f"{V1}/audit?record_type=recommendation&record={number}"
    items = auditor.get(path).get_json()["items"]
    assert [e["record_version"] for e in items] == [5, 4, 3, 2, 1]
    assert items[0]["previous_hash"]
    first = auditor.get(f"{path}&limit=2").get_json()
    rest = auditor.get(f"{path}&limit=2&cursor={first['next']}").get_json()
    assert [e["sequence"] for e in first["items"] + rest["items"]] == [
        e["sequence"] for e in items[:4]
    ]
    principal = items[0]["principal_id"]
    assert len(auditor.get(f"{V1}/audit?principal={principal}").get_json()["items"]) == 1
    since = items[1]["at"].replace("+", "%2B")
    assert len(auditor.get(f"{path}&since={since}").get_json()["items"]) == 2
    assert len(auditor.get(f"{path}&until={since}").get_json()["items"]) == 3
    for row in items:  # what auditors read is what the chain covers
        text = json.dumps(row["changes"], ensure_ascii=False, sort_keys=True,
                          separators=(",", ":"))  # fmt: skip
        name = "" if row["actor_seal"] else row["actor_name"]
        at = row["at"].replace("Z", "+00:00")
        seals = json.dumps(row["seals"], sort_keys=True, separators=(",", ":"))
        covered = {**row, "changes": text, "seals": seals, "actor_name": name, "at": at}
        assert chain.event_hash(covered) == row["hash"]


def test_a_write_is_answered_with_its_receipt(deciders, database, monkeypatch):
    signer = Signer(bytes(range(32)))
    monkeypatch.setattr(database, "signer", signer)
    editor = deciders["editor"]
    one = f"{V1}/recommendations/{find(editor)['id']}"
    answer = editor.post(f"{one}/tags", {"add": ["metaverse"]}, 1)
    sequence, digest, key, signature = answer.headers["Audit-Receipt"].split(";")
    event = database.read(lambda s: s.get_one(Event, int(sequence)))
    assert (event.hash, key) == (digest, signer.key_id)
    text = chain.receipt_text(int(sequence), digest)
    assert chain.is_signed_hex(signer.public_key, text, signature)
    nothing = editor.post(f"{one}/tags", {"add": ["metaverse"]}, 2)
    assert "Audit-Receipt" not in nothing.headers


# -- personal data -------------------------------------------------------------------------------


def texts(database):
    """Return everything that stands in the tables which could hold personal data, as text."""

    def read(session):
        rows = [session.execute(sa.select(EVENTS)).all(), session.execute(
            sa.select(SealedValue)).scalars().all()]  # fmt: skip
        sealed = [(v.value, v.salt) for v in rows[1]]
        people = session.execute(sa.select(Principal.name, Principal.subject)).all()
        reports = session.execute(sa.select(ProgressReport.reported_by)).all()
        return f"{rows[0]} {sealed} {people} {reports}"

    return database.read(read)


def test_how_a_person_is_reached_can_be_erased_and_the_chain_stays(deciders, database):
    registrar = deciders["registrar"]
    path = f"{V1}/persons/liu-li"
    version = registrar.get(path).get_json()["version"]
    answer = registrar.patch(path, {"phone": PHONE, "email": "a@example.org"}, version)
    assert answer.get_json()["phone"] == PHONE
    registrar.patch(path, {"phone": "0371-1", "note": "更正"}, version + 1)
    assert PHONE in texts(database)
    events = f"{V1}/audit?record_type=person"
    audit = deciders["auditor"].get(events).get_json()["items"]
    assert PHONE not in json.dumps(audit)
    assert deciders["editor"].get(path).get_json()["phone"] is None
    asked = registrar.post(f"{path}/erasure", {"reason": "本人要求"}).get_json()
    whole(database)
    told(decide(registrar, asked), 403)
    assert decide(deciders["other_registrar"], asked).status_code == 200
    assert registrar.get(path).get_json()["phone"] is None
    assert PHONE not in texts(database)
    assert "0371-1" not in texts(database)
    whole(database)


def test_an_account_can_be_erased_and_the_chain_stays(deciders, client, database):
    editor = deciders["editor"]
    one = f"{V1}/recommendations/{find(editor)['id']}"
    editor.post(f"{one}/offices", {"office": INDUSTRY}, 1)
    editor.post(f"{one}/reports", {"text": "进展"}, **{"Idempotency-Key": "k"})
    me = database.read(lambda s: s.scalar(sa.select(Principal.id).order_by(Principal.id).limit(1)))
    name = "姓名很少见的人"
    security = deciders["security"]
    body = {"name": name, "roles": ["office_editor"], "office": INDUSTRY, "kind": "person",
            "subject": "zhang-1234"}  # fmt: skip
    person = new_account(security, deciders["other_security"], **body)
    assert name in texts(database)
    path = f"{V1}/principals/{person['id']}"
    asked = security.post(f"{path}/erasure", {"reason": "离职"}).get_json()
    assert decide(deciders["other_security"], asked).status_code == 200
    erased = security.get(path).get_json()
    assert (erased["name"], erased["subject"]) == ("（已删除）", None)
    assert erased["disabled_at"]
    assert name not in texts(database)
    assert "zhang-1234" not in texts(database)
    asked = security.post(f"{V1}/principals/{me}/erasure", {"reason": "离职"}).get_json()
    assert decide(deciders["other_security"], asked).status_code == 200
    told(editor.get(f"{V1}/me"), 401)
    shown = client.get(f"{one}/reports").get_json()["items"][0]["reported_by"]
    assert shown == "（已删除）"
    history = client.get(f"{one}/history").get_json()["items"]
    assert {event["actor_name"] for event in history[1:]} == {"（已删除）"}
    whole(database)


def test_contact_data_stands_in_no_list(deciders, client):
    registrar = deciders["registrar"]
    path = f"{V1}/persons/liu-li"
    registrar.patch(path, {"phone": PHONE}, registrar.get(path).get_json()["version"])
    for place in ("persons?limit=200", "proposals?limit=200", "recommendations?limit=200"):
        assert PHONE not in registrar.get(f"{V1}/{place}").text
    assert registrar.get(f"{V1}/recommendations?q={PHONE}").get_json()["items"] == []
    assert PHONE not in client.get(path).text


# -- answers -------------------------------------------------------------------------------------


def test_every_answer_tells_browsers_to_do_nothing(client):
    for path in ("/livez", f"{V1}/tags", f"{V1}/nothing", "/openapi.json"):
        headers = client.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Strict-Transport-Security" not in headers
    secure = client.get("/livez", base_url="https://localhost")
    assert "max-age" in secure.headers["Strict-Transport-Security"]


def test_pages_of_named_origins_may_read(app, client, monkeypatch):
    settings = replace(app.extensions["settings"], cors_origins=("https://city.example",))
    monkeypatch.setitem(app.extensions, "settings", settings)
    path, good = f"{V1}/tags", {"Origin": "https://city.example"}
    answer = client.get(path, headers=good)
    assert answer.headers["Access-Control-Allow-Origin"] == "https://city.example"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Origin" in answer.headers["Vary"]
    for origin in ("https://evil.example", "https://city.example.evil", "null"):
        other = client.get(path, headers={"Origin": origin})
        assert "Access-Control-Allow-Origin" not in other.headers
        assert "Origin" in other.headers["Vary"]
    asked = client.options(path, headers=good | {"Access-Control-Request-Method": "POST"})
    assert asked.headers["Access-Control-Allow-Methods"] == "GET, HEAD"
    assert "If-None-Match" in asked.headers["Access-Control-Allow-Headers"]
    assert "Idempotency-Key" not in asked.headers["Access-Control-Allow-Headers"]
    changed = client.post(path, json={}, headers=good)
    assert "Access-Control-Allow-Origin" not in changed.headers


def test_a_request_names_its_host(app):
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/livez",
        "SERVER_NAME": "x",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
    }
    seen = []
    body = b"".join(app(environ, lambda status, headers: seen.append(status)))
    assert seen == ["400 BAD REQUEST"]
    assert b"no-host" in body


def test_a_slash_too_many_is_no_redirect(client):
    assert client.get(f"{V1}/tags/").status_code in (200, 404)
    assert client.get(f"{V1}//tags").status_code == 404


def test_contacts_of_another_office(deciders, client, database):
    """The office that handles a person's proposal may ring them up; another may not."""
    registrar = deciders["registrar"]
    path = f"{V1}/persons/liu-li"
    registrar.patch(path, {"phone": PHONE, "address": "某街"}, 1)
    found = registrar.get(f"{V1}/recommendations?proposer=liu-li&limit=1").get_json()["items"][0]
    one = f"{V1}/recommendations/{found['id']}"
    editor, other = deciders["editor"], make_caller(client, database, *EDITOR, office=DATA)
    assert editor.get(path).get_json()["phone"] is None
    registrar.post(f"{one}/offices", {"office": INDUSTRY}, found["version"])
    assert editor.get(path).get_json()["phone"] == PHONE
    assert editor.get(path).get_json()["address"] is None
    assert other.get(path).get_json()["phone"] is None
