"""The own account: what it says, until when the key is good, another secret, other browsers."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.console.signing_in.visitors import form_token
from app.core import clock
from app.core.codes import Role
from app.models import AccessKey, SignIn
from tests.support.factories import EDITOR, INDUSTRY, make_key
from tests.support.pages import HOST, Reader

V1 = "/api/v1"


@pytest.fixture
def key(database):
    return make_key(database, *EDITOR, office=INDUSTRY)


@pytest.fixture
def browser(app, key):
    """Give a function that lets the same clerk sign in in one more browser."""
    return lambda lang="zh": Reader(app.test_client(), lang).sign_in(key)


def ends_in(database, **left):
    with database.counting() as session:
        session.execute(sa.update(AccessKey).values(expires_at=clock.utcnow() + timedelta(**left)))


def is_in(reader):
    return bool(re.search("退出|Sign out", reader.get("/").text))


def test_it_says_who_i_am_in_words(browser):
    page = browser().get("/account")
    for words in ("承办单位经办人", "工业和信息化局", "签收和办理交办件", "到期", "本浏览器"):
        assert words in page.text
    assert "office_editor" not in page.text
    assert "assignment:handle" not in page.text
    page = browser("en").get("/account")
    for words in ("office editor", "receive and handle what was dispatched", "This browser"):
        assert words in page.text


def test_it_is_for_who_is_signed_in(reader):
    reader.get("/account")
    assert reader.address.startswith("/sign-in?next=%2Faccount")
    for action in ("secret", "secret/end", "sign-ins/1/end", "sign-ins/end"):
        answer = reader.client.post(f"/account/{action}", headers={"Origin": HOST})
        assert answer.status_code == 303, action
        assert answer.headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize(
    ("came_from", "back"),
    [
        (f"{HOST}/account?x=1", "%2Faccount"),
        ("http://evil.example/account", "%2F"),
        ("http://[", "%2F"),
        (f"{HOST}//evil.example/", "%2F"),
        (None, "%2F"),
    ],
)
def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(client, came_from, back):
    headers = {"Origin": HOST} | ({"Referer": came_from} if came_from else {})
    answer = client.post("/account/secret", headers=headers)
    assert answer.headers["Location"] == f"/sign-in?next={back}"


def test_two_weeks_before_its_end_every_page_says_so(browser, database):
    reader = browser()
    ends_in(database, days=15)
    assert "您的密钥将于" not in reader.get("/").text
    ends_in(database, days=13)
    assert "您的密钥将于" in reader.get("/").text
    assert "/account#key" in reader.page.links
    reader.get("/account")
    assert "/sign-in/exchange" in reader.page.links
    ends_in(database, seconds=-1)
    assert not is_in(reader)


def test_another_secret_is_shown_once_and_the_session_goes_on_with_it(
    browser, client, key, database
):
    reader, other = browser(), browser()
    reader.get("/account")
    fields = reader.form("/account/secret")["fields"]
    reader.submit("/account/secret")
    assert reader.status == 200
    assert reader.response.headers["Cache-Control"] == "private, no-store"
    [secret] = re.findall(r"prk_\w{10}_[\w-]{43}_\w{8}", reader.page.text)
    assert secret != key
    for one in (key, secret):
        answer = client.get(f"{V1}/me", headers={"Authorization": f"Bearer {one}"})
        assert answer.status_code == 200
    reader.send("/account/secret", fields)  # the page loaded again
    assert reader.status == 409
    assert not re.search(r"prk_\w{10}_[\w-]{43}", reader.page.text)
    assert "两个有效的口令" in reader.get("/account").text
    reader.submit("/account/secret/end")
    assert "旧口令已停用" in reader.page.text
    answer = client.get(f"{V1}/me", headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 401
    assert is_in(reader)
    assert not is_in(other)


def test_the_secret_in_use_is_not_ended_by_mistake(browser, database):
    reader = browser()
    reader.get("/account")
    reader.submit("/account/secret")
    used = database.read(lambda session: session.scalar(sa.select(SignIn.secret_id)))
    reader.get("/account")
    assert dict(reader.form("/account/secret/end")["fields"])["secret"] != str(used)
    reader.submit("/account/secret/end", secret=used)
    assert "没有停用" in reader.page.text
    assert is_in(reader)


@pytest.mark.parametrize("secret", ["999999", "0", "x", "", "9" * 5000, "1/../2"])
def test_a_secret_that_is_none_of_mine_is_not_ended(browser, secret):
    reader = browser()
    reader.get("/account")
    reader.submit("/account/secret")
    reader.get("/account")
    reader.submit("/account/secret/end", secret=secret)
    assert reader.status == 404
    assert "两个有效的口令" in reader.get("/account").text


def test_other_browsers_are_listed_and_signed_out_from_here(browser):
    reader, second, third = browser(), browser(), browser()
    page = reader.get("/account")
    ends = [one["action"] for one in page.forms if re.search(r"sign-ins/\d+/end", one["action"])]
    assert len(ends) == 2
    reader.submit(ends[-1])  # the older of the two
    assert "那个浏览器已退出登录" in reader.page.text
    assert not is_in(second)
    assert is_in(third)
    reader.submit("/account/sign-ins/end")
    assert not is_in(third)
    assert is_in(reader)
    assert "没有在其他浏览器登录" in reader.get("/account").text


def test_nobody_signs_out_somebody_else(browser, signed_in, database):
    victim = browser()
    number = database.read(lambda session: session.scalar(sa.select(SignIn.id)))
    stranger = signed_in(Role.SECURITY_ADMIN)
    stranger.get("/account")
    action = f"/account/sign-ins/{number}/end"
    token = stranger.client.get_cookie("__Host-register").value
    stranger.send(action, [("form_token", form_token(token, action))])
    assert stranger.status == 200
    assert is_in(victim)


def test_signing_out_everywhere_is_one_press(browser):
    reader, other = browser(), browser()
    page = reader.get("/account")
    everywhere = next(one for one in page.forms if "everywhere" in one["names"])
    reader.send("/sign-out", everywhere["fields"])
    assert not is_in(other)
    assert not is_in(reader)


def test_the_language_is_chosen_and_kept(browser):
    reader = browser()
    reader.get("/account")
    assert {"/account?lang=zh", "/account?lang=en"} <= set(reader.page.links)
    assert "My account" in reader.get("/account?lang=en").text
    assert "My account" in reader.get("/account").text


def test_a_page_that_was_left_open_for_another_key_does_nothing(browser):
    reader = browser()
    reader.get("/account")
    fields = reader.form("/account/secret")["fields"]
    reader.submit("/sign-out")
    reader = browser()
    reader.send("/account/secret", fields)
    assert reader.status == 403
    assert "没有执行" in reader.page.text
