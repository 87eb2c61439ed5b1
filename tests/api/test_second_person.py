"""What a key, an administrator or an old answer must not be good for."""

import json

import pytest
import sqlalchemy as sa

from app.accounts.services import keys
from app.core.codes import Role, Scope
from app.http.security import refused_attempts
from app.http.security.oidc import LONGEST_SUBJECT
from app.models import Event, FailedSignIns, Principal, Replay
from tests.support.accounts import new_account
from tests.support.factories import DATA, EDITOR, INDUSTRY, OPERATOR, Caller, find, make_caller
from tests.support.problems import told
from tests.support.trust import EVIDENCE, V1, decide, deciders, verified, whole

__all__ = ["deciders", "verified"]


def further_key(client, database, number, **more):
    """Return a caller with a further key of the account *number*, and the key's number."""

    def make(session):
        account = session.get_one(Principal, number)
        made = keys.create_key(session, OPERATOR, account, keys.KeyInput(**more))
        return keys.issue_secret(session, OPERATOR, made), made.id

    secret, key = database.write(make)
    return Caller(client, secret), key


@pytest.fixture
def numbers(deciders, database):
    """Give the number of each caller's account, by name."""
    made = database.read(lambda s: s.scalars(sa.select(Principal.id).order_by(Principal.id)).all())
    return dict(zip(deciders, made, strict=True))


# -- keys ----------------------------------------------------------------------------------------


def test_a_narrow_key_gives_nothing_of_a_wider_one(deciders, client, database, numbers):
    mine = numbers["editor"]
    narrow, own = further_key(client, database, mine, scopes=[Scope.READ])
    _, wide = further_key(client, database, mine, scopes=list(Scope))
    told(narrow.post(f"{V1}/keys/{wide}/secrets", {}), 403)
    told(narrow.post(f"{V1}/keys/{wide}/revocation", {}), 403)
    assert narrow.post(f"{V1}/keys/{own}/secrets", {}).status_code == 201
    assert narrow.post(f"{V1}/keys/{own}/revocation", {}).status_code == 200
    whole(database)


def test_a_key_that_only_reads_withdraws_nothing(deciders, client, database, verified, numbers):
    again = {"axis": "progress", "to": "in_progress", "reason": "复查"}
    asked = deciders["supervisor"].post(f"{verified}/transitions", again, 5).get_json()
    narrow, _ = further_key(client, database, numbers["supervisor"], scopes=[Scope.READ])
    path = f"{V1}/approvals/{asked['id']}/decision"
    told(narrow.post(path, {"decision": "withdraw"}), 403)
    assert deciders["supervisor"].post(path, {"decision": "withdraw"}).status_code == 200


def test_an_administrator_takes_no_secret_of_a_key_in_use(deciders, client, database, numbers):
    _, theirs = further_key(client, database, numbers["other_security"], scopes=list(Scope))
    told(deciders["security"].post(f"{V1}/keys/{theirs}/secrets", {}), 403)
    assert deciders["security"].post(f"{V1}/keys/{theirs}/revocation", {}).status_code == 200


# -- two persons ---------------------------------------------------------------------------------


def test_nobody_changes_the_own_account_alone(deciders, numbers):
    security = deciders["security"]
    path = f"{V1}/principals/{numbers['security']}"
    body = {"roles": ["registrar"], "note": "兼管登记"}
    asked = told_asked(security.patch(path, body, security.get(path).get_json()["version"]))
    assert security.get(path).get_json()["roles"] == ["security_admin"]
    told(decide(security, asked), 403)
    assert decide(deciders["other_security"], asked).status_code == 200


def told_asked(answer):
    """Return the request for approval that *answer* is."""
    assert answer.status_code == 202, answer.text
    return answer.get_json()


def test_an_administrator_is_let_in_again_by_two(deciders, numbers):
    security = deciders["security"]
    path = f"{V1}/principals/{numbers['auditor']}"
    version = security.get(path).get_json()["version"]
    gone = security.patch(path, {"disabled": True}, version).get_json()
    body = {"disabled": False, "note": "误停"}
    asked = told_asked(security.patch(path, body, gone["version"]))
    assert security.get(path).get_json()["disabled_at"]
    assert decide(deciders["other_security"], asked).status_code == 200
    assert security.get(path).get_json()["disabled_at"] is None


def test_an_erased_account_never_comes_in_again(deciders, numbers):
    security = deciders["security"]
    path = f"{V1}/principals/{numbers['editor']}"
    asked = security.post(f"{path}/erasure", {"reason": "离职"}).get_json()
    decide(deciders["other_security"], asked)
    version = security.get(path).get_json()["version"]
    told(security.patch(path, {"disabled": False}, version), 422, "disabled")


REQUESTS = {
    "grant_admin": ("PATCH", "", {"roles": ["auditor"], "note": "换届"}),
    "write_key": ("POST", "/keys", {"scopes": ["write"], "reason": "同步"}),
    "erase_principal": ("POST", "/erasure", {"reason": "离职"}),
}


@pytest.mark.parametrize("wanted", REQUESTS)
def test_what_was_asked_is_not_done_once_the_account_is_another(deciders, numbers, wanted):
    security, path = deciders["security"], f"{V1}/principals/{numbers['registrar']}"
    method, more, body = REQUESTS[wanted]
    version = security.get(path).get_json()["version"]
    asked = told_asked(security.send(method, path + more, body, version))
    assert asked["kind"] == wanted
    assert security.patch(path, {"roles": ["reader"]}, version).status_code == 200
    told(decide(deciders["other_security"], asked), 409)
    assert security.get(path).get_json()["roles"] == ["reader"]


@pytest.mark.parametrize("wanted", REQUESTS)
def test_what_was_asked_is_not_done_for_one_who_is_gone(deciders, numbers, wanted):
    security, other = deciders["security"], deciders["other_security"]
    path = f"{V1}/principals/{numbers['registrar']}"
    method, more, body = REQUESTS[wanted]
    version = security.get(path).get_json()["version"]
    asked = told_asked(security.send(method, path + more, body, version))
    mine = f"{V1}/principals/{numbers['security']}"
    gone = other.patch(mine, {"disabled": True}, other.get(mine).get_json()["version"])
    assert gone.status_code == 200
    told(decide(other, asked), 409)
    assert other.get(f"{path}/keys").get_json()["items"][0]["revoked_at"] is None


def test_a_request_about_what_is_hidden_is_hidden(deciders, verified, database):
    supervisor, registrar = deciders["supervisor"], deciders["registrar"]
    again = {"axis": "progress", "to": "in_progress", "reason": "复查"}
    asked = supervisor.post(f"{verified}/transitions", again, 5).get_json()
    path = f"{V1}/approvals/{asked['id']}"
    assert deciders["other_supervisor"].get(path).status_code == 200
    hide(registrar, find(registrar)["proposal"]["id"], "restricted")
    told(deciders["other_supervisor"].get(path), 404)
    assert deciders["auditor"].get(path).status_code == 200


def hide(registrar, proposal, publication):
    """Give a proposal another publication."""
    path = f"{V1}/proposals/{proposal}"
    version = registrar.get(path).get_json()["version"]
    assert registrar.patch(path, {"publication": publication}, version).status_code == 200


# -- answers that were kept ----------------------------------------------------------------------


def test_a_kept_answer_is_for_those_who_may_still_ask(deciders, database):
    editor, registrar = deciders["editor"], deciders["registrar"]
    record = find(editor)
    one = f"{V1}/recommendations/{record['id']}"
    editor.post(f"{one}/offices", {"office": INDUSTRY}, 1)
    sent = {"Idempotency-Key": "once"}
    assert editor.post(f"{one}/reports", {"text": "进展"}, **sent).status_code == 201
    assert editor.post(f"{one}/reports", {"text": "进展"}, **sent).status_code == 201
    hide(registrar, record["proposal"]["id"], "restricted")
    told(editor.post(f"{one}/reports", {"text": "进展"}, **sent), 404)


def test_no_kept_answer_holds_an_erased_name(deciders, database):
    security, name = deciders["security"], '姓名"很\\少见'
    body = {"name": name, "roles": ["reader"]}
    sent = {"Idempotency-Key": "once"}
    made = new_account(security, deciders["other_security"], sent, **body)
    asked = security.post(f"{V1}/principals/{made['id']}/erasure", {"reason": "离职"}).get_json()
    decide(deciders["other_security"], asked)
    kept = database.read(lambda s: [row.body for row in s.scalars(sa.select(Replay))])
    assert kept == [None]
    told(security.post(f"{V1}/principals", body, **sent), 409)


def test_no_hash_of_personal_data_is_left_behind(deciders, database):
    registrar, path = deciders["registrar"], f"{V1}/persons/liu-li"
    told(registrar.patch(path, {"phone": "0371-1"}, 99), 412)
    told(deciders["editor"].post(f"{V1}/principals", {"name": "某人", "roles": ["reader"]}), 403)
    refused = sa.select(Event.operation, Event.changes).where(Event.outcome == "refused")
    seen = dict(database.read(lambda s: s.execute(refused).all()))
    assert seen.keys() == {"editPerson", "createPrincipal"} <= refused_attempts.PERSONAL
    assert not any("body_sha256" in changes for changes in seen.values())


# -- what was hidden once ------------------------------------------------------------------------


def test_a_report_from_hidden_times_stays_hidden(deciders, client, database):
    editor, registrar = deciders["editor"], deciders["registrar"]
    record = find(editor)
    one = f"{V1}/recommendations/{record['id']}"
    editor.post(f"{one}/offices", {"office": INDUSTRY}, 1)
    hide(registrar, record["proposal"]["id"], "internal")
    editor.post(f"{one}/reports", {"text": "内部进展", "evidence": EVIDENCE})
    hide(registrar, record["proposal"]["id"], "published")
    editor.post(f"{one}/reports", {"text": "公开进展"})

    def texts(caller):
        listed = [row["text"] for row in caller.get(f"{one}/reports").get_json()["items"]]
        assert [row["text"] for row in caller.get(one).get_json()["reports"]] == listed
        return listed

    assert texts(client) == ["公开进展"]
    assert texts(make_caller(client, database, *EDITOR, office=DATA)) == ["公开进展"]
    assert texts(editor) == texts(registrar) == ["内部进展", "公开进展"]


def test_history_names_no_hidden_recommendation(deciders, client, database):
    editor, registrar = deciders["editor"], deciders["registrar"]
    other = find(editor, "D000-P08-R01")
    one = f"{V1}/recommendations/{find(editor)['id']}"
    editor.post(f"{one}/offices", {"office": INDUSTRY}, 1)
    body = {"axis": "progress", "to": "superseded", "superseded_by": other["reference"]}
    assert editor.post(f"{one}/transitions", body, 2).status_code == 200

    def named(caller):
        last = caller.get(f"{one}/history").get_json()["items"][-1]
        return last["changes"]["superseded_by"][1]

    assert named(client) == other["reference"]
    hide(registrar, other["proposal"]["id"], "restricted")
    assert named(client) is None
    assert other["reference"] not in client.get(f"{one}/history").text
    assert named(registrar) == other["reference"]


def test_a_hidden_person_is_no_filter(deciders, client):
    registrar = deciders["registrar"]
    path = f"{V1}/recommendations?proposer=liu-li"
    for row in registrar.get(f"{V1}/proposals?proposer=liu-li").get_json()["items"]:
        assert client.get(path).status_code == 200
        hide(registrar, row["id"], "restricted")
    hidden, absent = client.get(path), client.get(f"{V1}/recommendations?proposer=nobody")
    assert hidden.status_code == absent.status_code == 422
    assert registrar.get(path).status_code == 200


# -- limits --------------------------------------------------------------------------------------


def test_a_new_subject_that_another_process_met_first(app, database, monkeypatch):
    from app.core.clock import utcnow
    from app.http.security import rate_limits

    with database.counting() as session:
        session.add(FailedSignIns(subject="network:x", number=3, since=utcnow()))

    def met_late(session, model, subject, **how):
        found = real(session, model, subject, **how)
        return None if not seen and not seen.append(1) else found

    seen, real = [], type(session).get
    monkeypatch.setattr(type(session), "get", met_late)
    with database.counting() as session:
        row = rate_limits.locked(
            session, FailedSignIns(subject="network:x", number=0, since=utcnow())
        )
        assert row.number == 3


def test_a_key_from_a_foreign_network_is_limited_too(app, client, database):
    from dataclasses import replace

    from app.http.security.rate_limits import Limits

    caller = make_caller(client, database, Role.READER)
    number = me_number(database)
    far, _ = further_key(client, database, number, scopes=[Scope.READ], networks=["192.0.2.0/24"])
    settings = replace(app.extensions["settings"], key_rate=1, key_burst=20)
    app.extensions["limits"] = Limits(lambda: database, settings)
    seen = [far.get(f"{V1}/tags").status_code for _ in range(40)]
    assert set(seen[:20]) == {403}
    assert 429 in seen
    assert caller.get(f"{V1}/tags").status_code == 200


def me_number(database):
    return database.read(lambda s: s.scalar(sa.select(sa.func.max(Principal.id))))


@pytest.mark.parametrize("subject", ["x\ud800", "x\n", "x" * LONGEST_SUBJECT])
def test_a_subject_is_text_that_can_be_kept(app, monkeypatch, subject):
    from types import SimpleNamespace

    pytest.importorskip("joserfc")
    from joserfc import jwt

    from app.core.errors import KeyRequired
    from app.http.security.oidc import Tokens

    known = SimpleNamespace(oidc_issuer="i", oidc_jwks="k", oidc_audience="a")
    tokens = Tokens(known)
    claims = {"iss": "i", "aud": "a", "sub": subject, "exp": 9_999_999_999}
    monkeypatch.setattr(jwt, "decode", lambda *a, **k: SimpleNamespace(claims=claims))
    monkeypatch.setattr(tokens, "provider_keys", lambda hurry: None)
    with pytest.raises(KeyRequired):
        tokens.subject("a.b.c")
    claims["sub"] = "zhang"
    assert tokens.subject("a.b.c") == "i|zhang"
    assert json.dumps(claims)
