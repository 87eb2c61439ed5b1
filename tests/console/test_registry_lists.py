"""The lists that registrars keep: each form accepted once, and refused once as it was typed."""

import re

import pytest

from tests.support.factories import INDUSTRY

pytestmark = pytest.mark.usefixtures("today")
JSON = re.compile(r"""[{\[]\s*["'\d]|["'\d]\s*[}\]]|\bnull\b""")
"""What lists and records of JSON, or of the program, look like."""

TAG = {
    "slug": "pilot-zones",
    "name_zh": "试验区",
    "name_en": "Pilot zones",
    "definition": "国家和省级试验区的创建与建设。",
    "synonyms": "先导区\n试点区",
    "broader": "产业园区",
}


def test_a_tag_is_made_edited_and_merged(registrar, client):
    registrar.get("/registry/tags/new")
    registrar.submit("/registry/tags/new", **{**TAG, "slug": "Pilot Zones"})
    assert registrar.status == 422
    assert "试点区" in registrar.page.text
    assert dict(registrar.form("/registry/tags/new")["fields"])["slug"] == "Pilot Zones"
    registrar.submit("/registry/tags/new", slug="pilot-zones")
    assert "已新建标签" in registrar.page.text
    made = client.get("/api/v1/tags/pilot-zones").get_json()
    assert made["synonyms"] == ["先导区", "试点区"]
    assert made["broader"]["slug"] == "industrial-parks"
    registrar.get("/registry/tags/pilot-zones/edit")
    registrar.submit("/registry/tags/pilot-zones/edit", synonyms="先导区")
    assert client.get("/api/v1/tags/pilot-zones").get_json()["synonyms"] == ["先导区"]
    registrar.get("/registry/tags/pilot-zones/end")
    registrar.submit("/registry/tags/pilot-zones/end", into="产业园区")
    assert registrar.status == 422
    assert dict(registrar.form("/registry/tags/")["fields"])["into"] == "产业园区"
    registrar.submit("/registry/tags/pilot-zones/end", reason="与产业园区重复")
    assert "标签已停用" in registrar.page.text
    merged = client.get("/api/v1/tags/pilot-zones").get_json()["merged_into"]
    assert merged["slug"] == "industrial-parks"


def test_a_tag_is_split_as_it_was_seen(registrar, client):
    at = "/registry/tags/metaverse/split"
    registrar.get(at)
    registrar.submit(at, ("do", "dry_run"), parts__0__tag="数字经济")
    assert registrar.status == 422
    assert dict(registrar.form(at)["fields"])["parts.0.tag"] == "数字经济"
    registrar.submit(
        at, ("do", "dry_run"), parts__0__tag="人才", parts__0__words="人才",
        parts__1__new__slug="metaverse-industry", parts__1__new__name_zh="元宇宙产业",
        parts__1__new__name_en="Metaverse industry", parts__1__new__definition="产业",
        parts__1__words="元宇宙", reason="一个标签下有了两件事",
    )  # fmt: skip
    assert registrar.status == 200, registrar.page.text
    assert "试算结果" in registrar.page.text
    assert client.get("/api/v1/tags/metaverse").get_json()["ended_on"] is None
    registrar.submit(at, ("do", "carry_out"))
    assert "标签已拆分" in registrar.page.text
    assert client.get("/api/v1/tags/metaverse").get_json()["split_into"] != []


def test_a_session_is_entered_and_corrected(registrar, client):
    registrar.get("/registry/sessions/new")
    values = {
        "slug": "zhengzhou-npc-16-2",
        "body": "zhengzhou-npc",
        "kind": "plenary",
        "name_zh": "郑州市第十六届人民代表大会第二次会议",
        "term": "十六",
    }
    registrar.submit("/registry/sessions/new", **values)
    assert registrar.status == 422
    assert dict(registrar.form("/registry/sessions/new")["fields"])["term"] == "十六"
    registrar.submit("/registry/sessions/new", term="16")
    assert "已登记会议" in registrar.page.text
    at = "/registry/sessions/zhengzhou-npc-16-2/edit"
    registrar.get(at)
    registrar.submit(at, meeting="2", reason="补登")
    assert "已保存更正" in registrar.page.text
    found = client.get("/api/v1/sessions/zhengzhou-npc-16-2").get_json()
    assert (found["term"], found["meeting"]) == (16, 2)


PERSON = {"slug": "li-ming", "name": "李明", "capacity": "npc_deputy", "body": "zhengzhou-npc"}


def test_a_person_is_entered_corrected_and_merged(registrar, callers):
    registrar.get("/registry/persons/new")
    registrar.submit("/registry/persons/new", **{**PERSON, "slug": "sun-hong", "phone": "0371-1"})
    assert registrar.status == 409
    assert dict(registrar.form("/registry/persons/new")["fields"])["phone"] == "0371-1"
    registrar.submit("/registry/persons/new", slug="li-ming", terms="15、16")
    assert "已登记" in registrar.page.text
    registrar.get("/registry/persons/li-ming/edit")
    assert dict(registrar.form("/registry/persons/")["fields"])["terms"] == "15、16"
    registrar.submit("/registry/persons/li-ming/edit", delegation="中原代表团", phone="")
    assert "已保存更正" in registrar.page.text
    found = callers["registrar"].get("/api/v1/persons/li-ming").get_json()
    assert (found["delegation"], found["terms"]) == ("中原代表团", [15, 16])
    registrar.get("/registry/persons/li-ming/merge")
    registrar.submit("/registry/persons/li-ming/merge", into="nobody", reason="重复登记")
    assert registrar.status == 422
    registrar.submit("/registry/persons/li-ming/merge", into="sun-hong")
    assert "已合并" in registrar.page.text
    assert "李明" not in registrar.get("/registry/persons?q=%E5%AD%99%E7%BA%A2").text


def test_an_older_version_is_shown_beside_what_is_now(registrar, signed_in):
    from tests.support.factories import REGISTRAR

    at = f"/registry/offices/{INDUSTRY}/edit"
    other = signed_in(*REGISTRAR)
    registrar.get(at)
    other.get(at)
    other.submit(at, name_en="Industry Bureau")
    assert "已保存更正" in other.page.text
    registrar.submit(at, aliases="市工信局\n工信局")
    assert registrar.status == 412
    assert dict(registrar.form(at)["fields"])["aliases"] == "市工信局\n工信局"
    registrar.submit(at, name_en="Industry Bureau")
    assert "已保存更正" in registrar.page.text


def test_an_organization_is_entered(registrar, client):
    at = "/registry/offices/new"
    registrar.get(at)
    values = {"slug": "zhengzhou-low-altitude", "kind": "department", "name_zh": "郑州市低空经济局"}
    registrar.submit(at, **values, parent="郑州市人民政府", is_office="1")
    assert registrar.status == 422
    assert dict(registrar.form(at)["fields"])["parent"] == "郑州市人民政府"
    registrar.submit(at, region_code="410100")
    assert "已登记机构" in registrar.page.text
    found = client.get("/api/v1/organizations/zhengzhou-low-altitude").get_json()
    assert (found["is_office"], found["parent"]["slug"]) == (True, "zhengzhou-government")


def test_a_reform_is_asked_by_one_and_approved_by_another(registrar, signed_in, client):
    from tests.support.factories import REGISTRAR

    at = "/registry/reforms/new"
    registrar.get(at)
    registrar.submit(
        at, ("do", "ask"), paper="郑办〔2026〕12号", effective_on="2026-03-02",
        renamed__0__organization="郑州市工业和信息化局", renamed__0__name_zh="郑州市新型工业化局",
    )  # fmt: skip
    assert registrar.status == 422
    typed = dict(registrar.form(at)["fields"])
    assert typed["renamed.0.name_zh"] == "郑州市新型工业化局"
    registrar.submit(at, ("do", "ask"), reason="机构改革方案已批准")
    assert registrar.status == 200, registrar.page.text
    request = registrar.address
    registrar.submit(request, decision="approve")
    assert registrar.status == 403
    other = signed_in(*REGISTRAR)
    other.get("/registry/requests")
    assert request in other.page.links
    other.get(request)
    told = "更名 1 机构 ： 郑州市工业和信息化局（zhengzhou-industry） 名称 ： 郑州市新型工业化局"
    assert told in other.page.text
    assert "生效日期 ： 2026年3月2日" in other.page.text
    assert not JSON.search(other.page.text)
    third = signed_in(*REGISTRAR)
    third.get(request)
    other.submit(request, decision="approve", note="已核对")
    assert "已作出决定" in other.page.text
    other.get(request)
    assert "已有结果" in other.page.text
    assert request not in [form["action"] for form in other.page.forms]
    third.submit(request, decision="reject", note="名称有误")
    assert third.status in (409, 412)
    assert "名称有误" in third.page.text
    found = client.get(f"/api/v1/organizations/{INDUSTRY}").get_json()
    assert found["name_zh"] == "郑州市新型工业化局"


def test_erasures_are_asked_and_wait_for_another(registrar):
    registrar.get("/registry/persons/sun-hong/erasure")
    registrar.submit("/registry/persons/sun-hong/erasure")
    assert registrar.status == 422
    registrar.submit("/registry/persons/sun-hong/erasure", reason="本人要求删除")
    assert "须由另一人批准" in registrar.page.text
    registrar.get("/registry/erasures/new")
    registrar.submit("/registry/erasures/new", words="孙红", reason="误写")
    assert registrar.status == 422
    assert dict(registrar.form("/registry/erasures/new")["fields"])["words"] == "孙红"
    registrar.submit("/registry/erasures/new", words="超前布局元宇宙")
    assert "须由另一人批准" in registrar.page.text
    links = [one for one in registrar.page.links if one.startswith("/registry/requests/")]
    registrar.get(links[0])  # the newest
    assert "所在之处 1 表 ： " in registrar.page.text
    assert not JSON.search(registrar.page.text)


def test_an_office_keeps_none_of_these_lists(clerk):
    for name in ("tags", "sessions", "persons", "offices", "reforms", "requests"):
        clerk.get(f"/registry/{name}")
        assert clerk.status == 403, name
    for address in ("/registry/tags/new", "/registry/tags/talent/split", "/registry/reforms/new"):
        clerk.get(address)
        assert clerk.status == 403, address
