"""A clerk's days at the desk of an office, with script and without; how many acts each takes."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.codes import Role
from app.models import SignIn
from tests.browser.visits import Way
from tests.support.casework import V1, took, version_of
from tests.support.factories import DATA, INDUSTRY, PARK

CASE = "/desk/cases/D002-P04-A01"
WHY_FIELD = "#field-step-objection_pending-reason"
WHY = "产业发展不属本局职责，应由他局牵头"
FIVE = [f"D002-P04-R{number:02}" for number in (1, 3, 4, 5, 12)]
PAPER = {"paper": "市委办〔2026〕3号"}


@pytest.fixture
def dispatcher(register):
    return register.caller(Role.DISPATCHER)


@pytest.fixture
def clerk(page, register, sign_in):
    """Sign an editor of the industry bureau in, and give their key."""
    key = register.key(Role.OFFICE_EDITOR, office=INDUSTRY)
    sign_in(page, key)
    return key


def give(dispatcher, reference="D002-P04", office=INDUSTRY, role="lead", **more):
    """Give *office* a proposal, and return the assignment."""
    number = took(dispatcher.get(f"{V1}/references/{reference}"))["id"]
    body = {"office": office, "role": role, **more}
    return took(dispatcher.post(f"{V1}/proposals/{number}/assignments", body))


def receive(register, made, office=INDUSTRY):
    """Let *office* receive an assignment, and return who did."""
    editor = register.caller(Role.OFFICE_EDITOR, office=office)
    path = f"{V1}/assignments/{made['id']}"
    took(editor.post(f"{path}/transitions", {"to": "received"}, version_of(editor, path)))
    return editor


def press(page, zh, en):
    """Press the button that says *zh*, or *en* on an English page."""
    page.locator(f"main button:text-is('{zh}'), main button:text-is('{en}')").first.click()


def test_thirty_cases_are_received_in_two_acts(page, register, dispatcher, clerk, acts, axe, way):
    filed = took(dispatcher.get(f"{V1}/proposals?limit=60&handling_state=filed"))["items"]
    given = [{"record": row["reference"], "body": {"office": INDUSTRY, "role": "lead"}}
             for row in filed[:30]]  # fmt: skip
    path = f"{V1}/proposals/assignments/batch"
    took(dispatcher.post(path, {"mode": "atomic", "rows": given}))
    page.goto("/desk")
    axe(page)
    acts.begin()
    if way.script:
        page.locator("#choose-all").check()
        press(page, "签收选中的件", "Receive those chosen")
    else:
        press(page, "全部签收", "Receive all of them")
    page.locator(".notice").wait_for()
    assert "30" in page.locator(".notice").inner_text()
    assert acts.number <= 2


def test_a_case_is_found_by_its_number_in_two_acts(page, register, dispatcher, clerk, acts):
    give(dispatcher)
    registrar = register.caller(Role.REGISTRAR)
    number = took(dispatcher.get(f"{V1}/references/D002-P04"))["id"]
    path = f"{V1}/proposals/{number}"
    took(registrar.patch(path, {"case_no": "2026-0321"}, version_of(registrar, path)))
    page.goto("/desk")
    acts.begin()
    page.locator("input[name=number]").fill("2026-0321")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{CASE}")
    assert (acts.number, acts.typed) == (2, 1)


def test_an_objection_takes_three_acts(page, dispatcher, clerk, acts, axe, picture):
    give(dispatcher)
    page.goto("/desk")
    acts.begin()
    page.locator(f"table a[href='{CASE}']").click()
    page.locator(WHY_FIELD).fill(WHY)
    press(page, "提出异议（退办）", "Object to it")
    page.locator(".notice").wait_for()
    assert acts.number == 3
    assert page.get_by_text(WHY).first.is_visible()
    axe(page)
    picture(page, "case")


def test_ten_reports_are_one_form_and_one_click(page, register, dispatcher, clerk, acts, axe):
    receive(register, give(dispatcher))
    page.goto("/desk/reports")
    axe(page)
    acts.begin()
    for place in range(10):
        page.locator("textarea").nth(place).fill(f"第 {place + 1} 条：正在推进")
    press(page, "提交写了的各行", "Send the rows that are filled in")
    page.locator(".notice").wait_for()
    assert "10" in page.locator(".notice").inner_text()
    assert acts.number - acts.typed == 1


def test_a_reply_with_five_points_is_one_page(page, register, dispatcher, clerk, axe, picture):
    editor = receive(register, give(dispatcher, role="separate"))
    page.goto(f"{CASE}/reply")
    axe(page)
    page.locator("textarea[name=text]").fill("关于五条建议的答复")
    for reference in FIVE:
        point = page.locator(f"fieldset:has(input[value='{reference}'])")
        point.locator("textarea[name$='.text']").first.fill("已列入年度计划。")
        point.locator("select[name$='.outcome']").select_option("planned")
    press(page, "保存这一稿，交会签和核对", "Keep this version, to be countersigned and checked")
    page.locator(".notice").wait_for()
    axe(page)
    picture(page, "reply")
    number = took(editor.get(f"{V1}/references/D002-P04-A01"))["id"]
    reply = took(editor.get(f"{V1}/assignments/{number}/replies/1"))
    assert [point["recommendation"]["reference"] for point in reply["points"]] == FIVE


def test_what_is_refused_stays_and_is_looked_at_first(page, register, dispatcher, clerk, axe):
    receive(register, give(dispatcher, role="separate"))
    page.goto(f"{CASE}/reply")
    page.locator("textarea[name=text]").fill("全文")
    point = page.locator(f"fieldset:has(input[value='{PARK}'])")
    point.locator("textarea[name$='.text']").first.fill("已列入计划。")
    press(page, "保存这一稿，交会签和核对", "Keep this version, to be countersigned and checked")
    page.locator(".problem").wait_for()
    assert page.locator("textarea[name=text]").input_value() == "全文"
    assert point.locator("textarea[name$='.text']").first.input_value() == "已列入计划。"
    page.locator(".problem a").first.click()
    assert point.locator(":focus, :target").count()
    axe(page)


def test_what_is_typed_survives_the_end_of_the_session(
    page, register, dispatcher, clerk, way, acts
):
    give(dispatcher)
    page.goto(CASE)
    page.locator(WHY_FIELD).press_sequentially(WHY)
    step = page.locator("form", has=page.locator(WHY_FIELD))
    if way.script:
        step.locator(".saved", has_text="暂存" if way.language != "en" else "Kept").wait_for()
    ended = sa.update(SignIn).values(seen_at=clock.utcnow() - timedelta(hours=1))
    with register.database.counting() as session:
        session.execute(ended)
    press(page, "提出异议（退办）", "Object to it")
    page.locator("input[name=key]").fill(clerk)
    page.locator("main form button").click()
    page.locator(".kept").wait_for()
    assert page.url.endswith(CASE)
    assert page.locator(WHY_FIELD).input_value() == WHY
    press(page, "提出异议（退办）", "Object to it")
    page.locator(".notice").wait_for()
    assert page.locator(".kept").count() == 0


def test_what_is_typed_is_there_again_after_the_browser_was_closed(
    page, register, dispatcher, clerk, way, open_page, sign_in
):
    give(dispatcher)
    page.goto(CASE)
    page.locator(WHY_FIELD).press_sequentially(WHY)
    step = page.locator("form", has=page.locator(WHY_FIELD))
    if way.script:
        step.locator(".saved", has_text="暂存" if way.language != "en" else "Kept").wait_for()
    else:
        step.locator("button[formaction^='/unsent']").first.click()
        page.locator(".kept").wait_for()
    other = open_page(register, way)
    sign_in(other, clerk)
    other.goto(CASE)
    assert other.locator(WHY_FIELD).input_value() == WHY


def test_a_newer_version_is_shown_beside_what_was_typed(page, register, dispatcher, clerk, axe):
    editor = receive(register, give(dispatcher, role="separate"))
    page.goto(f"{CASE}/reply")
    number = took(editor.get(f"{V1}/references/D002-P04-A01"))["id"]
    path = f"{V1}/assignments/{number}"
    point = {"recommendation": PARK, "text": "同事写的", "outcome": "planned"}
    draft = {"text": "同事先写的全文", "points": [point]}
    took(editor.post(f"{path}/replies", draft, version_of(editor, path)))
    page.locator("textarea[name=text]").fill("我写的全文")
    own = page.locator(f"fieldset:has(input[value='{PARK}'])")
    own.locator("textarea[name$='.text']").first.fill("我写的")
    own.locator("select[name$='.outcome']").select_option("planned")
    press(page, "保存这一稿，交会签和核对", "Keep this version, to be countersigned and checked")
    page.locator(".newer").first.wait_for()
    assert "同事先写的全文" in page.locator(".newer").first.inner_text()
    assert page.locator("textarea[name=text]").input_value() == "我写的全文"
    axe(page)
    press(page, "保存这一稿，交会签和核对", "Keep this version, to be countersigned and checked")
    page.locator(".notice").wait_for()


def test_what_is_late_is_one_act_away(page, dispatcher, clerk, acts, axe, picture):
    day = (clock.utcnow() - timedelta(days=20)).date().isoformat()
    give(dispatcher, on=day, **PAPER)
    page.goto("/desk")
    acts.begin()
    page.locator("a[href='/desk/late']").click()
    page.locator("textarea[name=text]").first.wait_for()
    assert acts.number == 1
    axe(page)
    picture(page, "late")


def test_a_file_is_added_while_a_report_waits(page, register, dispatcher, clerk, tmp_path, axe):
    receive(register, give(dispatcher))
    it = f"/desk/recommendations/{PARK}"
    page.goto(it)
    axe(page)
    page.locator("textarea[name=text]").fill("选址已完成")
    press(page, "暂存并上传文件", "Keep this and add files")
    page.locator("input[type=file]").wait_for()
    axe(page)
    paper = tmp_path / "选址公告.txt"
    paper.write_text("选址公告", encoding="utf-8")
    page.locator("input[type=file]").set_input_files(paper)
    press(page, "上传", "Add them")
    page.wait_for_url(f"**{it}")
    assert page.locator("textarea[name=text]").input_value() == "选址已完成"
    page.get_by_label("选址公告.txt").first.check()
    press(page, "报告进展", "Report on it")
    page.locator(".notice").wait_for()
    assert page.get_by_role("link", name="选址公告.txt").is_visible()


def test_an_office_tags_a_recommendation(page, register, way, clerk, axe, picture):
    page.goto("/desk")
    page.locator("input[name=number]").fill(PARK)
    page.keyboard.press("Enter")
    page.locator("#tagging").wait_for()
    tag = "Metaverse" if way.language == "en" else "元宇宙"
    form = page.locator("form[action$='/tags']")
    suggested = form.locator("input[name=suggested]").first
    slug = suggested.get_attribute("value")
    suggested.check()
    form.locator("input[name=add]").fill(f"{tag}、没有的标签")
    press(page, "更新标签", "Change the tags")
    page.locator("#error-tag-add").wait_for()
    assert suggested.is_checked()
    axe(page)
    picture(page, "tagging")
    form.locator("input[name=add]").fill(tag)
    press(page, "更新标签", "Change the tags")
    page.locator(".notice").wait_for()
    taken = {box.get_attribute("value") for box in form.locator("input[name=remove]").all()}
    assert {slug, "metaverse"} <= taken
    axe(page)


@pytest.mark.parametrize("way", [Way(size="small")], ids=str)
@pytest.mark.parametrize("address", ["/desk", CASE, f"{CASE}/reply", "/desk/reports"])
def test_the_desk_fits_on_a_small_screen(page, register, dispatcher, clerk, address, axe, picture):
    receive(register, give(dispatcher))
    give(dispatcher, "D002-P05")
    give(dispatcher, office=DATA, role="joint")
    page.goto(address)
    axe(page)
    picture(page, address.strip("/"))
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
