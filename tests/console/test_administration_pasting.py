"""Accounts pasted from a sheet fill the form; nothing is made before it is sent."""

import pytest

from app.console import paging
from app.core.codes import Role
from tests.support.accounts import V1
from tests.support.factories import INDUSTRY, make_caller

SEVERAL = "/administration/accounts/several"
HOSTILE = "<script>alert(1)</script>"
FILL = ("do", "fill")


@pytest.fixture
def one(signed_in):
    """Give a security administrator, signed in, at the form."""
    reader = signed_in(Role.SECURITY_ADMIN)
    reader.get(SEVERAL)
    return reader


@pytest.fixture
def admin(client, database):
    """Give a security administrator at the interface."""
    return make_caller(client, database, Role.SECURITY_ADMIN)


def paste(reader, *lines, **typed):
    """Paste *lines* and press the button that fills the rows; return the rows as they stand."""
    reader.submit(SEVERAL, press=FILL, sheet="\n".join(lines), **typed)
    return rows_on(reader)


def rows_on(reader):
    """Return the name, the office and the roles of each row of the form that has any."""
    fields = reader.form(SEVERAL)["fields"]
    found = {}
    for name, value in fields:
        parts = name.split(".")
        if parts[0] == "accounts" and parts[2] in ("name", "office", "roles") and value:
            found.setdefault(int(parts[1]), {}).setdefault(parts[2], []).append(value)
    return {at: (*row.get("name", [""]), *row.get("office", [""]), row.get("roles", []))
            for at, row in found.items()}  # fmt: skip


def waiting_requests(admin):
    return admin.get(f"{V1}/approvals?state=pending").get_json()["items"]


def test_lines_of_a_spreadsheet_fill_the_rows_and_are_asked_for_by_another_button(one, admin):
    rows = paste(
        one,
        "姓名\t单位\t角色",
        "王经办\t郑州市工业和信息化局\t承办单位经办人",
        f"李主任\t{INDUSTRY}\toffice_head、经办人",
        "",
        "督查室\t\t督办核验人员",
    )
    assert one.status == 200, one.page.text
    assert rows == {
        0: ("王经办", INDUSTRY, ["office_editor"]),
        1: ("李主任", INDUSTRY, ["office_editor", "office_head"]),
        2: ("督查室", "", ["supervisor"]),
    }
    assert dict(one.form(SEVERAL)["fields"])["sheet"] == ""
    assert waiting_requests(admin) == []
    one.submit(SEVERAL, press=("do", "ask"), accounts__1__name="李副主任", reason="各单位上线")
    assert "须由另一名安全管理员批准" in one.page.text
    [asked] = waiting_requests(admin)
    names = [account["name"] for account in asked["payload"]["accounts"]]
    assert names == ["王经办", "李副主任", "督查室"]


@pytest.mark.parametrize("comma", [",", "，"])
def test_commas_stand_for_tabs_and_later_cells_are_more_roles(one, comma):
    line = comma.join(["王经办", "市工信局", "查阅人员", "承办单位经办人"])
    assert paste(one, line) == {0: ("王经办", INDUSTRY, ["reader", "office_editor"])}


def test_headings_say_which_column_is_what(one):
    rows = paste(one, "序号\t单位\t电话\t姓名\t角色", f"1\t{INDUSTRY}\t0371\t王经办\t查阅人员")
    assert rows == {0: ("王经办", INDUSTRY, ["reader"])}


def test_what_is_unknown_is_said_at_its_row_and_can_be_corrected(one, admin):
    rows = paste(one, "甲\t没有的局\t没有的角色，查阅人员", f"{HOSTILE}\t\t{HOSTILE}", "\t\treader")
    assert one.status == 422
    assert rows[0] == ("甲", "没有的局", ["reader"])
    assert rows[1] == (HOSTILE, "", [])
    shown = one.response.get_data(as_text=True)
    for place in ("0.office", "0.roles", "1.roles", "2.name"):
        assert f'id="error-accounts.{place}"' in shown
    assert "没有叫“没有的局”的单位" in one.page.text
    assert "没有叫“没有的角色”的角色" in one.page.text
    assert HOSTILE not in shown
    assert waiting_requests(admin) == []


def test_cells_are_text_alone(one):
    rows = paste(one, '=HYPERLINK("http://example.org")\t\treader', '"他说""好"""\t\treader')
    assert [row[0] for row in rows.values()] == ['=HYPERLINK("http://example.org")', '他说"好"']


def test_what_was_typed_stays_and_lines_go_into_rows_that_are_free(one):
    rows = paste(one, "乙\t\treader", accounts__0__name="甲", accounts__0__roles="auditor")
    assert rows == {0: ("甲", "", ["auditor"]), 1: ("乙", "", ["reader"])}


def test_more_rows_are_shown_as_needed_and_what_has_no_room_stays_pasted(one):
    rows = paste(one, *(f"账户{number}\t\treader" for number in range(102)))
    assert len(rows) == 100
    assert one.status == 422
    assert "还有 2 行没有填入" in one.page.text
    kept = dict(one.form(SEVERAL)["fields"])["sheet"].split("\n")
    assert [line.split("\t")[0] for line in kept] == ["账户100", "账户101"]


def test_nothing_pasted_is_said_at_its_field(one):
    one.submit(SEVERAL, press=FILL, accounts__0__name="甲")
    assert one.status == 422
    assert 'id="error-sheet"' in one.response.get_data(as_text=True)
    assert rows_on(one)[0][0] == "甲"


def test_above_a_bound_of_offices_their_short_name_is_asked_for(one, monkeypatch):
    monkeypatch.setattr(paging, "AT_ONCE", 1)
    monkeypatch.setattr(paging, "MOST_PAGES", 1)
    paste(one, "甲\t没有的局\treader")
    assert "前 1 个单位里没有“没有的局”，请填单位的简称。" in one.page.text


def test_it_is_told_in_english_too(signed_in):
    reader = signed_in(Role.SECURITY_ADMIN, lang="en")
    reader.get(SEVERAL)
    paste(reader, "name,office,roles", "Wang,no such office,office editor")
    assert "There is no office “no such office”." in reader.page.text
    assert rows_on(reader)[0] == ("Wang", "no such office", ["office_editor"])


def test_who_may_not_manage_accounts_fills_nothing(signed_in):
    auditor = signed_in(Role.AUDITOR)
    auditor.get(SEVERAL)
    assert auditor.status == 403
