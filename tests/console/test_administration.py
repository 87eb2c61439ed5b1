"""Administrators: accounts and keys by two persons, what is shown once, approvals, the audit."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.core.clock import utcnow
from app.core.codes import Role
from app.models import Verification
from app.register.verification.services import keep_result
from tests.support.accounts import V1, exchanged
from tests.support.casework import took
from tests.support.factories import EDITOR, INDUSTRY, REGISTRAR, find, make_caller, make_key
from tests.support.pages import Reader

ACCOUNTS, APPROVALS = "/administration/accounts", "/administration/approvals"
NEW, SEVERAL = f"{ACCOUNTS}/new", f"{ACCOUNTS}/several"
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def one(signed_in):
    """Give a security administrator, signed in."""
    return signed_in(Role.SECURITY_ADMIN)


@pytest.fixture
def two(signed_in):
    """Give another security administrator, signed in."""
    return signed_in(Role.SECURITY_ADMIN)


@pytest.fixture
def admin(client, database):
    """Give a security administrator at the interface."""
    return make_caller(client, database, Role.SECURITY_ADMIN)


def halves_on(page):
    return re.findall(r"prh_\S+", page.text)


def waiting(admin):
    """Return the number of the newest request that waits."""
    return admin.get(f"{V1}/approvals?state=pending").get_json()["items"][0]["id"]


def asked_account(reader, **typed):
    """Ask for an account with a key, and return what the page shows of its code."""
    reader.get(NEW)
    given = {"name": "市政务平台", "roles": "reader", "key__scopes": "read", "reason": "对接"}
    reader.submit(NEW, **{**given, **typed})
    return halves_on(reader.page)


def approve(reader, number):
    reader.get(f"{APPROVALS}/{number}")
    reader.submit(f"{APPROVALS}/{number}", note="已核对", press=("decision", "approve"))
    return halves_on(reader.page)


def test_two_administrators_and_the_holder_make_an_account(one, two, reader, admin, database):
    [first] = asked_account(one)
    assert "只显示这一次" in one.page.text
    number = waiting(admin)
    two.get(APPROVALS)
    assert f"{APPROVALS}/{number}" in two.page.links
    two.get(f"{APPROVALS}/{number}")
    for words in ("建立账户", "市政务平台", "查阅人员", "读取", "对接"):
        assert words in two.page.text
    assert first not in two.response.get_data(as_text=True)
    [second] = approve(two, number)
    assert first != second
    secret = exchanged(reader.client, [first, second]).get_json()["secret"]
    assert reader.sign_in(secret).status == 200
    assert "市政务平台" in reader.page.text


def test_what_is_shown_once_is_not_kept_and_not_shown_again(one, admin):
    one.get(NEW)
    fields = [
        *one.form(NEW)["fields"],
        ("name", "平台"),
        ("roles", "reader"),
        ("key.scopes", "read"),
    ]
    fields = [
        pair for pair in fields if pair not in (("name", ""), ("subject", ""), ("office", ""))
    ]
    one.send(NEW, fields)
    [half] = halves_on(one.page)
    assert one.response.headers["Cache-Control"] == "private, no-store"
    one.send(NEW, fields)
    assert one.status == 409
    assert "只显示一次" in one.page.text
    assert half not in one.response.get_data(as_text=True)
    assert len(admin.get(f"{V1}/approvals?state=pending").get_json()["items"]) == 1


def test_an_account_that_cannot_be_stays_as_it_was_typed(one, admin):
    shown = asked_account(one, name="平台甲", roles="office_editor", key__days="999")
    assert (one.status, shown) == (422, [])
    form = one.form(NEW)["fields"]
    for pair in (("name", "平台甲"), ("roles", "office_editor"), ("key.days", "999")):
        assert pair in form
    assert 'id="error-key.days"' in one.response.get_data(as_text=True)
    assert admin.get(f"{V1}/approvals?state=pending").get_json()["items"] == []


def test_several_accounts_are_asked_for_at_once(one, two, admin):
    one.get(f"{SEVERAL}?rows=2")
    typed = {"accounts__0__name": "平台一", "accounts__0__roles": "reader"}
    typed |= {"accounts__1__name": HOSTILE, "accounts__1__roles": "nothing"}
    one.submit(SEVERAL, **typed)
    assert one.status == 422
    assert ("accounts.1.name", HOSTILE) in one.form(SEVERAL)["fields"]
    assert HOSTILE not in one.response.get_data(as_text=True)
    one.submit(SEVERAL, accounts__1__roles=["reader", "supervisor"])
    assert "须由另一名安全管理员批准" in one.page.text
    approve(two, waiting(admin))
    assert "已批准并执行" in two.page.text
    names = [row["name"] for row in admin.get(f"{V1}/principals?limit=200").get_json()["items"]]
    assert {"平台一", HOSTILE} <= set(names)
    two.get(ACCOUNTS)
    assert HOSTILE in two.page.text
    assert HOSTILE not in two.response.get_data(as_text=True)


def test_nobody_decides_on_what_they_asked_but_may_withdraw_it(one, admin):
    asked_account(one)
    number = waiting(admin)
    one.get(f"{APPROVALS}/{number}")
    assert ("decision", "approve") not in one.form(f"{APPROVALS}/{number}")["buttons"]
    one.submit(f"{APPROVALS}/{number}", note="由本人批准", press=("decision", "approve"))
    assert one.status == 403
    assert "由本人批准" in dict(one.form(f"{APPROVALS}/{number}")["fields"]).values()
    one.submit(f"{APPROVALS}/{number}", press=("decision", "withdraw"))
    assert "已撤回" in one.page.text


def test_a_request_is_rejected_with_a_note(one, two, admin):
    asked_account(one)
    number = waiting(admin)
    two.get(f"{APPROVALS}/{number}")
    two.submit(f"{APPROVALS}/{number}", note="没有公函", press=("decision", "reject"))
    assert "未批准" in two.page.text
    assert "没有公函" in two.page.text
    assert f"{APPROVALS}/{number}" not in [form["action"] for form in two.page.forms]


def account_with(database, admin, *roles, office=None, name="张三"):
    """Return the number of a new account with these roles, and its key."""
    key = make_key(database, *roles, office=office, name=name)
    rows = admin.get(f"{V1}/principals?limit=200").get_json()["items"]
    return next(row["id"] for row in rows if row["name"] == name), key


def test_an_account_loses_roles_at_once_and_gains_them_by_two(one, two, admin, database):
    number, _ = account_with(database, admin, Role.DISPATCHER, Role.SUPERVISOR)
    place = f"{ACCOUNTS}/{number}/edit"
    one.get(place)
    one.submit(place, roles="supervisor")
    assert "已修改" in one.page.text
    one.get(place)
    one.submit(place, roles=["supervisor", "registrar"])
    assert "须由另一名安全管理员批准" in one.page.text
    assert admin.get(f"{V1}/principals/{number}").get_json()["roles"] == ["supervisor"]
    two.get(f"{APPROVALS}/{waiting(admin)}")
    assert "登记管理员" in two.page.text
    approve(two, waiting(admin))
    now = admin.get(f"{V1}/principals/{number}").get_json()
    assert set(now["roles"]) == {"supervisor", "registrar"}


def test_an_account_is_shut_out_and_its_office_taken_away(one, admin, database):
    number, _ = account_with(database, admin, *EDITOR, office=INDUSTRY)
    place = f"{ACCOUNTS}/{number}/edit"
    one.get(place)
    assert ("office", INDUSTRY) in one.form(place)["fields"]
    one.submit(place, office="no-such-office", note="调离")
    assert one.status == 422
    assert ("office", "no-such-office") in one.form(place)["fields"]
    one.submit(place, office=INDUSTRY, disabled="1")
    assert "已停用" in one.page.text
    assert admin.get(f"{V1}/principals/{number}").get_json()["disabled_at"]


def test_a_change_of_what_changed_meanwhile_is_shown_anew(one, admin, database):
    number, _ = account_with(database, admin, Role.DISPATCHER, Role.SUPERVISOR)
    place = f"{ACCOUNTS}/{number}/edit"
    one.get(place)
    path = f"{V1}/principals/{number}"
    took(admin.patch(path, {"roles": ["dispatcher"]}, admin.get(path).get_json()["version"]))
    one.submit(place, disabled="1", note="离岗")
    assert one.status == 412
    assert ("note", "离岗") in one.form(place)["fields"]
    one.submit(place, roles="dispatcher")
    assert "已停用" in one.page.text


def test_a_key_is_asked_for_with_a_reason(one, two, admin, database, reader):
    number, _ = account_with(database, admin, *REGISTRAR)
    place = f"{ACCOUNTS}/{number}/keys/new"
    one.get(place)
    one.submit(place, scopes="write", networks="10.1.0.0/16 nonsense", days="30")
    assert one.status == 422
    assert ("networks", "10.1.0.0/16 nonsense") in one.form(place)["fields"]
    one.submit(place, networks="", reason="换岗")
    [first] = halves_on(one.page)
    [second] = approve(two, waiting(admin))
    assert exchanged(reader.client, [second, first]).get_json()["scopes"] == ["write"]


def test_what_is_personal_of_an_account_is_erased_by_two(one, two, admin, database):
    number, _ = account_with(database, admin, Role.READER, name="李四")
    place = f"{ACCOUNTS}/{number}/erasure"
    one.get(place)
    one.submit(place)
    assert one.status == 422
    one.submit(place, reason="人员离职")
    approve(two, waiting(admin))
    assert "李四" not in [
        row["name"] for row in admin.get(f"{V1}/principals?limit=200").get_json()["items"]
    ]


def own_key(admin, number):
    return admin.get(f"{V1}/principals/{number}/keys").get_json()["items"][0]


def test_a_holder_ends_the_key_and_is_signed_in_no_more(app, admin, database):
    number, secret = account_with(database, admin, Role.READER, name="王五")
    holder = Reader(app.test_client()).sign_in(secret)
    place = f"{ACCOUNTS}/{number}/keys/{own_key(admin, number)['id']}"
    holder.get(place)
    assert "/account" in holder.page.links
    [old] = own_key(admin, number)["secrets"]
    holder.submit(place, note="已换用", press=("act", f"secret-{old['id']}"))
    assert holder.address.startswith("/sign-in")
    assert own_key(admin, number)["secrets"][0]["revoked_at"]


def test_an_administrator_ends_keys_and_draws_no_secret(one, admin, database):
    number, _ = account_with(database, admin, Role.READER, name="赵六")
    place = f"{ACCOUNTS}/{number}/keys/{own_key(admin, number)['id']}"
    one.get("/administration/keys")
    assert place in one.page.links
    one.get(place)
    one.submit(place, note="遗" * 2001, press=("act", "whole"))
    assert one.status == 422
    assert ("note", "遗" * 2001) in one.form(place)["fields"]
    one.submit(place, note="遗失", press=("act", "whole"))
    assert "密钥已作废" in one.page.text
    assert own_key(admin, number)["revoked_at"]


def test_the_overview_says_whether_it_works_and_how_to_verify(one):
    text = one.get("/administration").text
    assert "正常：数据库可写" in text
    assert "flask --app wsgi verify" in text
    assert "还没有校验过" in text


@pytest.mark.parametrize(
    ("days", "differences", "said"),
    [(1, 0, "没有差异"), (1, 3, "发现 3 处差异"), (9, 0, "已有一周以上")],
)
def test_the_overview_shows_when_it_was_last_verified(one, database, days, differences, said):
    began = utcnow() - timedelta(days=days, seconds=12)
    database.count(lambda session: keep_result(session, "verify", began, differences))
    moved = sa.update(Verification).values(ended_at=began + timedelta(seconds=12))
    database.count(lambda session: session.execute(moved))
    text = one.get("/administration").text
    assert "上次校验" in text
    assert said in text
    assert ("已有一周以上" in text) is (days == 9)
    assert one.page.text.count("flask --app wsgi verify") == 1


def test_the_overview_says_what_is_amiss(one, database, monkeypatch):
    monkeypatch.setattr(database, "signer", None)
    text = one.get("/administration").text
    assert "正常：数据库可写" not in text
    assert "audit_key" in text


def test_calendars_and_rules_are_read(one):
    text = one.get("/administration/rules").text
    for words in ("国办发明电", "河南", "已经解决或基本解决", "春节"):
        assert words in text


def test_an_auditor_reads_the_audit_by_filters_which_stay(signed_in, one):
    asked_account(one, name=HOSTILE)
    auditor = signed_in(Role.AUDITOR)
    auditor.get("/administration/audit")
    auditor.submit("/administration/audit", operation="approval.created")
    assert "approval.created" in auditor.page.text
    assert "key.secret" not in auditor.page.text
    assert ("operation", "approval.created") in auditor.form("/administration/audit")["fields"]
    assert HOSTILE not in auditor.response.get_data(as_text=True)


def test_a_filter_that_is_none_is_told_at_its_field(signed_in):
    auditor = signed_in(Role.AUDITOR)
    auditor.get("/administration/audit?principal=x&since=2026-01-01")
    assert auditor.status == 422
    assert ("principal", "x") in auditor.form("/administration/audit")["fields"]
    assert 'id="error-principal"' in auditor.response.get_data(as_text=True)


def test_administration_is_told_in_english_too(signed_in):
    text = signed_in(Role.SECURITY_ADMIN, lang="en").get("/administration").text
    assert "Whether it works" in text
    assert "It was never verified." in text


CLOSED = {
    "/administration": {Role.SECURITY_ADMIN, Role.SYSTEM_ADMIN, Role.AUDITOR},
    ACCOUNTS: {Role.SECURITY_ADMIN, Role.AUDITOR},
    NEW: {Role.SECURITY_ADMIN},
    SEVERAL: {Role.SECURITY_ADMIN},
    "/administration/keys": {Role.SECURITY_ADMIN, Role.AUDITOR},
    "/administration/audit": {Role.AUDITOR},
}


@pytest.mark.parametrize("role", list(Role))
def test_each_page_is_for_its_roles_alone_and_links_to_no_other(signed_in, role):
    office = INDUSTRY if role in (Role.OFFICE_EDITOR, Role.OFFICE_HEAD) else None
    other = signed_in(role, office=office)
    for address, roles in CLOSED.items():
        other.get(address)
        assert other.status == (200 if role in roles else 403), address
    other.get("/administration/rules")
    shut = {address for address, roles in CLOSED.items() if role not in roles}
    assert not shut & set(other.page.links)


@pytest.mark.parametrize("address", [*CLOSED, APPROVALS, f"{ACCOUNTS}/1", f"{ACCOUNTS}/1/edit"])
def test_who_is_not_signed_in_signs_in_before_administering(reader, address):
    reader.get(address)
    assert reader.address.startswith("/sign-in?next=")


def test_an_auditor_changes_no_account(signed_in, admin, database):
    number, _ = account_with(database, admin, Role.READER, name="钱七")
    auditor = signed_in(Role.AUDITOR)
    asked_account(signed_in(Role.SECURITY_ADMIN))
    auditor.get(f"{APPROVALS}/{waiting(admin)}")
    assert "批准后会做什么" in auditor.page.text
    assert [form["action"] for form in auditor.page.forms] == ["/sign-out"]
    auditor.get(f"{ACCOUNTS}/{number}")
    assert auditor.status == 200
    assert not [link for link in auditor.page.links if link.startswith(f"{ACCOUNTS}/{number}/e")]
    for place in ("edit", "keys/new", "erasure"):
        auditor.get(f"{ACCOUNTS}/{number}/{place}")
        assert auditor.status == 403


def test_a_supervisor_approves_that_something_is_opened_again(signed_in, client, database):
    office = make_caller(client, database, *EDITOR, office=INDUSTRY)
    path = f"{V1}/recommendations/{find(client)['id']}"

    def step(caller, place, **body):
        return caller.post(f"{path}/{place}", body, caller.get(path).get_json()["version"])

    took(step(office, "offices", office=INDUSTRY))
    took(step(office, "transitions", axis="progress", to="not_pursued", reason="条件不具备"))
    asker = make_caller(client, database, Role.SUPERVISOR)
    asked = step(asker, "transitions", axis="progress", to="planned", reason="条件已具备")
    assert asked.status_code == 202
    other = signed_in(Role.SUPERVISOR)
    number = asked.get_json()["id"]
    other.get(APPROVALS)
    assert f"{APPROVALS}/{number}" in other.page.links
    text = other.get(f"{APPROVALS}/{number}").text
    for words in ("重新开启已结束的建议", "条件已具备", "已计划"):
        assert words in text
    approve(other, number)
    assert "已批准并执行" in other.page.text
    assert find(client)["progress"] == "planned"
