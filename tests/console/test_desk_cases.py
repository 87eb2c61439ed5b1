"""The case on the desk: what it shows, each of its steps as a form, and what is refused of it."""

from datetime import date

import pytest

from app.handling.assignments.services.context import Work
from app.handling.worklists.services import tick
from app.register.people.queries.reference_data import read_book
from tests.support.casework import V1, dispatch, took, version_of
from tests.support.factories import DATA, PARK

pytestmark = pytest.mark.usefixtures("today")
CASE = "/desk/cases/D002-P04-A01"


@pytest.fixture
def given(callers, proposal):
    """Give the office of industry the case of the park."""
    return dispatch(callers, proposal)


@pytest.fixture
def on(database, today):
    """Let it be another day, with the reminders that fire until then."""

    def until(year, month, day):
        today["day"] = date(year, month, day)
        database.write(lambda s: tick(Work(s, read_book(s), today["day"])))

    return until


def state_of(callers, made):
    return took(callers["auditor"].get(f"{V1}/assignments/{made['id']}"))


def test_a_case_shows_what_it_asks_who_has_it_and_how_its_day_came_about(people, given):
    text = people("industry").get(CASE).text
    assert "以大模型企业为链主单位,建设郑州人工智能产业园" in text  # the words themselves
    assert "主办 ：郑州市工业和信息化局" in text.replace("主办：", "主办 ：")
    assert "交办之日 2026-03-02（周一），当日不计" in text
    assert "到期 2026-03-16（周一）" in text
    assert "交办给郑州市工业和信息化局（主办）" in text


def test_it_speaks_english(people, given):
    text = people("industry", "en").get(CASE).text
    assert "What comes next" in text
    assert "Object to it" in text


def test_an_objection_with_its_reason_takes_three_acts(people, given, callers):
    clerk = people("industry")
    clerk.get("/desk")
    assert CASE in clerk.page.links
    clerk.get(CASE)  # 1: the case; 2: into the field; 3: the button
    clerk.submit(f"{CASE}/steps/objection_pending", reason="不属本局职责", suggested_office=DATA)
    assert "异议待定" in clerk.page.text
    shown = state_of(callers, given)
    assert (shown["state"], shown["objection"]) == ("objection_pending", "不属本局职责")
    assert shown["suggested_office"]["slug"] == DATA


def test_an_objection_without_a_reason_is_told_at_its_field(people, given, callers):
    clerk = people("industry")
    clerk.get(CASE)
    clerk.submit(f"{CASE}/steps/objection_pending", suggested_office=DATA)
    assert clerk.status == 422
    assert 'href="#field-step-objection_pending-reason"' in clerk.response.get_data(as_text=True)
    form = dict(clerk.form(f"{CASE}/steps/objection_pending")["fields"])
    assert form["suggested_office"] == DATA
    assert state_of(callers, given)["state"] == "pending"


def test_a_case_that_changed_meanwhile_is_told_and_shown_as_it_is(people, given, callers):
    clerk = people("industry")
    clerk.get(CASE)
    path = f"{V1}/assignments/{given['id']}"
    industry = callers["industry"]
    took(industry.post(f"{path}/transitions", {"to": "received"}, version_of(industry, path)))
    clerk.submit(f"{CASE}/steps/objection_pending", reason="不属本局职责")
    assert clerk.status == 412
    assert "您写的都还在下面" in clerk.page.text
    assert "已签收" in clerk.page.text
    clerk.submit(f"{CASE}/steps/objection_pending")
    assert state_of(callers, given)["objection"] == "不属本局职责"


def test_a_step_of_an_earlier_day_needs_its_paper(people, given, callers, today):
    today["day"] = date(2026, 3, 4)
    clerk = people("industry")
    clerk.get(CASE)
    clerk.submit(f"{CASE}/steps/received", on="2026-03-03")
    assert clerk.status == 422
    clerk.submit(f"{CASE}/steps/received", paper="郑工信函〔2026〕3号")
    assert state_of(callers, given)["received_on"] == "2026-03-03"


def test_a_case_received_twice_is_received_once(people, given, callers):
    clerk = people("industry")
    clerk.get(CASE)
    pairs = clerk.form(f"{CASE}/steps/received")["fields"]
    for _ in range(2):
        clerk.send(f"{CASE}/steps/received", pairs)
        assert clerk.status == 200, clerk.page.text
    events = took(callers["auditor"].get(f"{V1}/proposals/{given['proposal']['id']}/history"))
    assert [e["operation"] for e in events["items"]].count("assignment.received") <= 1
    assert state_of(callers, given)["state"] == "received"


def test_more_time_is_asked_for_and_its_day_explained(people, lead, callers):
    clerk = people("industry")
    clerk.get(CASE)
    clerk.submit(f"{CASE}/extensions", extended_to="2026-07-31", reason="")
    assert clerk.status == 422
    assert dict(clerk.form(f"{CASE}/extensions")["fields"])["extended_to"] == "2026-07-31"
    clerk.submit(f"{CASE}/extensions", reason="产业园选址需报批")
    assert clerk.status == 200, clerk.page.text
    assert "原定 2026年6月2日" in clerk.page.text
    assert "产业园选址需报批" in clerk.page.text


def test_a_contact_is_noted_and_one_without_words_is_refused(people, lead):
    clerk = people("industry")
    clerk.get(CASE)
    clerk.submit(f"{CASE}/contacts", channel="phone", note="")
    assert clerk.status == 422
    assert dict(clerk.form(f"{CASE}/contacts")["fields"])["channel"] == "phone"
    clerk.submit(f"{CASE}/contacts", note="电话说明进展")
    assert "电话说明进展" in clerk.page.text


def test_a_dispatcher_lets_the_clock_stand_still(people, lead, callers):
    staff = people("dispatcher")
    staff.get(CASE)
    first, last = "2026-03-03", "2026-03-06"
    staff.submit(f"{CASE}/pauses", first=first, last=last, reason="等待上级批复", paper="批文")
    assert staff.status == 200, staff.page.text
    assert "等待上级批复" in people("industry").get(CASE).text


def test_an_office_gets_no_form_that_the_interface_does_not_offer(people, lead):
    clerk = people("industry")
    clerk.get(CASE)
    actions = {form["action"] for form in clerk.page.forms}
    assert f"{CASE}/pauses" not in actions  # dispatchers only
    assert f"{CASE}/forwarding" not in actions  # the head only
    assert f"{CASE}/steps/received" not in actions  # it was
    assert f"{CASE}/steps/withdrawn" not in actions
    other = people("data")
    other.get(CASE)
    assert [f["action"] for f in other.page.forms if f["action"].startswith(CASE)] == []


def test_the_head_passes_a_case_on(people, callers, proposal, lead):
    head = people("head")
    head.get(CASE)
    head.submit(f"{CASE}/forwarding", office=DATA, role="joint", recommendation=PARK, note="请协助")
    assert head.status in (200, 403, 409, 422), head.page.text
    if head.status != 200:  # told in the words of the interface, with what was chosen
        assert dict(head.form(f"{CASE}/forwarding")["fields"])["office"] == DATA


def test_a_joint_office_says_no_with_a_reason(people, callers, proposal, lead):
    joint = dispatch(callers, proposal, DATA, "joint")
    path = f"{V1}/assignments/{joint['id']}"
    took(callers["data"].post(f"{path}/transitions", {"to": "received"}, joint["version"]))
    every = callers["auditor"].get(f"{V1}/recommendations?proposal=D002-P04&limit=200").get_json()
    points = [
        {"recommendation": row["reference"], "text": "已列入。", "outcome": "planned"}
        for row in every["items"]
    ]
    mine = f"{V1}/assignments/{lead['id']}"
    industry = callers["industry"]
    draft = {"text": "答复全文", "points": points}
    took(industry.post(f"{mine}/replies", draft, version_of(industry, mine)))
    signer = people("data_head")
    signer.get("/desk")
    assert "会签" in signer.page.text
    theirs = f"/desk/cases/{joint['reference']}"
    signer.get(theirs)
    form = f"{theirs}/countersignatures/D002-P04-A01-V1"
    signer.submit(form, agrees="no")
    assert signer.status == 422
    assert dict(signer.form(form)["fields"])["agrees"] == "no"
    signer.submit(form, note="数据底座未列入")
    assert signer.status == 200, signer.page.text
    assert "不同意（数据底座未列入）" in people("industry").get(f"{CASE}/reply").text


def test_an_editor_sees_that_the_head_countersigns(people, callers, proposal, lead):
    text = people("data").get(CASE).text
    assert "会签意见" not in text


def test_what_is_late_is_one_page_and_says_why_in_one_form(people, lead, callers, on):
    on(2026, 6, 20)
    clerk = people("industry")
    clerk.get("/desk/late")  # one act
    assert "逾期" in clerk.page.text
    assert "还没有说明原因" in clerk.page.text
    form = "/desk/late/D002-P04-A01"
    clerk.submit(form, text="用地手续尚未办结", done_by="2026-06-01")
    assert clerk.status == 422
    assert dict(clerk.form(form)["fields"])["text"] == "用地手续尚未办结"
    clerk.submit(form, done_by="2026-08-31")
    assert "用地手续尚未办结" in clerk.page.text
    assert "已说明原因" in clerk.page.text
    shown = state_of(callers, lead)
    assert [one["done_by"] for one in shown["explanations"]] == ["2026-08-31"]


def test_a_press_is_answered_at_the_case(people, lead, callers, on):
    on(2026, 6, 20)
    supervisor = callers["supervisor"]
    path = f"{V1}/assignments/{lead['id']}"
    pressed = {"text": "请说明办理进度", "answer_by": "2026-06-26"}
    took(supervisor.post(f"{path}/presses", pressed, version_of(supervisor, path)))
    clerk = people("industry")
    assert "答复催办" in clerk.get("/desk").text
    clerk.get(CASE)
    assert "请说明办理进度" in clerk.page.text
    clerk.submit(f"{CASE}/explanations", text="用地手续尚未办结", done_by="2026-08-31")
    assert clerk.status == 200, clerk.page.text
    assert "被催办" not in clerk.page.text


def test_a_case_that_is_none_is_a_page(people):
    clerk = people("industry")
    for address in ("/desk/cases/X-1", f"/desk/cases/{PARK}", "/desk/recommendations/D002-P04"):
        clerk.get(address)
        assert clerk.status == 404
        assert "回到首页" in clerk.page.text


def test_nobody_else_takes_a_step_by_a_form_of_their_own(people, given, callers):
    clerk, other = people("industry"), people("data")
    clerk.get(CASE)
    pairs = dict(clerk.form(f"{CASE}/steps/received")["fields"])
    other.get(CASE)
    other.send(f"{CASE}/steps/received", list(pairs.items()))
    assert other.status == 403  # the token is of another sign-in
    assert state_of(callers, given)["state"] == "pending"
