"""A new key is in its holder's hand alone: a code in two halves, each seen by another person."""

import json
import logging
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts.services import keys
from app.core.clock import utcnow
from app.http.security import security_log
from app.http.security.rate_limits import Limits
from app.models import AccessKey, Approval, Event, Exchange, KeySecret, Replay
from tests.support.accounts import V1, approved, code_of, exchanged, new_account, new_key
from tests.support.exchanges import account_of
from tests.support.factories import OPERATOR, Caller, everything
from tests.support.problems import told


@pytest.fixture
def platform(admins):
    """Give the account of an integrator, made by two."""
    return new_account(admins["one"], admins["two"], name="平台", roles=["reader"])


def asked_and_done(admins, account, **key):
    """Return what one asked for a key of *account*, and what came of its approval by two."""
    path = f"{V1}/principals/{account['id']}/keys"
    asked = admins["one"].post(path, {"scopes": ["read"], "reason": "接口", **key})
    return asked, approved(admins["two"], asked)


def test_one_administrator_alone_reads_nothing_through_the_auditor(admins, database):
    one, auditor = admins["one"], account_of(database, admins["auditor"])
    asked = one.post(f"{V1}/principals/{auditor}/keys", {"scopes": ["read"]})
    assert asked.status_code == 202
    assert len(one.get(f"{V1}/principals/{auditor}/keys").get_json()["items"]) == 1
    decision = f"{V1}/approvals/{asked.get_json()['id']}/decision"
    told(one.post(decision, {"decision": "approve"}), 403)
    [key] = one.get(f"{V1}/principals/{auditor}/keys").get_json()["items"]
    told(one.post(f"{V1}/keys/{key['id']}/secrets", {}), 403)


def test_the_holder_exchanges_both_halves_for_the_key(admins, platform, client, database):
    asked, done = asked_and_done(admins, platform)
    halves = code_of(asked, done)
    assert asked.get_json()["halves"][0]["account"] == 0
    key = exchanged(client, halves[::-1]).get_json()
    assert key["principal_id"] == platform["id"]
    me = Caller(client, key["secret"]).get(f"{V1}/me").get_json()
    assert (me["name"], me["roles"]) == ("平台", ["reader"])
    mine = sa.select(Event).where(Event.operation == "key.exchanged")
    [event] = database.read(lambda s: s.scalars(mine).all())
    assert (event.principal_id, event.key_prefix) == (platform["id"], key["reference"])
    assert event.approval_id == asked.get_json()["id"]
    assert database.read(everything) == []


def test_neither_half_is_worth_anything_alone(admins, platform, client):
    asked, done = asked_and_done(admins, platform)
    first, second = code_of(asked, done)
    other = code_of(*asked_and_done(admins, platform))
    for halves in ([first, first], [second, second], [first, other[1]], [other[0], second],
                   [first, "prh_x"], ["prh_x", "prh_y"]):  # fmt: skip
        told(exchanged(client, halves), 401)
    assert exchanged(client, [first, second]).status_code == 201


def test_a_half_before_the_approval_gives_nothing(admins, platform, client):
    path = f"{V1}/principals/{platform['id']}/keys"
    half = admins["one"].post(path, {"scopes": ["read"]}).get_json()["halves"][0]["half"]
    told(exchanged(client, [half, half]), 401)
    told(exchanged(client, [half, "None"]), 401)


def test_a_wrong_a_used_and_an_expired_code_are_answered_alike(
    admins, platform, client, monkeypatch
):
    used = code_of(*asked_and_done(admins, platform))
    late = code_of(*asked_and_done(admins, platform))
    assert exchanged(client, used).status_code == 201
    answers = [exchanged(client, used), exchanged(client, ["prh_1", "prh_2"])]
    later = utcnow() + timedelta(hours=72, seconds=1)
    monkeypatch.setattr("app.core.clock.clock", lambda: later)
    answers.append(exchanged(client, late))
    shown = [told(answer, 401) | {"instance": None} for answer in answers]
    assert shown[0] == shown[1] == shown[2]
    assert "告知安全管理员" in shown[0]["detail"]
    assert {answer.headers["WWW-Authenticate"] for answer in answers} == {
        'Bearer realm="proposal-register"'
    }


def test_a_code_is_good_for_a_key_that_is_still_to_be_had(admins, platform, client, database):
    one = admins["one"]

    def ended(change):
        asked, done = asked_and_done(admins, platform)
        key = one.get(f"{V1}/principals/{platform['id']}/keys").get_json()["items"][-1]
        change(key)
        told(exchanged(client, code_of(asked, done)), 401)

    ended(lambda key: one.post(f"{V1}/keys/{key['id']}/revocation", {}))
    ended(lambda key: database.write(lambda s: keys.issue_secret(
        s, OPERATOR, s.get_one(AccessKey, key["id"]))))  # fmt: skip
    path = f"{V1}/principals/{platform['id']}"
    version = one.get(path).get_json()["version"]
    ended(lambda key: one.patch(path, {"disabled": True}, version))


def test_a_code_is_exchanged_only_from_the_networks_of_its_key(admins, platform, client):
    code = code_of(*asked_and_done(admins, platform, networks=["10.1.0.0/16"]))
    told(exchanged(client, code, REMOTE_ADDR="10.2.0.1"), 401)
    assert exchanged(client, code, REMOTE_ADDR="10.1.2.3").status_code == 201


def test_failed_exchanges_count_as_failed_sign_ins(app, admins, platform, client, database):
    settings = replace(app.extensions["settings"], failed_sign_ins=3)
    code = code_of(*asked_and_done(admins, platform))
    app.extensions["limits"] = Limits(lambda: database, settings)
    statuses = [exchanged(client, ["prh_1", "prh_2"]).status_code for _ in range(5)]
    assert statuses == [401, 401, 401, 429, 429]
    assert exchanged(client, code).status_code == 201  # a good one is let in all the same


def test_a_code_that_was_used_stands_in_the_security_log(
    admins, platform, client, caplog, monkeypatch
):
    caplog.set_level(logging.WARNING, "register.security")
    monkeypatch.setattr(security_log, "budget", security_log.Budget())
    halves = code_of(*asked_and_done(admins, platform))
    reference = exchanged(client, halves).get_json()["reference"]
    exchanged(client, halves)
    assert reference.removeprefix("prk_") in caplog.text
    assert not any(half in caplog.text for half in halves)


def test_halves_are_kept_only_as_hashes(admins, platform, client, database):
    sent = {"Idempotency-Key": "once"}
    path = f"{V1}/principals/{platform['id']}/keys"
    asked = admins["one"].post(path, {"scopes": ["read"]}, **sent)
    done = approved(admins["two"], asked)
    halves = code_of(asked, done)
    exchanged(client, halves)
    tables = (Approval, Event, Exchange, KeySecret, Replay)

    def everywhere(session):
        rows = [session.execute(sa.select(*model.__table__.columns)).all() for model in tables]
        return json.dumps(rows, default=str)

    text = database.read(everywhere)
    assert not any(half in text for half in halves)
    shown = admins["two"].get(f"{V1}/approvals/{done['id']}").text
    assert not any(half in shown for half in halves)
    told(admins["one"].post(path, {"scopes": ["read"]}, **sent), 409)


def test_nobody_who_manages_keys_draws_a_secret(admins, platform, client):
    key = new_key(client, admins["one"], admins["two"], platform, scopes=["read"])
    for name in ("one", "two", "auditor"):
        told(admins[name].post(f"{V1}/keys/{key['id']}/secrets", {}), 403)
    holder = Caller(client, key["secret"])
    assert holder.post(f"{V1}/keys/{key['id']}/secrets", {}).status_code == 201


def test_what_is_asked_is_not_given_once_the_account_is_another(admins, platform, client):
    one, path = admins["one"], f"{V1}/principals/{platform['id']}"
    asked = one.post(f"{path}/keys", {"scopes": ["read"]})
    one.patch(path, {"disabled": True}, platform["version"])
    decision = f"{V1}/approvals/{asked.get_json()['id']}/decision"
    told(admins["two"].post(decision, {"decision": "approve"}), 409)
    assert one.get(f"{path}/keys").get_json()["items"] == []
