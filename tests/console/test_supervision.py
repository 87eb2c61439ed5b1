"""Those who watch: what is late and why, pressing, verifying, looking back, the month, ratings."""

from datetime import date

import pytest

from app.core.codes import Role
from app.handling.assignments.services.context import Work
from app.handling.worklists.services import tick
from app.register.people.queries.reference_data import read_book
from tests.support.casework import V1, dispatch, took
from tests.support.casework import step as step_of
from tests.support.factories import DATA, EDITOR, INDUSTRY, PARK, find
from tests.support.files import proves, upload
from tests.support.replies import assignment_of, rate, send

GOVERNMENT = "zhengzhou-government"
CLAIM = f"/supervision/recommendations/{PARK}"
EVIDENCE = [{"title": "竣工报告", "url": "https://example.org/done"}]
RATED = "/supervision/replies/D002-P04-A01"
WATCHED = (
    "/supervision",
    CLAIM,
    "/supervision/month",
    "/supervision/replies",
    RATED,
)


@pytest.fixture
def pass_on(database, today):
    """Let days pass, and the reminders of each fire."""

    def until(day):
        today["day"] = day
        database.write(lambda session: tick(Work(session, read_book(session), day)))

    return until


def on_park(caller, place, **body):
    one = find(caller)
    path = f"{V1}/recommendations/{one['id']}"
    version = caller.get(path).get_json()["version"]
    return took(caller.post(f"{path}/{place}", body, version))


@pytest.fixture
def watcher(signed_in):
    """Give a supervisor of the government, signed in."""
    return signed_in(Role.SUPERVISOR, office=GOVERNMENT)


@pytest.fixture
def late(callers, lead, pass_on):
    """Let the office of industry be late with its reply, and say why."""
    pass_on(date(2026, 6, 10))
    path = f"{V1}/assignments/{lead['id']}/explanations"
    why = {"text": "用地手续<b>未办结</b>", "done_by": "2026-07-31"}
    took(callers["industry"].post(path, why))
    return lead


@pytest.fixture
def claimed(callers, lead):
    """Let the office of industry claim the park, with a link and a file as evidence."""
    office = callers["industry"]
    on_park(office, "offices", office=INDUSTRY)
    on_park(office, "transitions", axis="progress", to="in_progress")
    on_park(office, "reports", text="主体完工<script>alert(1)</script>", percent=90)
    proposal = f"{V1}/proposals/{find(office)['proposal']['id']}"
    file = upload(office, proposal, internal="true")
    evidence = [*EVIDENCE, *proves(file, "验收报告（内部）")]
    on_park(office, "transitions", axis="progress", to="implemented", evidence=evidence)
    return file


def test_what_is_late_stands_by_office_with_its_reasons(watcher, late):
    text = watcher.get("/supervision").text
    assert "郑州市工业和信息化局 1 2026年6月2日" in text
    assert "用地手续<b>未办结</b>" in text
    assert "&lt;b&gt;" in watcher.response.get_data(as_text=True)
    assert f"/supervision?office={INDUSTRY}" in watcher.page.links
    assert "没有逾期的交办件" in watcher.get(f"/supervision?office={DATA}").text
    text = watcher.get(f"/supervision?office={INDUSTRY}").text
    assert "该单位逾期的事项 1" in text
    assert "2026年6月2日 · 逾期 8 天" in text


def test_an_office_is_pressed_where_it_is_seen_to_be_late(watcher, late, callers):
    watcher.get("/supervision")
    given = {"text": "请说明何时答复", "answer_by": "2026-06-20"}
    watcher.submit("/supervision", cases=late["id"], **given)
    assert "已催办 1 件" in watcher.page.text
    assert "请说明何时答复" in watcher.page.text
    [press] = assignment_of(callers["industry"], late)["presses"]
    assert (press["text"], press["answer_by"]) == ("请说明何时答复", "2026-06-20")


def test_a_press_that_is_refused_keeps_what_was_typed_and_chosen(watcher, late, callers):
    watcher.get(f"/supervision?office={INDUSTRY}")
    watcher.submit("/supervision", cases=late["id"], text="请说明何时答复", answer_by="2026-06-01")
    assert watcher.status == 422
    form = watcher.form("/supervision")
    assert ("cases", str(late["id"])) in form["fields"]
    assert ("text", "请说明何时答复") in form["fields"]
    assert ("answer_by", "2026-06-01") in form["fields"]
    assert 'id="error-answer_by"' in watcher.response.get_data(as_text=True)
    assert assignment_of(callers["industry"], late)["presses"] == []


def test_a_press_that_is_sent_twice_is_one(watcher, late, callers):
    watcher.get("/supervision")
    fields = [
        pair
        for pair in watcher.form("/supervision")["fields"]
        if pair[0] not in ("text", "answer_by")
    ]
    fields += [("cases", late["id"]), ("text", "请说明"), ("answer_by", "2026-06-20")]
    for _ in range(2):
        watcher.send("/supervision", fields)
    assert len(assignment_of(callers["industry"], late)["presses"]) == 1


def test_pressing_nobody_says_so(watcher, late):
    watcher.get("/supervision")
    watcher.submit("/supervision", text="请说明", answer_by="2026-06-20")
    assert "没有勾选" in watcher.page.text


def test_a_claim_is_verified_beside_its_evidence_in_two_acts(watcher, claimed, client):
    watcher.get("/supervision")
    assert CLAIM in watcher.page.links
    text = watcher.get(CLAIM).text
    assert "以大模型企业为链主单位,建设郑州人工智能产业园" in text
    assert "主体完工<script>alert(1)</script>" in text
    assert "<script>alert" not in watcher.response.get_data(as_text=True)
    assert EVIDENCE[0]["url"] in watcher.page.links
    watcher.submit(CLAIM, press=("to", "verified"))
    assert "已核验" in watcher.page.text
    assert find(client)["progress"] == "verified"


def test_an_internal_file_stands_beside_the_claim(watcher, claimed):
    watcher.get(CLAIM)
    assert f"/files/{claimed['id']}/content" in watcher.page.links
    assert "验收报告（内部）" in watcher.page.text


def test_a_claim_is_sent_back_with_a_reason_alone(watcher, claimed, client):
    watcher.get(CLAIM)
    watcher.submit(CLAIM, note="", press=("to", "in_progress"), evidence__0__title="现场照片")
    assert watcher.status == 422
    assert ("evidence.0.title", "现场照片") in watcher.form(CLAIM)["fields"]
    watcher.submit(CLAIM, evidence__0__title="", press=("to", "in_progress"))
    assert watcher.status == 422
    assert 'id="field-reason"' in watcher.response.get_data(as_text=True)
    watcher.submit(CLAIM, note="现场尚未竣工", press=("to", "in_progress"))
    assert "已退回" in watcher.page.text
    assert find(client)["progress"] == "in_progress"


def test_a_claim_that_changed_meanwhile_is_shown_as_it_is_now(watcher, claimed, callers, client):
    watcher.get(CLAIM)
    on_park(callers["industry"], "reports", text="又补充一份材料")
    on_park(callers["supervisor"], "tags", add=["computing-power"])
    watcher.submit(CLAIM, note="看过现场", press=("to", "verified"))
    assert watcher.status == 412
    assert "又补充一份材料" in watcher.page.text
    assert ("note", "看过现场") in watcher.form(CLAIM)["fields"]
    watcher.submit(CLAIM, press=("to", "verified"))
    assert find(client)["progress"] == "verified"


def test_the_office_that_claimed_is_told_that_others_judge(signed_in, claimed):
    own = signed_in(Role.SUPERVISOR, office=INDUSTRY)
    assert "申报单位不能核验自己" in own.get(CLAIM).text
    assert CLAIM not in [form["action"] for form in own.page.forms]


def test_what_was_verified_is_looked_back_at(watcher, claimed, callers, client, pass_on):
    on_park(callers["supervisor"], "transitions", axis="progress", to="verified")
    pass_on(date(2026, 9, 3))
    assert "2026年9月2日 · 逾期 1 天" in watcher.get("/supervision").text
    watcher.get(CLAIM)
    watcher.submit(CLAIM, note="", press=("to", "stands"))
    assert watcher.status == 422
    watcher.submit(CLAIM, note="园区运行正常", press=("to", "stands"))
    assert "仍已落实" in watcher.page.text
    newest = client.get(f"{V1}/recommendations/{find(client)['id']}/reports").get_json()["items"][
        -1
    ]
    assert newest["text"] == "园区运行正常"


def test_what_no_longer_stands_is_opened_again_by_two(watcher, claimed, callers, client):
    on_park(callers["supervisor"], "transitions", axis="progress", to="verified")
    watcher.get(CLAIM)
    watcher.submit(CLAIM, note="园区已停业", press=("to", "in_progress"))
    assert "另一名督办核验人员批准" in watcher.page.text
    assert find(client)["progress"] == "verified"


def test_the_month_stands_on_one_page_and_each_number_leads_to_its_list(watcher, late):
    text = watcher.get("/supervision/month").text
    for words in ("逾期的建议", "按时办复率", "承诺兑现率", "落实率（从严）", "2026年6月10日"):
        assert words in text
    lists = [link for link in watcher.page.links if "counted_in=on_time_reply_rate.denom" in link]
    assert lists[0].startswith("/assignments?")
    assert any("within=" in link for link in lists)
    late_ones = "/recommendations?counted_in=late_recommendations.numerator"
    assert any(link.startswith(late_ones) for link in watcher.page.links)


def test_each_figure_of_the_month_has_its_picture_with_the_same_in_words(watcher, late):
    watcher.get("/supervision/month")
    body = watcher.response.get_data(as_text=True)
    for figure in ("on_time_reply_rate", "commitment_kept_rate", "implementation_rate_strict"):
        assert f'src="/figures/{figure}.svg?lang=zh&amp;months=12"' in body
    assert 'alt="按时办复率（现行期限）：' in body


def test_the_month_is_told_in_english_too(signed_in, late):
    text = signed_in(Role.AUDITOR, lang="en").get("/supervision/month").text
    assert "commitment kept rate" in text
    assert "In all" in text


@pytest.fixture
def disliked(callers, proposal, lead):
    """Let a proposer be dissatisfied twice, so that the handling is to be assessed."""
    for number in (1, 2):
        send(callers, lead, proposal, number=number)
        took(rate(callers, lead, proposal, number=number, result="dissatisfied"))
    return lead


def test_what_proposers_are_not_satisfied_with_is_assessed(signed_in, disliked, callers):
    address = f"/supervision/replies/{disliked['reference']}"
    dispatcher = signed_in(Role.DISPATCHER)
    dispatcher.get("/supervision/replies")
    assert "不满意" in dispatcher.page.text
    assert address in dispatcher.page.links
    dispatcher.get(address)
    dispatcher.submit(address, note="应当补充措施")
    assert dispatcher.status == 422
    assert ("note", "应当补充措施") in dispatcher.form(address)["fields"]
    dispatcher.submit(address, decision="handle_again")
    assert "评估结论已记录" in dispatcher.page.text
    assert assignment_of(callers["industry"], disliked)["state"] == "in_progress"


def test_a_supervisor_reads_ratings_and_assesses_nothing(watcher, disliked):
    assert "不满意" in watcher.get("/supervision/replies").text
    watcher.get(f"/supervision/replies/{disliked['reference']}")
    assert "评估结论" not in watcher.page.text


@pytest.mark.parametrize("address", WATCHED)
def test_who_is_not_signed_in_signs_in_first(reader, address, lead):
    reader.get(address)
    assert reader.address.startswith("/sign-in?next=")


@pytest.mark.parametrize("address", WATCHED)
@pytest.mark.parametrize("role", [*EDITOR, Role.OFFICE_HEAD, Role.READER, Role.SECURITY_ADMIN])
def test_no_office_and_no_administrator_sees_what_is_said_of_offices(
    signed_in, late, address, role
):
    office = INDUSTRY if role in (*EDITOR, Role.OFFICE_HEAD) else None
    other = signed_in(role, office=office)
    other.get(address)
    assert other.status == 403
    assert "用地手续" not in other.page.text
    assert "逾期最多" not in other.page.text


def test_a_dispatcher_presses_and_verifies_nothing(signed_in, late, claimed):
    dispatcher = signed_in(Role.DISPATCHER)
    dispatcher.get("/supervision")
    assert "cases" in dispatcher.form("/supervision")["names"]
    dispatcher.get(CLAIM)
    assert CLAIM not in [form["action"] for form in dispatcher.page.forms]


def test_an_auditor_reads_it_all_and_presses_nobody(signed_in, late):
    auditor = signed_in(Role.AUDITOR)
    assert "用地手续" in auditor.get("/supervision").text
    assert "/supervision" not in [form["action"] for form in auditor.page.forms]


def test_what_is_late_elsewhere_stands_as_well(watcher, callers, proposal, late, pass_on):
    other = dispatch(callers, proposal, DATA, "joint", on="2026-03-02")
    took(step_of(callers["data"], other, "received"))
    pass_on(date(2026, 9, 30))
    text = watcher.get("/supervision").text
    assert "郑州市大数据管理局 1" in text
