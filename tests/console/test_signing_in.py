"""Signing in to the pages: by whom, from where, until when; and forms that are not ours."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.codes import Role
from app.models import KeySecret, Principal, SignIn
from tests.support.factories import EDITOR, INDUSTRY, make_key
from tests.support.pages import HOST

V1 = "/api/v1"


def sent(reader, **typed):
    """Return the answer to the form for signing in with what is *typed*, and lead nowhere."""
    reader.get("/sign-in")
    fields = dict(reader.form("/sign-in")["fields"])
    return reader.client.post("/sign-in", data=fields | typed, headers={"Origin": HOST})


def test_who_signs_in_is_named_and_may_sign_out(clerk):
    assert "退出" in clerk.page.text
    clerk.submit("/sign-out")
    assert "已退出登录" in clerk.page.text
    assert "登录" in clerk.get("/").text
    assert "退出" not in clerk.page.text


def test_a_wrong_key_is_told_at_the_form_and_not_shown_again(reader):
    reader.get("/sign-in")
    reader.submit("/sign-in", key="prk_wrong")
    assert reader.status == 401
    assert "prk_wrong" not in reader.response.get_data(as_text=True)
    assert "密钥" in reader.page.text


def test_the_cookie_is_for_this_host_alone_and_no_script_reads_it(reader, database):
    given = sent(reader, key=make_key(database, *EDITOR, office=INDUSTRY))
    [cookie] = [c for c in given.headers.getlist("Set-Cookie") if c.startswith("__Host-register=")]
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Strict"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_a_cookie_never_opens_the_interface_for_programs(clerk):
    assert clerk.client.get(f"{V1}/me").status_code == 401
    assert clerk.client.get(f"{V1}/me/worklist").status_code == 401


@pytest.mark.parametrize("origin", ["http://other.example", "null", None])
def test_a_form_of_another_site_does_nothing(clerk, database, origin):
    form = clerk.form("/sign-out")
    headers = {"Origin": origin} if origin else {}
    answer = clerk.client.post("/sign-out", data=dict(form["fields"]), headers=headers)
    assert answer.status_code == 403
    assert "退出" in clerk.get("/").text


def test_a_form_without_its_token_does_nothing(clerk):
    answer = clerk.client.post("/sign-out", data={}, headers={"Origin": HOST})
    assert answer.status_code == 403
    assert "退出" in clerk.get("/").text


def test_half_an_hour_without_a_page_ends_it(clerk, monkeypatch):
    now = clock.utcnow()
    monkeypatch.setattr("app.core.clock.clock", lambda: now + timedelta(minutes=29))
    assert "退出" in clerk.get("/").text
    monkeypatch.setattr("app.core.clock.clock", lambda: now + timedelta(minutes=60))
    assert "退出" not in clerk.get("/").text


def test_twelve_hours_end_it_however_busy(clerk, monkeypatch):
    now = clock.utcnow()
    for minutes in range(20, 12 * 60, 20):
        moment = now + timedelta(minutes=minutes)
        monkeypatch.setattr("app.core.clock.clock", lambda moment=moment: moment)
        assert "退出" in clerk.get("/livez-not-a-page").text
    monkeypatch.setattr("app.core.clock.clock", lambda: now + timedelta(hours=12))
    assert "退出" not in clerk.get("/").text


def test_a_secret_that_is_revoked_ends_what_it_began(clerk, database):
    with database.counting() as session:
        session.execute(sa.update(KeySecret).values(revoked_at=clock.utcnow()))
    assert "退出" not in clerk.get("/").text


def test_an_account_that_is_disabled_is_signed_in_no_more(clerk, database):
    with database.counting() as session:
        own = sa.select(SignIn.principal_id)
        gone = sa.update(Principal).where(Principal.id.in_(own))
        session.execute(gone.values(disabled_at=clock.utcnow()))
    assert "退出" not in clerk.get("/").text


def test_signing_out_everywhere_ends_every_browser(app, database):
    from tests.support.pages import Reader

    key = make_key(database, *EDITOR, office=INDUSTRY)
    first, second = (Reader(app.test_client()).sign_in(key) for _ in range(2))
    first.send("/sign-out", [*first.form("/sign-out")["fields"], ("everywhere", "1")])
    assert "退出" not in second.get("/").text


@pytest.mark.parametrize("host", ["register.example", "192.168.1.5:8000"])
def test_a_key_is_not_taken_over_a_connection_that_others_read(reader, database, host):
    answer = reader.client.post(
        "/sign-in",
        data={"key": make_key(database, *EDITOR, office=INDUSTRY)},
        headers={"Origin": f"http://{host}", "Host": host},
    )
    assert answer.status_code == 403
    assert "https" in answer.get_data(as_text=True)
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("back", ["//evil.example/", "https://evil.example/", "/\\evil", "x"])
def test_signing_in_leads_to_no_other_site(reader, database, back):
    given = sent(reader, key=make_key(database, *EDITOR, office=INDUSTRY), next=back)
    assert given.headers["Location"] == "/"


def test_the_pages_are_closed_where_reading_is(app, reader, signed_in, monkeypatch):
    from dataclasses import replace

    monkeypatch.setitem(
        app.extensions, "settings", replace(app.extensions["settings"], public_reading=False)
    )
    reader.get("/")
    assert reader.address.startswith("/sign-in")
    assert signed_in(Role.READER).get("/").text
    assert signed_in(Role.READER).status == 200


def test_a_browser_is_told_on_a_page_what_a_program_is_told_in_json(reader, client):
    reader.get("/nothing-here")
    assert reader.status == 404
    assert "没有这个地址" in reader.page.text
    assert client.get("/nothing-here").mimetype == "application/problem+json"
    assert client.get(f"{V1}/nothing").mimetype == "application/problem+json"
