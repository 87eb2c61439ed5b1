"""Signing in to the pages: by whom, from where, until when; and forms that are not ours."""

import logging
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import url_for

from app.accounts.rules.keys import new_secret
from app.core import clock
from app.core.codes import Role
from app.http.security import security_log
from app.models import FailedSignIns, KeySecret, Principal, SignIn
from app.wiring import PAGES
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


def test_every_page_is_closed_where_reading_is(app, reader, signed_in, monkeypatch):
    closed = replace(app.extensions["settings"], public_reading=False)
    monkeypatch.setitem(app.extensions, "settings", closed)
    asked = 0
    for rule in rules_of_pages(app):
        reader.get(rule)
        assert reader.address.startswith("/sign-in"), rule
        asked += 1
    assert asked >= 2
    assert "提案落实登记簿" in reader.page.text
    member = signed_in(Role.READER)
    assert member.get("/").text
    assert (member.status, member.address) == (200, "/")


OPEN = ("signing_in", "provider", "key_exchange")


def several(rule):
    """Return the parts of an address that are one of several words, with what knows those."""
    return [(name, own) for name, own in rule._converters.items() if hasattr(own, "items")]


def rules_of_pages(app):
    """Return an address of every page that is read, but for those by which one comes in."""
    given = {"reference": "D002-P01", "slug": "x", "figure": "funnel", "name": "x"}
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            part = rule.endpoint.partition(".")[0]
            if "GET" in rule.methods and part in PARTS - set(OPEN):
                words = {name: sorted(own.items)[0] for name, own in several(rule)}
                values = {name: (given | words).get(name, 1) for name in rule.arguments}
                yield url_for(rule.endpoint, **values)


PARTS = {part.name for part in PAGES}


def test_a_browser_is_told_on_a_page_what_a_program_is_told_in_json(reader, client):
    reader.get("/nothing-here")
    assert reader.status == 404
    assert "没有这个地址" in reader.page.text
    assert client.get("/nothing-here").mimetype == "application/problem+json"
    assert client.get(f"{V1}/nothing").mimetype == "application/problem+json"


def rows(database):
    return database.read(
        lambda session: session.scalars(sa.select(SignIn).order_by(SignIn.id)).all()
    )


def test_signing_in_takes_no_token_that_was_there_before(reader, database):
    reader.client.set_cookie("__Host-register", "a" * 43)
    reader.sign_in(make_key(database, *EDITOR, office=INDUSTRY))
    first = reader.client.get_cookie("__Host-register").value
    assert first != "a" * 43
    reader.sign_in(make_key(database, *EDITOR, office=INDUSTRY))
    second = reader.client.get_cookie("__Host-register").value
    assert second not in {first, "a" * 43}
    assert [row.ended_at is None for row in rows(database)] == [False, True]
    reader.client.set_cookie("__Host-register", first)
    assert "退出" not in reader.get("/").text


def test_signing_out_takes_the_cookies_away(clerk):
    form = clerk.form("/sign-out")
    given = clerk.client.post("/sign-out", data=dict(form["fields"]), headers={"Origin": HOST})
    cookies = given.headers.getlist("Set-Cookie")
    for name in ("__Host-register", "__Host-guest"):
        [cookie] = [one for one in cookies if one.startswith(f"{name}=;")]
        assert {"Max-Age=0", "Secure", "Path=/"} <= set(cookie.split("; "))
    assert given.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("token", ["", "x", None])
def test_another_site_signs_nobody_in_as_somebody_else(reader, database, token):
    key = make_key(database, *EDITOR, office=INDUSTRY)
    reader.get("/sign-in")
    data = {"key": key} if token is None else {"key": key, "form_token": token}
    answer = reader.client.post("/sign-in", data=data, headers={"Origin": HOST})
    assert answer.status_code == 403
    assert "__Host-register" not in "".join(answer.headers.getlist("Set-Cookie"))
    good = dict(reader.form("/sign-in")["fields"]) | {"key": key}
    reader.client.delete_cookie("__Host-guest")  # a form without the cookie that goes with it
    answer = reader.client.post("/sign-in", data=good, headers={"Origin": HOST})
    assert answer.status_code == 403
    assert rows(database) == []


def test_a_wrong_key_is_told_in_words_for_people_and_noted(reader, database, caplog, monkeypatch):
    caplog.set_level(logging.WARNING, "register.security")
    monkeypatch.setattr(security_log, "budget", security_log.Budget())
    wrong = new_secret("aaaaaaaaaa")
    reader.get("/sign-in")
    reader.submit("/sign-in", key=wrong)
    assert "密钥不对、已到期或已停用" in reader.page.text
    assert "Authorization" not in reader.page.text
    assert wrong not in caplog.text
    assert "POST '/sign-in'" in caplog.text
    counted = sa.select(sa.func.max(FailedSignIns.number))
    assert database.read(lambda session: session.scalar(counted)) == 1


def test_twenty_wrong_keys_of_a_network_are_enough(reader, database):
    good = make_key(database, *EDITOR, office=INDUSTRY)
    for _ in range(20):
        reader.get("/sign-in")
        reader.submit("/sign-in", key=new_secret("aaaaaaaaaa"))
        assert reader.status == 401
    reader.get("/sign-in")
    reader.submit("/sign-in", key=new_secret("aaaaaaaaaa"))
    assert reader.status == 429
    assert 0 < int(reader.response.headers["Retry-After"]) <= 900
    assert "失败" in reader.page.text
    reader.sign_in(good)  # a good key is never locked out by others
    assert "退出" in reader.page.text


def test_sessions_of_a_month_ago_are_forgotten(reader, database, monkeypatch):
    reader.sign_in(make_key(database, *EDITOR, office=INDUSTRY))
    [old] = rows(database)
    now = clock.utcnow()
    for days, number in ((29, 2), (31, 2)):  # the first goes when the third begins
        monkeypatch.setattr("app.core.clock.clock", lambda d=days: now + timedelta(days=d))
        reader.sign_in(make_key(database, *EDITOR, office=INDUSTRY))
        assert len(rows(database)) == number
    assert old.id not in {row.id for row in rows(database)}


def test_who_comes_by_the_link_of_another_site_is_still_signed_in(clerk, reader):
    foreign = {"Accept": "text/html", "Sec-Fetch-Site": "cross-site"}
    answer = reader.client.get("/account?x=1", headers=foreign)  # without the cookie
    assert answer.status_code == 200
    assert 'content="0; url=/account?x=1"' in answer.text
    answer = reader.client.get("/account", headers=foreign | {"Sec-Fetch-Site": "same-origin"})
    assert answer.headers["Location"] == "/sign-in?next=%2Faccount"


def test_plain_http_is_told_before_anybody_types_a_key(reader):
    answer = reader.client.get("/sign-in", headers={"Host": "register.example"})
    assert answer.status_code == 200
    assert "没有加密" in answer.text
    assert 'name="key"' not in answer.text
    assert "Set-Cookie" not in answer.headers


def test_a_page_tells_a_browser_what_it_may_do(clerk):
    clerk.get("/account")
    headers = clerk.response.headers
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["Vary"].startswith("Cookie")
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    answer = clerk.client.get("/account", base_url="https://localhost")
    assert "max-age" in answer.headers["Strict-Transport-Security"]
