"""The monthly round, a recommendation and its promises on the desk; files by a button."""

import io

import pytest

from app.console import paging
from tests.support.casework import V1, took
from tests.support.factories import INDUSTRY, PARK, find
from tests.support.pages import HOST
from tests.support.papers import PDF
from tests.support.replies import SENT, body, draft, move

pytestmark = pytest.mark.usefixtures("today")
FORM = "/desk/reports"
IT = f"/desk/recommendations/{PARK}"


def rows_of(reader):
    """Return the number of each recommendation in the form, by its reference."""
    fields = reader.form(FORM)["fields"]
    return {own: name.split(".")[1] for name, own in fields if name.endswith(".record")}


def test_ten_recommendations_are_reported_on_in_one_form_by_one_click(people, lead, callers):
    clerk = people("industry")
    clerk.get(FORM)
    rows = rows_of(clerk)
    ten = list(rows)[:10]
    typed = {f"rows__{rows[one]}__text": f"{one} 正在推进" for one in ten}
    clerk.submit(FORM, **typed)
    assert "已报告 10 条" in clerk.page.text, clerk.page.text
    for one in (ten[0], ten[-1]):
        number = find(callers["auditor"], one)["id"]
        shown = took(callers["auditor"].get(f"{V1}/recommendations/{number}"))
        assert [report["text"] for report in shown["reports"]] == [f"{one} 正在推进"]
    assert not set(rows_of(clerk)) & set(ten)  # what was reported this month stands last
    assert rest_of(clerk)[-10:] == ten


def test_what_is_not_reported_stands_first_over_all_pages(people, lead, monkeypatch):
    clerk = people("industry")
    clerk.get(FORM)
    rows = rows_of(clerk)
    whole = rest_of(clerk)
    told = f"未办结的共 {len(whole)} 条，本月还没有报的 {len(whole)} 条全部排在前面"
    assert told in clerk.get(FORM).text
    early = list(rows)[:3]
    clerk.submit(FORM, **{f"rows__{rows[one]}__text": "正在推进" for one in early})
    monkeypatch.setattr("app.console.desk.reports.ROWS", 50)
    seen = rest_of(clerk)
    assert (seen[:-3], seen[-3:]) == (whole[3:], early)
    told = f"未办结的共 {len(whole)} 条，本月还没有报的 {len(whole) - 3} 条全部排在前面"
    assert told in clerk.page.text


def rest_of(clerk, address=FORM):
    """Return the references on all pages of the form from *address* on, in their order."""
    seen = []
    for number in range(2, 20):
        clerk.get(address)
        seen += rows_of(clerk)
        address = f"{FORM}?page={number}"
        if address not in clerk.page.links:
            break
    return seen


def test_above_a_bound_it_is_said_over_how_many_it_sorts(people, lead, monkeypatch):
    clerk = people("industry")
    clerk.get(FORM)
    whole = list(rows_of(clerk))
    monkeypatch.setattr(paging, "AT_ONCE", 2)
    monkeypatch.setattr(paging, "MOST_PAGES", 3)
    clerk.get(FORM)
    assert "未办结的建议超过 6 条" in clerk.page.text
    assert "这一批 6 条，只在这一批之内，本月还没有报的 6 条排在前面" in clerk.page.text
    assert list(rows_of(clerk)) == whole[:6]
    [later] = [link for link in clerk.page.links if "cursor=" in link]
    clerk.get(later)
    assert list(rows_of(clerk)) == whole[6:12]


def test_a_row_that_was_refused_is_shown_whatever_page_it_was_on(people, lead, monkeypatch):
    clerk = people("industry")
    monkeypatch.setattr("app.console.desk.reports.ROWS", 2)
    clerk.get(f"{FORM}?page=2")
    rows = rows_of(clerk)
    one = list(rows)[1]
    clerk.submit(FORM, **{f"rows__{rows[one]}__percent": "一半"})
    assert clerk.status == 422
    assert next(iter(rows_of(clerk))) == one
    clerk.get(FORM)
    assert next(iter(rows_of(clerk))) == one
    assert dict(clerk.form(FORM)["fields"])[f"rows.{rows[one]}.percent"] == "一半"


@pytest.mark.parametrize("asked", ["0", "-1", "x", "999999", "9" * 30])
def test_a_page_that_is_none_breaks_nothing(people, lead, asked):
    clerk = people("industry")
    clerk.get(f"{FORM}?page={asked}")
    assert clerk.status == 200
    assert rows_of(clerk)


def test_a_refused_row_keeps_its_words_and_the_others_are_carried_out(people, lead, callers):
    clerk = people("industry")
    clerk.get(FORM)
    rows = rows_of(clerk)
    good, bad, empty = list(rows)[:3]
    typed = {f"rows__{rows[good]}__text": "已完成选址", f"rows__{rows[bad]}__text": "过半"}
    typed[f"rows__{rows[bad]}__percent"] = "60"  # it was not begun
    clerk.submit(FORM, **typed)
    assert clerk.status == 422
    assert "办成 1 件，没有办成 1 件" in clerk.page.text
    shown = clerk.response.get_data(as_text=True)
    assert f'id="error-rows.{rows[bad]}.' in shown
    fields = dict(clerk.form(FORM)["fields"])
    assert fields[f"rows.{rows[bad]}.text"] == "过半"
    assert fields[f"rows.{rows[bad]}.percent"] == "60"
    assert f"rows.{rows[good]}.text" not in fields  # it is reported now and stands last
    assert fields[f"rows.{rows[empty]}.text"] == ""
    clerk.get(FORM)  # and later: just what was refused is offered again
    fields = dict(clerk.form(FORM)["fields"])
    assert fields[f"rows.{rows[bad]}.text"] == "过半"
    assert f"rows.{rows[good]}.text" not in fields
    clerk.submit(FORM, **{f"rows__{rows[bad]}__percent": "20"})
    assert "已报告 1 条" in clerk.page.text


def test_a_percentage_that_is_no_number_is_told_at_its_row(people, lead):
    clerk = people("industry")
    clerk.get(FORM)
    rows = rows_of(clerk)
    one = list(rows)[4]
    typed = {f"rows__{rows[one]}__text": "推进中", f"rows__{rows[one]}__percent": "一半"}
    clerk.submit(FORM, **typed)
    assert clerk.status == 422
    assert f'id="error-rows.{rows[one]}.percent"' in clerk.response.get_data(as_text=True)
    assert dict(clerk.form(FORM)["fields"])[f"rows.{rows[one]}.percent"] == "一半"


def test_an_empty_round_is_told(people, lead):
    clerk = people("industry")
    clerk.get(FORM)
    clerk.submit(FORM)
    assert clerk.status == 422
    assert "没有填写任何一行" in clerk.page.text


def test_who_has_no_office_has_no_round(people):
    staff = people("dispatcher")
    for address in (FORM, "/desk/late"):
        staff.get(address)
        assert staff.status == 403
        assert "不属于承办单位" in staff.page.text


def test_a_report_with_a_page_as_evidence(people, lead, callers):
    clerk = people("industry")
    clerk.get(IT)
    clerk.submit(f"{IT}/reports", text="选址已完成", percent="120", link="https://example.org/a")
    assert clerk.status == 422
    fields = dict(clerk.form(f"{IT}/reports")["fields"])
    assert (fields["text"], fields["percent"]) == ("选址已完成", "120")
    clerk.submit(f"{IT}/reports", percent="20", link_title="选址公告")
    assert clerk.status == 200, clerk.page.text
    assert "选址公告" in clerk.page.text
    assert "https://example.org/a" in clerk.page.links


def upload(reader, address, *names, **more):
    """Send files as a browser does that chose them in the form at *address*."""
    reader.get(address)
    pairs = dict(reader.form(address.partition("?")[0])["fields"]) | more
    files = [(io.BytesIO(PDF), name) for name in names]
    given = {"Origin": HOST, "Accept": "text/html", "Accept-Language": "zh"}
    answer = reader.client.post(
        address.partition("?")[0],
        data={**pairs, "file": files},
        headers=given,
        content_type="multipart/form-data",
    )
    return reader.show(answer, address)


def test_files_are_added_by_a_button_and_prove_what_was_done(people, lead, callers):
    clerk = people("industry")
    address = f"/desk/files/D002-P04?return={IT}"
    upload(clerk, address, "竣工验收报告.pdf", "现场照片.pdf")
    assert clerk.address == IT
    assert "已上传 2 个文件" in clerk.page.text
    clerk.submit(f"{IT}/steps/progress/in_progress")
    assert clerk.status == 200, clerk.page.text
    clerk.submit(f"{IT}/steps/progress/implemented")
    assert clerk.status == 422  # evidence is needed
    listed = callers["industry"].get(f"{V1}/proposals/{lead['proposal']['id']}/files")
    file = took(listed)["items"][0]
    clerk.submit(f"{IT}/steps/progress/implemented", file=file["reference"])
    assert clerk.status == 200, clerk.page.text
    assert find(callers["auditor"])["progress"] == "implemented"
    answer = clerk.client.get(f"/desk/attachments/{file['reference']}", headers=clerk.headers())
    assert answer.data == PDF
    assert "attachment" in answer.headers["Content-Disposition"]


def test_a_file_that_is_none_is_told_at_the_button(people, lead):
    clerk = people("industry")
    upload(clerk, "/desk/files/D002-P04", "程序.exe")
    assert clerk.status in (415, 422)
    assert "程序.exe：" in clerk.page.text.replace(" ：", "：")
    clerk.get("/desk/files/D002-P04")
    clerk.submit("/desk/files/D002-P04")
    assert clerk.status == 422
    assert "请先选择文件" in clerk.page.text


def test_what_was_typed_waits_while_a_file_is_added(people, lead):
    clerk = people("industry")
    clerk.get(IT)
    action = f"{IT}/reports"
    pairs = dict(clerk.form(action)["fields"]) | {"text": "选址已完成"}
    then = f"/desk/files/D002-P04?return={IT}"
    clerk.send(f"/unsent?address={action}&then={then.replace('?', '%3F')}", list(pairs.items()))
    assert clerk.address == then
    upload(clerk, then, "选址公告.pdf")
    assert clerk.address == IT
    assert dict(clerk.form(action)["fields"])["text"] == "选址已完成"


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example", "/\\evil"])
def test_no_form_leads_to_another_site(people, lead, away):
    clerk = people("industry")
    clerk.get(IT)
    action = f"{IT}/reports"
    pairs = dict(clerk.form(action)["fields"]) | {"text": "选址已完成", "back": away}
    query = {"address": action, "then": away}
    answer = clerk.client.post("/unsent", query_string=query, data=pairs, headers=clerk.headers())
    assert answer.headers["Location"] == "/"


def test_a_recommendation_is_taken_on(people, callers):
    free = next(
        row
        for row in callers["industry"].get(f"{V1}/recommendations?limit=200").get_json()["items"]
        if row["lead_office"] is None
    )
    clerk = people("industry")
    it = f"/desk/recommendations/{free['reference']}"
    clerk.get(it)
    clerk.submit(f"{it}/offices", role="lead", due_on="2020-01-01")
    assert clerk.status == 422
    assert dict(clerk.form(f"{it}/offices")["fields"])["due_on"] == "2020-01-01"
    clerk.submit(f"{it}/offices", due_on="2027-06-30")
    assert clerk.status == 200, clerk.page.text
    assert find(callers["auditor"], free["reference"])["lead_office"]["slug"] == INDUSTRY


@pytest.fixture
def promised(callers, proposal, lead):
    """Give the reference of what was promised of the park, in a reply that was sent."""
    promise = {"promise": {"text": "年底前开工建设产业园", "on": "2026-12-31"}}
    took(draft(callers["industry"], lead, body(callers, proposal, **promise)))
    took(move(callers["dispatcher"], lead, 1, "checked"))
    took(move(callers["head"], lead, 1, "sent", **SENT))
    [row] = callers["industry"].get(f"{V1}/commitments?recommendation={PARK}").get_json()["items"]
    return row["reference"]


def test_a_promise_has_milestones_and_is_kept_with_evidence(people, promised, callers):
    clerk = people("industry")
    clerk.get(IT)
    at = f"/desk/promises/{promised}"
    assert at in clerk.page.links
    clerk.get(at)
    assert "年底前开工建设产业园" in clerk.page.text
    clerk.submit(f"{at}/milestones", text="", due_on="2026-06-30")
    assert clerk.status == 422
    assert dict(clerk.form(f"{at}/milestones")["fields"])["due_on"] == "2026-06-30"
    clerk.submit(f"{at}/milestones", text="完成选址")
    assert "完成选址" in clerk.page.text
    clerk.submit(f"{at}/milestones/1")
    assert "节点已完成" in clerk.page.text
    clerk.submit(f"{at}/remarks", kind="confirmation", text="继续推进，年内开工")
    assert "继续推进，年内开工" in clerk.page.text
    clerk.submit(f"{at}/steps/kept")
    assert clerk.status == 422  # evidence is needed
    clerk.submit(f"{at}/steps/kept", link_title="开工照片", link="https://example.org/a")
    assert clerk.status == 200, clerk.page.text
    shown = callers["industry"].get(f"{V1}/commitments?reference={promised}").get_json()["items"]
    assert [row["state"] for row in shown] == ["kept"]


def test_what_is_promised_lies_on_the_desk(people, promised):
    clerk = people("industry")
    clerk.get("/desk")
    assert f"/desk/promises/{promised}" in clerk.page.links
    other = people("data")
    other.get(f"/desk/promises/{promised}")
    actions = [form["action"] for form in other.page.forms]
    assert not [action for action in actions if action.startswith("/desk/promises")]
