"""A clerk's month, from receipt to the reply that was sent; letters as forms, and refusals."""

import pytest

from tests.support.casework import V1, dispatch, took, version_of
from tests.support.factories import DATA, PARK, find
from tests.support.replies import move

pytestmark = pytest.mark.usefixtures("today")
REPLY = "/desk/cases/D002-P04-A01/reply"
FIVE = [f"D002-P04-R{number:02}" for number in (1, 3, 4, 5, 12)]


class Acts:
    """Counts what somebody at the pages does: pages opened, buttons pressed."""

    def __init__(self, reader):
        self.reader, self.gets, self.submits = reader, 0, 0

    def get(self, address):
        self.gets += 1
        return self.reader.get(address)

    def submit(self, action, /, **typed):
        self.submits += 1
        return self.reader.submit(action, **typed)

    @property
    def number(self):
        return self.gets + self.submits


def points_for(reader, references, **typed):
    """Return what is typed into the points about *references*, by the names of the fields."""
    values = dict(reader.form(REPLY)["fields"])
    numbers = {own: name.split(".")[1] for name, own in values.items() if "recommendation" in name}
    found = {}
    for reference in references:
        start = f"points__{numbers[reference]}__"
        found |= {f"{start}{name}": own for name, own in typed.items()}
    return found


def all_of(reader):
    """Return every recommendation that the form answers."""
    return [own for name, own in reader.form(REPLY)["fields"] if name.endswith(".recommendation")]


@pytest.fixture
def separate(callers, proposal):
    """Give an office a case of which it need not answer every recommendation."""
    made = dispatch(callers, proposal, role="separate")
    assert made["reference"] == "D002-P04-A01"
    step = {"to": "received"}
    path = f"{V1}/assignments/{made['id']}"
    took(
        callers["industry"].post(f"{path}/transitions", step, version_of(callers["industry"], path))
    )
    return made


def test_a_clerks_month_from_receipt_to_the_sent_reply(people, callers, proposal):
    lead = dispatch(callers, proposal)
    joint = dispatch(callers, proposal, DATA, "joint")
    clerk, head, data, signer = (people(n) for n in ("industry", "head", "data", "data_head"))

    # Received from the desk: one box, one button.
    clerk.get("/desk")
    clerk.submit("/desk/receipts", assignment=lead["reference"])
    data.get("/desk")
    data.submit("/desk/receipts", assignment=joint["reference"])
    case = f"/desk/cases/{lead['reference']}"
    clerk.get(case)
    clerk.submit(f"{case}/steps/in_progress")
    assert "办理中" in clerk.page.text

    # Met, and written down.
    clerk.submit(f"{case}/contacts", channel="meeting", note="当面听取意见，说明选址安排")
    assert "已登记沟通" in clerk.page.text
    assert "面商座谈：当面听取意见" in clerk.page.text.replace(" ：", "：")

    # The joint office writes its opinion; its head signs it.
    theirs = f"/desk/cases/{joint['reference']}"
    data.get(f"{theirs}/reply")
    data.submit(f"{theirs}/reply", text="同意，建议同步建设数据底座。")
    assert "待签发：本单位负责人" in data.page.text
    signer.get(f"{theirs}/reply")
    signer.submit(f"{theirs}/reply/1/sent", signed_by="局长")
    assert "已发出" in signer.page.text

    # The reply: one page, a point for each recommendation, one promise with its day.
    clerk.get(f"{case}/reply")
    every = all_of(clerk)
    typed = points_for(clerk, every, text="已列入年度计划。", outcome="planned")
    park = points_for(clerk, [PARK], promise__text="年底前开工建设", promise__on="2026-12-31")
    clerk.submit(REPLY, text="关于建议的答复", **typed, **park)
    assert clerk.status == 200, clerk.page.text
    assert "待会签：郑州市大数据管理局" in clerk.page.text

    # It does not look sent while it waits: whose turn it is stands on the desk.
    assert "待会签：郑州市大数据管理局" in clerk.get("/desk").text

    # Countersigned, checked, sent and published, each by whoever has to.
    signer.get(theirs)
    assert "关于建议的答复" in signer.page.text
    signer.submit(f"{theirs}/countersignatures/D002-P04-A01-V1", agrees="yes")
    assert "会签意见已登记" in signer.page.text
    assert "待核对：交办部门" in clerk.get(f"{case}/reply").text
    dispatcher = people("dispatcher")
    dispatcher.get(f"{case}/reply")
    dispatcher.submit(f"{REPLY}/1/checked")
    assert "待签发：本单位负责人" in clerk.get("/desk").text
    head.get("/desk")
    assert "签发" in head.page.text
    assert "需要：文号、签发人" in head.page.text
    head.get(f"{case}/reply")
    head.submit(f"{REPLY}/1/sent", document_no="郑工信函〔2026〕12号", signed_by="局长")
    assert "待评价：提案人" in head.page.text
    head.submit(f"{REPLY}/1/published")
    assert "已公开" in head.page.text
    asked = find(callers["auditor"])
    assert (asked["acceptance"], asked["due_on"]) == ("accepted", "2026-12-31")


def test_a_reply_with_five_points_is_one_page(people, separate, callers):
    clerk = Acts(people("industry"))
    clerk.get(REPLY)
    typed = points_for(clerk.reader, FIVE, text="已列入年度计划。", outcome="planned", label="B")
    clerk.submit(REPLY, text="关于五条建议的答复", **typed)
    assert (clerk.gets, clerk.submits) == (1, 1)
    answered = took(callers["industry"].get(f"{V1}/assignments/{separate['id']}/replies/1"))
    assert [point["recommendation"]["reference"] for point in answered["points"]] == FIVE
    assert {point["label"] for point in answered["points"]} == {"B"}


def test_what_is_refused_of_a_point_stands_at_its_field_and_nothing_is_lost(people, separate):
    clerk = people("industry")
    clerk.get(REPLY)
    typed = points_for(clerk, [FIVE[4]], text="已列入年度计划。", label="A", outcome="planned")
    typed |= points_for(clerk, [FIVE[1]], text="正在办理。", outcome="in_progress")
    clerk.submit(REPLY, text="答复全文", **typed)
    assert clerk.status == 422
    shown = clerk.response.get_data(as_text=True)
    number = next(name for name in typed if typed[name] == "A").split("__")[1]
    assert f'href="#field-reply-points.{number}.label"' in shown
    kept = dict(clerk.form(REPLY)["fields"])
    assert kept["text"] == "答复全文"
    assert kept[f"points.{number}.text"] == "已列入年度计划。"
    assert kept[f"points.{number}.label"] == "A"


def test_signs_that_word_leaves_are_shown_at_their_field_and_not_altered(people, separate):
    clerk = people("industry")
    clerk.get(REPLY)
    pasted = "一、选址已完成\x0b二、年底开工\x07"
    clerk.submit(REPLY, text="全文", **points_for(clerk, FIVE[:1], text=pasted, outcome="planned"))
    assert clerk.status == 422
    assert "看不见的字符" in clerk.page.text
    kept = dict(clerk.form(REPLY)["fields"])
    assert pasted in kept.values()


def test_odd_spaces_from_word_reach_the_letter_as_they_are(people, separate, callers):
    clerk = people("industry")
    clerk.get(REPLY)
    pasted = "一、\u3000选址\u00a0已完成\u2014\u2014年底开工\n二、“产业园”"
    clerk.submit(REPLY, text=pasted, **points_for(clerk, FIVE[:1], text=pasted, outcome="planned"))
    assert clerk.status == 200, clerk.page.text
    answered = took(callers["industry"].get(f"{V1}/assignments/{separate['id']}/replies/1"))
    assert answered["text"] == pasted
    assert answered["points"][0]["text"] == pasted


def test_a_reply_sent_twice_is_one_version(people, separate, callers):
    clerk = people("industry")
    clerk.get(REPLY)
    form = dict(clerk.form(REPLY)["fields"])
    number = next(n.split(".")[1] for n, own in form.items() if own == PARK)
    pairs = [*form.items(), ("text", "答复"), (f"points.{number}.outcome", "planned")]
    pairs += [(f"points.{number}.text", "已列入计划。")]
    pairs = list(dict(pairs).items())
    for _ in range(2):
        clerk.send(REPLY, pairs)
        assert clerk.status == 200, clerk.page.text
    case = took(callers["industry"].get(f"{V1}/assignments/{separate['id']}"))
    assert case["replies_total"] == 1


def test_a_newer_version_is_shown_beside_what_was_typed(people, separate, callers):
    mine, other = people("industry"), callers["industry"]
    mine.get(REPLY)
    theirs = {"recommendation": FIVE[0], "text": "同事写的", "outcome": "planned"}
    path = f"{V1}/assignments/{separate['id']}"
    draft = {"text": "同事先写的全文", "points": [theirs]}
    took(other.post(f"{path}/replies", draft, version_of(other, path)))
    typed = points_for(mine, FIVE[:1], text="我写的", outcome="planned")
    mine.submit(REPLY, text="我写的全文", **typed)
    assert mine.status == 412
    assert "同事先写的全文" in mine.page.text
    assert "同事写的" in mine.page.text
    kept = dict(mine.form(REPLY)["fields"])
    assert kept["text"] == "我写的全文"
    mine.submit(REPLY)  # looked at, and sent once more
    assert mine.status == 200, mine.page.text
    case = took(callers["industry"].get(f"{V1}/assignments/{separate['id']}"))
    assert [reply["state"] for reply in case["replies"]] == ["replaced", "draft"]


def test_sending_without_what_it_needs_is_told_at_the_field(people, separate, callers, proposal):
    clerk = people("industry")
    clerk.get(REPLY)
    clerk.submit(
        REPLY, text="答复", **points_for(clerk, FIVE[:1], text="已列入。", outcome="planned")
    )
    dispatcher = people("dispatcher")
    dispatcher.get(REPLY)
    dispatcher.submit(f"{REPLY}/1/checked")
    head = people("head")
    head.get(REPLY)
    head.submit(f"{REPLY}/1/sent", document_no="", signed_by="局长")
    assert head.status == 422
    assert "field-letter-sent-document_no" in head.response.get_data(as_text=True)
    assert dict(head.form(f"{REPLY}/1/sent")["fields"])["signed_by"] == "局长"
    head.submit(f"{REPLY}/1/sent", document_no="郑工信函〔2026〕12号")
    assert head.status == 200, head.page.text
    assert "已发出" in head.page.text


def test_a_letter_that_was_returned_says_why_and_whose_turn_it_is(people, separate):
    clerk, dispatcher = people("industry"), people("dispatcher")
    clerk.get(REPLY)
    clerk.submit(
        REPLY, text="答复", **points_for(clerk, FIVE[:1], text="已列入。", outcome="planned")
    )
    dispatcher.get(REPLY)
    dispatcher.submit(f"{REPLY}/1/returned", reason="没有写明时间")
    text = clerk.get(REPLY).text
    assert "退回修改：经办人" in text
    assert "没有写明时间" in text
    assert dict(clerk.form(REPLY)["fields"])["text"] == "答复"  # goes on from what was written


def test_another_office_gets_no_form_to_write_it(people, separate):
    other = people("data")
    other.get(REPLY)
    assert REPLY not in [form["action"] for form in other.page.forms]


FROM_WORD = "第一段\x0b第二段\u200b，\u00ad已列入\ufeff计划。"


def test_words_from_word_lose_what_nobody_sees_when_it_is_asked(people, separate, callers):
    clerk = people("industry")
    clerk.get(REPLY)
    typed = points_for(clerk, FIVE[:1], text="已列入。", outcome="planned")
    clerk.submit(REPLY, text=FROM_WORD, **typed)
    assert clerk.status == 422
    assert "第 4 个字符（U+000B）是看不见的字符" in clerk.page.text
    form = clerk.form(REPLY)
    assert dict(form["fields"])["text"] == FROM_WORD
    assert "clean" not in dict(form["fields"])  # nothing is changed unasked
    clerk.submit(REPLY)
    assert clerk.status == 422
    clerk.submit(REPLY, clean="1")
    assert clerk.status == 200, clerk.page.text
    at = f"{V1}/assignments/{separate['id']}/replies/1"
    assert took(callers["industry"].get(at))["text"] == "第一段\n第二段，已列入计划。"


def test_nobody_is_asked_to_clean_what_is_clean(people, separate):
    clerk = people("industry")
    clerk.get(REPLY)
    clerk.submit(REPLY, text="一\n\t二")
    assert clerk.status == 422
    assert "clean" not in clerk.form(REPLY)["names"]


SIGN = f"{REPLY}/1/sent"


@pytest.fixture
def head(people, separate, callers):
    """Let the head of the office look at a letter that was checked, ready to be signed."""
    theirs = {"recommendation": FIVE[0], "text": "已列入计划。", "outcome": "planned"}
    write_letter(callers, separate, "第一稿", theirs)
    took(move(callers["dispatcher"], separate, 1, "checked"))
    one = people("head")
    one.get(REPLY)
    return one


def write_letter(callers, assignment, text, *points):
    """Let the office write a version of its letter."""
    path = f"{V1}/assignments/{assignment['id']}"
    version = version_of(callers["industry"], path)
    took(callers["industry"].post(f"{path}/replies", {"text": text, "points": points}, version))


def test_a_signature_goes_over_to_the_letter_written_meanwhile(head, separate, callers):
    theirs = {"recommendation": FIVE[0], "text": "改为已办结。", "outcome": "planned"}
    write_letter(callers, separate, "第二稿", theirs)
    took(move(callers["dispatcher"], separate, 2, "checked"))
    head.submit(SIGN, document_no="郑工信函〔2026〕12号", signed_by="王局长")
    assert head.status == 412
    assert "改为已办结。" in head.page.text
    kept = dict(head.form(f"{REPLY}/2/sent")["fields"])
    assert (kept["document_no"], kept["signed_by"]) == ("郑工信函〔2026〕12号", "王局长")
    head.submit(f"{REPLY}/2/sent")
    assert head.status == 200, head.page.text
    case = took(callers["industry"].get(f"{V1}/assignments/{separate['id']}"))
    assert case["replies"][-1]["state"] == "sent"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_was_typed_is_shown_where_the_step_is_gone(head, separate, callers, lang):
    took(move(callers["dispatcher"], separate, 1, "returned", reason="请补充时限"))
    head.lang = lang
    head.submit(SIGN, document_no="郑工信函〔2026〕12号", signed_by="王局长")
    assert head.status in (409, 412)
    assert "郑工信函〔2026〕12号" in head.page.text
    assert {"zh": "文号", "en": "number of the letter"}[lang] in head.page.text
    assert REPLY in head.response.get_data(as_text=True)
