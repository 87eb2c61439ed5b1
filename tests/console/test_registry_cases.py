"""A case at its registrar: steps, corrections, marks, signatures, and what it asks for mended."""

import pytest

from tests.support.casework import V1, dispatch, step, to, took
from tests.support.drafts import TEXT
from tests.support.registry_pages import NEW, entered, filed, numbered
from tests.support.replies import send

pytestmark = pytest.mark.usefixtures("today")


def at(reference, place=""):
    return f"/registry/proposals/{reference}{place}"


def fields_of(reader, action):
    return dict(reader.form(action)["fields"])


def test_a_step_that_needs_something_says_so_and_keeps_what_was_typed(registrar):
    reference = entered(registrar)
    registrar.submit(at(reference, "/steps/submitted"))
    registrar.submit(at(reference, "/steps/under_review"))
    assert "需要：不予立案的情形" in registrar.page.text
    refuse = at(reference, "/steps/not_filed")
    registrar.get(refuse)
    registrar.submit(refuse, reason="没有具体建议", on="2026-03-01")
    assert registrar.status == 422
    assert fields_of(registrar, refuse)["reason"] == "没有具体建议"
    registrar.submit(refuse, reason_code="empty", on="")
    assert "不予立案" in registrar.page.text
    again = at(reference, "/steps/under_review")
    registrar.get(again)
    registrar.submit(again, reason="补充了建议")
    assert "审查中" in registrar.page.text


def test_cases_are_merged_withdrawn_and_closed_steps_are_no_steps(registrar):
    first = filed(registrar)
    second = filed(
        registrar, title="另一件", text=f"另一件\n{TEXT}".replace("另一件\n关", "另一件关")
    )
    merge = at(second, "/steps/merged")
    registrar.get(merge)
    registrar.submit(merge, into="N2026-9999-P01")
    assert registrar.status == 422
    registrar.submit(merge, into=first)
    assert f"{first} " in registrar.page.text
    assert "已并案" in registrar.page.text
    registrar.get(at(first, "/steps/archived"))
    registrar.submit(at(first, "/steps/archived"))
    assert registrar.status == 409
    assert registrar.get(at(first, "/steps/nowhere"))
    assert registrar.status == 404


def test_a_case_is_corrected_and_only_what_changed_is_sent(registrar, callers):
    reference = entered(registrar)
    edit = at(reference, "/edit")
    registrar.get(edit)
    registrar.submit(edit, kind="npc_bill", case_no="2026-0007")
    assert registrar.status == 422
    assert fields_of(registrar, edit)["case_no"] == "2026-0007"
    registrar.submit(
        edit, note="是议案", categories=["five_fields:economy"], supervisor="郑州市人民政府"
    )
    assert "已保存更正" in registrar.page.text
    found = callers["registrar"].get(f"{V1}/proposals?reference={reference}").get_json()
    one = callers["registrar"].get(f"{V1}/proposals/{found['items'][0]['id']}").get_json()
    assert (one["kind"], one["case_no"]) == ("npc_bill", "2026-0007")
    assert [each["code"] for each in one["categories"]] == ["economy"]
    assert one["supervisor"]["slug"] == "zhengzhou-government"
    registrar.get(edit)
    registrar.submit(edit, supervisor="")
    one = callers["registrar"].get(f"{V1}/proposals/{one['id']}").get_json()
    assert (one["supervisor"], one["kind"]) == (None, "npc_bill")


def test_proposers_are_corrected_with_a_reason(registrar):
    reference = entered(registrar)
    people = at(reference, "/proposers")
    registrar.get(people)
    assert fields_of(registrar, people)["proposers.0.proposer"] == "sun-hong"
    registrar.submit(people, ("do", "save"), proposers__1__proposer="郑州市工商联")
    assert registrar.status == 422
    assert fields_of(registrar, people)["proposers.1.proposer"] == "郑州市工商联"
    registrar.submit(people, ("do", "save"), note="漏了联名人")
    assert "已更正提案人" in registrar.page.text
    assert "郑州市工商联（联名人）" in registrar.page.text


def test_a_joint_proposer_signs_a_draft(registrar):
    numbered(registrar, proposers__1__proposer="郑州市工商联", cosign_until="2026-03-20")
    registrar.submit(NEW, ("do", "enter"))
    sign = f"{registrar.address}/cosignatures"
    assert sign in registrar.page.links
    registrar.get(sign)
    registrar.submit(sign, paper="联名回执")
    assert registrar.status == 422
    assert fields_of(registrar, sign)["paper"] == "联名回执"
    registrar.submit(sign, proposer="zhengzhou-federation-industry-commerce", agrees="false")
    assert "不联名" in registrar.page.text


def test_a_case_is_marked_and_the_mark_taken_back(registrar):
    marks = at("D002-P01", "/marks")
    registrar.get(marks)
    registrar.submit(marks, kind="excellent", stands="true", given_by="郑州市人民代表大会")
    assert registrar.status == 422
    assert fields_of(registrar, marks)["given_by"] == "郑州市人民代表大会"
    registrar.submit(marks, paper="郑人常〔2026〕5号")
    assert "优秀" in registrar.page.text
    registrar.get(marks)
    registrar.submit(marks, kind="excellent", stands="false", note="有误")
    assert "已保存标志" in registrar.page.text


def test_a_recommendation_is_split_into_two(registrar, callers):
    reference = filed(registrar)
    more = at(reference, "/recommendations")
    registrar.get(more)
    assert "统筹布局智算资源" in registrar.page.text
    registrar.submit(
        more, ("do", "more"), replaces=f"{reference}-R01", recommendations__0__summary_zh="建中心",
        recommendations__0__quotes__0__text="加快建设郑州算力中心",
    )  # fmt: skip
    registrar.submit(
        more, ("do", "save"), recommendations__1__summary_zh="布局智算资源",
        recommendations__1__quotes__0__text="统筹布局算力", reason="原文是两项",
    )  # fmt: skip
    assert registrar.status == 422
    assert ("replaces", f"{reference}-R01") in registrar.form(more)["fields"]
    assert fields_of(registrar, more)["recommendations.0.summary_zh"] == "建中心"
    registrar.submit(more, ("do", "save"), recommendations__1__quotes__0__text="统筹布局智算资源")
    assert "建议已保存" in registrar.page.text
    found = callers["registrar"].get(f"{V1}/recommendations?proposal={reference}").get_json()
    assert [one["number"] for one in found["items"]] == [2, 3, 4]


def test_a_recommendation_is_corrected_related_taken_back_and_restored(registrar):
    reference = filed(registrar)
    one = f"/registry/recommendations/{reference}-R02"
    registrar.get(f"{one}/edit")
    registrar.submit(f"{one}/edit", summary_zh="", targets="一万人")
    assert registrar.status == 422
    assert fields_of(registrar, f"{one}/edit")["targets"] == "一万人"
    registrar.submit(f"{one}/edit", summary_zh="设立人才基金", specificity="directional")
    assert "已保存更正" in registrar.page.text
    registrar.get(f"{one}/relations")
    registrar.submit(f"{one}/relations", kind="repeats", other="D002-P04-R12", stands="true")
    assert registrar.status == 422
    registrar.submit(f"{one}/relations", reason="同一件事")
    assert "已保存关系" in registrar.page.text
    registrar.get(f"{one}/withdrawal")
    registrar.submit(f"{one}/withdrawal", into="nothing", reason="不是建议")
    assert registrar.status == 422
    assert fields_of(registrar, f"{one}/withdrawal")["reason"] == "不是建议"
    registrar.submit(f"{one}/withdrawal", into="")
    assert "已撤回" in registrar.page.text
    assert f"{one}/restoration" in registrar.page.links
    registrar.get(f"{one}/restoration")
    registrar.submit(f"{one}/restoration")
    assert registrar.status == 422
    registrar.submit(f"{one}/restoration", reason="是建议")
    assert "已恢复" in registrar.page.text


def test_a_request_for_more_time_is_decided_with_its_reason_beside(registrar, callers, proposal):
    lead = dispatch(callers, proposal, profile="shandong-npc-2017")
    took(step(callers["industry"], lead, "received"))
    asked = {"extended_to": "2026-07-01", "reason": "涉及面广，需会商"}
    took(to(callers["industry"], lead, "extensions", asked))
    registrar.get("/registry/decisions")
    assert "涉及面广，需会商" in registrar.page.text
    decide = f"/registry/decisions/{lead['reference']}/extension"
    registrar.get(decide)
    registrar.submit(decide, note="代表同意")
    assert registrar.status == 422
    assert fields_of(registrar, decide)["note"] == "代表同意"
    assert "涉及面广，需会商" in registrar.page.text
    registrar.submit(decide, decision="grant")
    assert "已作出决定" in registrar.page.text
    assert "没有待裁定的" in registrar.page.text


def test_an_objection_is_refused_and_the_office_keeps_the_case(registrar, callers, lead):
    took(step(callers["industry"], lead, "objection_pending", reason="不属本局职责"))
    uphold = f"/registry/decisions/{lead['reference']}/upheld"
    registrar.get(uphold)
    registrar.submit(uphold, on="2026-03-01", reason="属其职责")
    assert registrar.status == 422
    assert fields_of(registrar, uphold)["reason"] == "属其职责"
    registrar.submit(uphold, on="")
    assert registrar.status == 200
    assert "维持交办" in registrar.page.text


def test_a_dispatch_that_is_refused_keeps_what_was_typed(registrar, callers, proposal):
    dispatch(callers, proposal)
    again = at("D002-P04", "/dispatch")
    registrar.get(again)
    assert "郑州市工业和信息化局" in registrar.page.text
    registrar.submit(again, office="郑州市财政局", role="lead", paper="交办单")
    assert registrar.status in (409, 422)
    typed = fields_of(registrar, again)
    assert (typed["office"], typed["paper"]) == ("郑州市财政局", "交办单")
    registrar.submit(again, role="joint")
    assert "已交办郑州市财政局" in registrar.page.text


def test_a_rating_is_entered_from_its_form_on_paper(registrar, callers, lead, proposal):
    send(callers, lead, proposal)
    rate = f"/registry/evaluations/{lead['reference']}/1"
    assert rate in registrar.get(at("D002-P04")).links
    registrar.get(rate)
    registrar.submit(rate, attitude="satisfied", result="satisfied", comment="办得好")
    assert registrar.status == 422
    assert fields_of(registrar, rate)["comment"] == "办得好"
    registrar.submit(
        rate, paper="反馈意见表第1号", proposer="zhengzhou-federation-industry-commerce"
    )
    assert "已登记评价" in registrar.page.text
