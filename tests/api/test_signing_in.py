"""Who comes in: keys, networks, tokens of an identity provider; and how often they may."""

import hmac
import json
import logging
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts.rules.keys import id_in, new_secret
from app.accounts.services.keys import KeyInput, create_key, issue_secret
from app.accounts.services.principals import AccountInput, create_principal, edit_principal
from app.core.codes import ActorKind, Role
from app.http.security import oidc, security_log
from app.http.security import rate_limits as limits_module
from app.http.security.oidc import Tokens
from app.http.security.rate_limits import Limits, network_of
from app.models import AccessKey, Event, Principal
from tests.support.factories import EDITOR, INDUSTRY, OPERATOR, find, make_caller, make_key
from tests.support.problems import told

V1 = "/api/v1"
ISSUER, AUDIENCE = "https://login.example.org", "register"


def limited(app, database, **settings):
    """Give *app* limits of its own."""
    chosen = replace(app.extensions["settings"], **settings)
    app.extensions["limits"] = Limits(lambda: database, chosen)


def network_key(database, *networks):
    """Return a key that may be used only from *networks*."""

    def make(session):
        account = create_principal(
            session, OPERATOR, AccountInput(kind=ActorKind.INTEGRATOR, name="甲", roles=["reader"])
        )
        key = create_key(session, OPERATOR, account, KeyInput(scopes=["read"], networks=networks))
        return issue_secret(session, OPERATOR, key)

    return database.write(make)


def me(client, key, **environ):
    headers = {"Authorization": f"Bearer {key}"}
    return client.get(f"{V1}/me", headers=headers, environ_overrides=environ)


def attempts(database):
    """Return what was refused or failed: operation, status."""
    rows = sa.select(Event).where(Event.outcome != "done").order_by(Event.sequence)
    found = database.read(lambda s: s.scalars(rows).all())
    return [(e.operation, json.loads(e.changes)["status"][1]) for e in found]


def test_a_key_is_good_only_from_its_networks(client, database):
    key = network_key(database, "10.1.0.0/16", "2001:db8::/32")
    for address, status in (
        ("10.1.2.3", 200), ("10.2.0.1", 403), ("2001:db8::1", 200), ("2001:db9::1", 403),
        ("", 403),
    ):  # fmt: skip
        assert me(client, key, REMOTE_ADDR=address).status_code == status, address
    assert attempts(database) == [("getMe", 403)] * 3


def test_a_header_of_a_client_does_not_change_where_it_comes_from(client, database):
    key = network_key(database, "10.1.0.0/16")
    headers = {"Authorization": f"Bearer {key}", "X-Forwarded-For": "10.1.2.3"}
    assert client.get(f"{V1}/me", headers=headers).status_code == 403


def test_roles_are_looked_up_on_each_request(client, database):
    caller = make_caller(client, database, Role.REGISTRAR)
    path = f"{V1}/recommendations/{find(caller)['id']}"
    assert caller.patch(path, {"due_on": "2099-01-01"}, 1).status_code == 200
    number = sa.select(AccessKey.principal_id).order_by(AccessKey.id.desc()).limit(1)

    def demote(session):
        account = session.get_one(Principal, session.scalar(number))
        edit_principal(session, OPERATOR, account, {"roles": ["reader"]})

    database.write(demote)
    told(caller.patch(path, {"due_on": "2099-01-02"}, 2), 403)


def test_a_key_stands_only_in_the_header(client, database):
    key = make_key(database, Role.AUDITOR)
    assert me(client, key).status_code == 200
    told(client.get(f"{V1}/me?key={key}"), 401)
    told(client.get(f"{V1}/me?access_token={key}"), 401)
    client.set_cookie("Authorization", f"Bearer {key}")
    told(client.get(f"{V1}/me"), 401)


def test_a_caller_is_slowed_down_when_its_bucket_is_empty(app, client, database, monkeypatch):
    limited(app, database, key_rate=0.5, key_burst=3)
    caller = make_caller(client, database, *EDITOR, office=INDUSTRY)
    answers = [caller.get(f"{V1}/me") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429, 429]
    problem = told(answers[3], 429)
    assert 1 <= int(answers[3].headers["Retry-After"]) <= 2
    assert "Retry" not in problem["detail"]
    assert attempts(database) == [("getMe", 429)]  # told once, not with each request
    other = make_caller(client, database, *EDITOR, office=INDUSTRY)
    assert other.get(f"{V1}/me").status_code == 200
    later = limits_module.utcnow() + timedelta(seconds=3)
    monkeypatch.setattr(limits_module, "utcnow", lambda: later)
    assert caller.get(f"{V1}/me").status_code == 200


def test_processes_share_one_bucket(app, client, database):
    limited(app, database, key_rate=0.001, key_burst=40)
    caller = make_caller(client, database, *EDITOR, office=INDUSTRY)
    done = 0
    for _ in range(4):  # four processes in turn, each with what it took
        limited(app, database, key_rate=0.001, key_burst=40)
        done += sum(caller.get(f"{V1}/me").status_code == 200 for _ in range(20))
    assert done <= 40
    assert done >= 36  # what a process took and did not use is lost


def test_failed_attempts_are_counted_by_network_and_key(app, client, database):
    limited(app, database, failed_sign_ins=3)
    good = make_key(database, Role.READER)
    wrong = new_secret(id_in(good))
    statuses = [me(client, wrong).status_code for _ in range(5)]
    assert statuses == [401, 401, 401, 429, 429]
    last = me(client, wrong)
    assert 0 < int(last.headers["Retry-After"]) <= 900
    assert me(client, good).status_code == 200  # a valid key is never locked out by others
    assert me(client, wrong, REMOTE_ADDR="203.0.113.9").status_code == 429  # the same key's id
    other = new_secret("bbbbbbbbbb")
    assert me(client, other, REMOTE_ADDR="203.0.113.9").status_code == 401
    assert me(client, other).status_code == 429  # the same network
    assert attempts(database) == []


def test_networks_are_counted_whole():
    assert network_of("10.1.2.3") == network_of("10.1.2.77") != network_of("10.1.3.3")
    assert network_of("2001:db8::1") == network_of("2001:db8:0:ff::9")
    assert network_of(None) == "network:unknown"


def test_unknown_callers_stand_in_the_security_log_and_nowhere_else(
    client, database, caplog, monkeypatch
):
    caplog.set_level(logging.WARNING, "register.security")
    monkeypatch.setattr(security_log, "budget", security_log.Budget())  # others have used theirs
    secret = new_secret("cccccccccc")
    me(client, secret)
    assert "cccccccccc" in caplog.text
    assert secret.split("_", 2)[2] not in caplog.text
    me(client, "nonsense\x00")
    assert attempts(database) == []


def test_the_security_log_is_bounded(app, monkeypatch, caplog):
    caplog.set_level(logging.WARNING, "register.security")
    monkeypatch.setattr(security_log, "budget", security_log.Budget())
    start = security_log.utcnow().replace(second=0)
    monkeypatch.setattr(security_log, "utcnow", lambda: start)
    with app.test_request_context():
        for _ in range(500):
            security_log.note("tried")
        assert len(caplog.records) == security_log.MOST_IN_A_MINUTE
        monkeypatch.setattr(security_log, "utcnow", lambda: start + timedelta(minutes=1))
        security_log.note("tried")
    assert "440 further attempts" in caplog.records[-2].getMessage()


# -- people --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def provider():
    """Give the keys of an identity provider and of someone else."""
    from joserfc.jwk import ECKey

    return {name: ECKey.generate_key("P-256", {"kid": name}) for name in ("one", "two", "other")}


@pytest.fixture
def signed_in(app, client, database, tmp_path, provider, monkeypatch):
    """Give what sends a token, made of claims and a key; 张三 has an account."""
    from joserfc import jwt

    path = tmp_path / "keys.json"
    path.write_text(json.dumps({"keys": [provider["one"].as_dict(private=False)]}))
    settings = replace(
        app.extensions["settings"], oidc_issuer=ISSUER, oidc_audience=AUDIENCE, oidc_jwks=str(path)
    )
    monkeypatch.setitem(app.extensions, "tokens", Tokens(settings))
    zhang = AccountInput(
        kind=ActorKind.PERSON,
        name="张三",
        roles=[*EDITOR],
        office=INDUSTRY,
        subject=f"{ISSUER}|zhang",
    )
    database.write(
        lambda s: create_principal(s, OPERATOR, zhang)
    )  # fmt: skip

    def send(key="one", header=None, **claims):
        now = int(oidc.utcnow().timestamp())
        known = {"iss": ISSUER, "aud": AUDIENCE, "sub": "zhang", "exp": now + 300, "iat": now}
        known = {name: v for name, v in (known | claims).items() if v is not None}
        header = {"alg": "ES256", "kid": key, **(header or {})}
        token = jwt.encode(header, known, provider[key], algorithms=["ES256"])
        return me(client, token)

    send.path = path
    return send


def test_a_person_signs_in_with_a_token(signed_in, client, database):
    answer = signed_in()
    assert answer.get_json()["name"] == "张三"
    assert answer.get_json()["kind"] == "person"
    assert answer.get_json()["roles"] == ["office_editor"]
    assert signed_in(aud=["other", AUDIENCE]).status_code == 200


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another"},
        {"aud": None},
        {"sub": None},
        {"sub": "nobody"},
        {"exp": 1},
        {"exp": None},
        {"exp": "soon"},
        {"nbf": 2**40},
        {"iat": 2**40},
    ],
    ids=str,
)
def test_a_token_must_say_what_we_expect(signed_in, claims):
    told(signed_in(**claims), 401)


def test_a_token_of_another_key_opens_nothing(signed_in, provider):
    told(signed_in(key="other"), 401)


def test_a_token_cannot_choose_its_algorithm(signed_in, client, provider):
    from base64 import urlsafe_b64encode as b64

    now = int(oidc.utcnow().timestamp())
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "zhang", "exp": now + 300}
    content = json.dumps(claims).encode()
    none = b".".join(b64(part).rstrip(b"=") for part in (b'{"alg":"none","kid":"one"}', content))
    told(me(client, none.decode() + "."), 401)
    public = provider["one"].as_pem(private=False)
    signed = b".".join(b64(p).rstrip(b"=") for p in (b'{"alg":"HS256","kid":"one"}', content))
    mark = b64(hmac.digest(public, signed, "sha256")).rstrip(b"=")
    told(me(client, f"{signed.decode()}.{mark.decode()}"), 401)


def test_a_new_key_of_the_provider_is_found_and_an_old_one_forgotten(signed_in, provider):
    told(signed_in(key="two"), 401)
    signed_in.path.write_text(json.dumps({"keys": [provider["two"].as_dict(private=False)]}))
    assert signed_in(key="two").status_code == 200
    told(signed_in(key="one"), 401)


def test_a_provider_that_is_away_is_no_error_of_ours(signed_in, provider, caplog):
    caplog.set_level(logging.CRITICAL)
    keys = signed_in.path.read_text()
    signed_in.path.write_text("no keys")
    told(signed_in(), 503)
    signed_in.path.unlink()
    told(signed_in(), 503)
    signed_in.path.write_text(keys)
    assert signed_in().status_code == 200
    signed_in.path.unlink()
    assert signed_in().status_code == 200  # what is known is good for a while


@pytest.mark.parametrize("token", ["..", "a.b.c", "a" * 9000 + ".b.c", "eyJ9.e30.", "\ud800.a.b"])
def test_what_is_no_token_is_refused(signed_in, client, token):
    headers = {"Authorization": f"Bearer {token}".encode("utf-8", "replace").decode("latin1")}
    told(client.get(f"{V1}/me", headers=headers), 401)


def test_without_a_provider_no_token_is_good(client):
    told(me(client, "a.b.c"), 401)


def test_a_disabled_person_stays_outside(signed_in, database):
    def disable(session):
        person = session.scalar(sa.select(Principal).where(Principal.subject.is_not(None)))
        edit_principal(session, OPERATOR, person, {"disabled": True})

    assert signed_in().status_code == 200
    database.write(disable)
    told(signed_in(), 401)
