"""Signing in to the pages by the identity provider: what is kept, what must agree, what fails."""

import logging
import re
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from joserfc.jwk import ECKey

from app.accounts.services.principals import AccountInput, create_principal, edit_principal
from app.console.signing_in.identity_provider import challenge_of
from app.console.signing_in.ways import new_way, opened_way, sealed
from app.core import clock
from app.core.codes import ActorKind
from app.http.security import fetching, security_log
from app.http.security.oidc import Tokens
from app.models import FailedSignIns, Principal, SignIn
from tests.support.factories import EDITOR, INDUSTRY, OPERATOR
from tests.support.identity_provider import CLIENT, fake_provider


@pytest.fixture(scope="module")
def serving():
    with fake_provider() as found:
        yield found


@pytest.fixture
def provider(serving, app, database, tmp_path, monkeypatch):
    """Give the provider of this register, which has an account for zhang."""
    serving.codes, serving.asked, serving.claims = {}, [], {}
    serving.answer, serving.signing = None, serving.key
    path = tmp_path / "keys.json"
    path.write_text(serving.keys)
    settings = replace(
        app.extensions["settings"],
        oidc_issuer=serving.issuer,
        oidc_jwks=str(path),
        oidc_client_id=CLIENT,
        oidc_authorization=f"{serving.issuer}/authorize?tenant=1",
        oidc_token=f"{serving.issuer}/token",
    )
    monkeypatch.setitem(app.extensions, "settings", settings)
    monkeypatch.setitem(app.extensions, "tokens", Tokens(settings))
    monkeypatch.setattr(security_log, "budget", security_log.Budget())
    zhang = AccountInput(
        kind=ActorKind.PERSON,
        name="张三",
        roles=[*EDITOR],
        office=INDUSTRY,
        subject=f"{serving.issuer}|zhang",
    )
    database.write(lambda session: create_principal(session, OPERATOR, zhang))
    return serving


def way_there(reader, back="/"):
    """Set out for the provider, and return the answer that leads there."""
    return reader.client.get("/sign-in/provider", query_string={"next": back})


def come_back(reader, **query):
    """Come back from the provider with *query*."""
    response = reader.client.get("/sign-in/return", query_string=query)
    return reader.show(response, "/sign-in/return")


def sign_in(reader, provider, subject="zhang", back="/"):
    there = way_there(reader, back).headers["Location"]
    return come_back(reader, **provider.signs_in(there, subject))


def is_signed_in(reader):
    return "退出" in reader.get("/").text


def failures(database):
    rows = sa.select(sa.func.sum(FailedSignIns.number))
    return database.read(lambda session: session.scalar(rows)) or 0


def test_a_person_signs_in_and_lands_on_a_page_of_our_own(reader, provider, database):
    sign_in(reader, provider, back="/offices?q=郑州")
    assert reader.status == 200
    [address] = re.findall(r'http-equiv="refresh" content="0; url=([^"]+)"', reader.response.text)
    assert address == "/offices?q=郑州"
    assert address in reader.page.links
    assert "张三" in reader.get("/").text
    row = database.read(lambda session: session.scalars(sa.select(SignIn)).one())
    assert row.secret_id is None
    assert failures(database) == 0


def test_what_leaves_the_browser_has_all_that_the_flow_needs_and_no_secret(reader, provider):
    response = way_there(reader)
    assert response.status_code == 303
    there = urlsplit(response.headers["Location"])
    query = parse_qs(there.query)
    assert there.path == "/authorize"
    assert query["tenant"] == ["1"]
    assert query["client_id"] == [CLIENT]
    assert query["redirect_uri"] == ["http://localhost/sign-in/return"]
    assert query["scope"] == ["openid"]
    [cookie] = [c for c in response.headers.getlist("Set-Cookie") if c.startswith("__Host-way=")]
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax", "Max-Age=600"} <= set(
        cookie.split("; ")
    )
    for name in ("state", "nonce"):
        assert len(query[name][0]) == 43
        assert query[name][0] not in cookie
    assert "no-store" in response.headers["Cache-Control"]


def test_the_cookie_of_the_session_is_strict_and_that_of_the_way_is_gone(reader, provider):
    sign_in(reader, provider)
    given = reader.response.headers.getlist("Set-Cookie")
    [own] = [one for one in given if one.startswith("__Host-register=")]
    assert {"Secure", "HttpOnly", "SameSite=Strict"} <= set(own.split("; "))
    [way] = [one for one in given if one.startswith("__Host-way=")]
    assert "Max-Age=0" in way
    assert reader.response.headers["Referrer-Policy"] == "no-referrer"


def test_a_state_that_is_not_of_this_browser_signs_nobody_in(reader, provider, database):
    there = way_there(reader).headers["Location"]
    back = provider.signs_in(there)
    come_back(reader, **back | {"state": "x" * 43})
    assert reader.status == 403
    assert "重新登录" in reader.page.text
    assert provider.asked == []
    come_back(reader, **back)  # the cookie went with the first try
    assert reader.status == 403
    assert failures(database) == 2
    assert not is_signed_in(reader)


def test_a_way_begun_in_another_browser_ends_nowhere(app, reader, provider):
    from tests.support.pages import Reader

    back = provider.signs_in(way_there(reader).headers["Location"], "zhang")
    victim = Reader(app.test_client())
    come_back(victim, **back)
    assert victim.status == 403
    assert not is_signed_in(victim)


def test_a_code_is_good_once(reader, provider, database):
    there = way_there(reader)
    back = provider.signs_in(there.headers["Location"])
    cookie = reader.client.get_cookie("__Host-way").value
    come_back(reader, **back)
    assert reader.status == 200
    reader.client.delete_cookie("__Host-register")
    reader.client.set_cookie("__Host-way", cookie)
    come_back(reader, **back)
    assert reader.status == 403
    assert not is_signed_in(reader)
    assert failures(database) == 1


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "of another way"},
        {"nonce": None},
        {"exp": 1},
        {"exp": None},
        {"iat": None},
        {"aud": "another"},
        {"aud": [CLIENT, "another"]},
        {"azp": "another"},
        {"iss": "https://evil.example"},
        {"sub": None},
    ],
    ids=str,
)
def test_an_id_token_must_be_of_this_very_way(reader, provider, database, claims):
    provider.claims = claims
    sign_in(reader, provider)
    assert reader.status == 403
    assert not is_signed_in(reader)
    assert failures(database) == 1


def test_a_token_for_several_that_names_us_is_good(reader, provider):
    provider.claims = {"aud": [CLIENT, "another"], "azp": CLIENT}
    sign_in(reader, provider)
    assert is_signed_in(reader)


def test_an_id_token_of_the_pages_opens_no_interface_for_programs(app, reader, provider):
    there = way_there(reader).headers["Location"]
    query = parse_qs(urlsplit(there).query)
    fields = provider.signs_in(there) | {"redirect_uri": query["redirect_uri"][0]}
    provider.codes[fields["code"]]["code_challenge"] = challenge_of("v")
    _, answer = provider.token(fields | {"code_verifier": "v"})
    headers = {"Authorization": f"Bearer {answer['id_token']}"}
    assert reader.client.get("/api/v1/me", headers=headers).status_code == 401
    tokens = app.extensions["tokens"]
    assert tokens.identity(answer["id_token"], query["nonce"][0]).endswith("|zhang")


def test_a_token_that_another_signed_is_none(reader, provider):
    provider.signing = ECKey.generate_key("P-256", {"kid": "one"})
    sign_in(reader, provider)
    assert reader.status == 403
    assert not is_signed_in(reader)


def test_an_answer_of_another_issuer_is_not_exchanged(reader, provider):
    back = provider.signs_in(way_there(reader).headers["Location"])
    come_back(reader, **back | {"iss": "https://evil.example"})
    assert reader.status == 403
    assert provider.asked == []


def test_a_person_without_an_account_is_told_so_by_name(reader, provider, database):
    sign_in(reader, provider, "nobody<b>")
    assert reader.status == 403
    assert "nobody<b>" in reader.page.text
    assert "安全管理员" in reader.page.text
    assert failures(database) == 1


def test_a_disabled_account_stays_outside(reader, provider, database):
    def disable(session):
        person = session.scalar(sa.select(Principal).where(Principal.subject.is_not(None)))
        edit_principal(session, OPERATOR, person, {"disabled": True})

    sign_in(reader, provider)
    assert is_signed_in(reader)
    database.write(disable)
    assert not is_signed_in(reader)
    sign_in(reader, provider)
    assert reader.status == 403


def test_breaking_off_at_the_provider_is_told(reader, provider):
    back = provider.signs_in(way_there(reader).headers["Location"])
    come_back(reader, state=back["state"], error="access_denied", error_description="<b>evil</b>")
    assert reader.status == 403
    assert "取消" in reader.page.text
    assert "evil" not in reader.page.text


@pytest.mark.parametrize(
    "answer",
    [
        (500, {}),
        (200, b"no JSON"),
        (200, []),
        (200, {"access_token": "x"}),
        (200, b" " * (fetching.LONGEST_ANSWER + 1)),
        (302, {}),
    ],
    ids=["fails", "no JSON", "no object", "no token", "too long", "leads elsewhere"],
)
def test_a_provider_that_answers_nonsense_is_said_to_be_away(reader, provider, answer):
    provider.answer = answer
    sign_in(reader, provider)
    assert reader.status == 503
    assert "暂时不能使用" in reader.page.text
    assert "密钥" in reader.page.text
    assert {path for path, *_ in provider.asked} == {"/token"}
    assert not is_signed_in(reader)


def test_a_provider_that_is_down_is_told_on_the_page(app, reader, provider, monkeypatch):
    down = replace(app.extensions["settings"], oidc_token="http://127.0.0.1:9/token")
    monkeypatch.setitem(app.extensions, "settings", down)
    sign_in(reader, provider)
    assert reader.status == 503
    assert "暂时不能使用" in reader.page.text


def test_a_provider_that_others_could_read_is_asked_nothing(app, reader, provider, monkeypatch):
    open_one = replace(app.extensions["settings"], oidc_token="http://login.example/token")
    monkeypatch.setitem(app.extensions, "settings", open_one)
    assert way_there(reader).status_code == 503


def test_ten_minutes_are_time_enough(reader, provider, monkeypatch):
    back = provider.signs_in(way_there(reader).headers["Location"])
    later = clock.utcnow() + timedelta(minutes=11)
    monkeypatch.setattr("app.core.clock.clock", lambda: later)
    come_back(reader, **back)
    assert reader.status == 403
    assert "十分钟" in reader.page.text


def test_neither_codes_nor_tokens_stand_in_a_log(reader, provider, caplog):
    caplog.set_level(logging.DEBUG)
    provider.claims = {"nonce": "another"}
    back = provider.signs_in(way_there(reader).headers["Location"])
    come_back(reader, **back)
    assert "an ID token that is not good" in caplog.text
    asked = provider.asked[0][1]
    for secret in (back["code"], back["state"], asked["code_verifier"], "eyJ"):
        assert secret not in caplog.text


def test_too_many_failures_are_refused_with_when_to_come_again(reader, provider):
    for _ in range(20):
        come_back(reader, code="x", state="y")
        assert reader.status == 403
    come_back(reader, code="x", state="y")
    assert reader.status == 429
    assert 0 < int(reader.response.headers["Retry-After"]) <= 900
    sign_in(reader, provider)  # who is let in by the provider comes in all the same
    assert is_signed_in(reader)


def test_the_client_is_known_by_its_secret_where_it_has_one(
    app, reader, provider, monkeypatch, tmp_path
):
    secret = tmp_path / "client-secret"
    secret.write_text("s e:cret\n")
    known = replace(app.extensions["settings"], oidc_client_secret=secret)
    sign_in(reader, provider)
    assert "Authorization" not in provider.asked[-1][2]
    monkeypatch.setitem(app.extensions, "settings", known)
    sign_in(reader, provider)
    assert is_signed_in(reader)
    header = provider.asked[-1][2]["Authorization"]
    assert header == "Basic cmVnaXN0ZXItcGFnZXM6cyUyMGUlM0FjcmV0"
    secret.unlink()
    sign_in(reader, provider)
    assert reader.status == 503


def test_its_own_description_may_name_the_addresses(app, reader, provider, monkeypatch, tmp_path):
    found = replace(
        app.extensions["settings"],
        oidc_authorization="",
        oidc_token="",
        oidc_discovery=f"{provider.issuer}/.well-known/openid-configuration",
    )
    monkeypatch.setitem(app.extensions, "settings", found)
    sign_in(reader, provider)
    assert is_signed_in(reader)
    sign_in(reader, provider)
    paths = [path for path, *_ in provider.asked]
    assert paths.count("/.well-known/openid-configuration") == 1
    file = tmp_path / "provider.json"
    file.write_text('{"issuer": "https://another.example"}')
    monkeypatch.setitem(app.extensions, "settings", replace(found, oidc_discovery=str(file)))
    assert way_there(reader).status_code == 503


def test_looking_ahead_at_the_way_back_uses_no_code_up(reader, provider):
    back = provider.signs_in(way_there(reader).headers["Location"])
    assert reader.client.head("/sign-in/return", query_string=back).status_code == 405
    assert provider.asked == []
    come_back(reader, **back)
    assert is_signed_in(reader)


def test_signing_in_again_ends_what_this_browser_had(reader, provider, database):
    sign_in(reader, provider)
    first = reader.client.get_cookie("__Host-register").value
    there = way_there(reader).headers["Location"]  # of our own site: the cookie comes along
    reader.client.delete_cookie("__Host-register")  # from another one it does not
    come_back(reader, **provider.signs_in(there))
    assert reader.client.get_cookie("__Host-register").value != first
    reader.client.set_cookie("__Host-register", first)
    assert not is_signed_in(reader)


@pytest.mark.parametrize("host", ["register.example", "192.168.1.5:8000"])
def test_nobody_sets_out_over_a_connection_that_others_read(reader, provider, host):
    answer = reader.client.get("/sign-in/provider", headers={"Host": host})
    assert answer.status_code == 403
    assert "https" in answer.get_data(as_text=True)
    assert "Set-Cookie" not in answer.headers


def test_without_a_provider_there_is_no_such_way(reader):
    assert way_there(reader).status_code == 404
    assert reader.client.get("/sign-in/return").status_code == 404
    assert "统一身份认证" not in reader.get("/sign-in").text


def test_a_sealed_way_is_opened_by_its_key_alone_and_as_it_was(app):
    way = new_way("/desk", 7)
    text = sealed(way, bytes(32))
    assert opened_way(text, bytes(32)) == way
    assert opened_way(text, b"1" * 32) is None
    other = "A" if text[30] != "A" else "B"
    for wrong in (text[:30] + other + text[31:], text[:-4], "", "x", "中", "=" * 50):
        assert opened_way(wrong, bytes(32)) is None
