"""What a request holds is told in words, and in the same words wherever it is read."""

import re

import pytest

from app.console.told import Telling, ToldLine, told_changes
from app.core.codes import Role
from tests.support.casework import V1
from tests.support.factories import INDUSTRY, REGISTRAR, make_caller

pytestmark = pytest.mark.usefixtures("today")
HOSTILE = "<script>alert(1)</script>"


def told_on(reader):
    """Return what the page tells of a request, from its heading on."""
    shown = reader.response.get_data(as_text=True)
    [block] = re.findall(r'<ul class="told">.*?</ul>', shown, re.S)
    return block


@pytest.fixture
def reform(client, database):
    """Give the number of a reform that was asked for."""
    one = {"organization": INDUSTRY, "name_zh": HOSTILE}
    new = {
        "slug": "zhengzhou-bay",
        "kind": "department",
        "name_zh": "郑州市湾区办",
        "is_office": True,
    }
    body = {"effective_on": "2026-03-02", "paper": "郑办〔2026〕12号", "reason": "方案已批准"}
    ended = {"organization": "zhengzhou-data", "successors": ["zhengzhou-bay"]}
    body |= {"renamed": [one], "created": [{**new, "region_code": "410100"}], "ended": [ended]}
    asker = make_caller(client, database, *REGISTRAR)
    return asker.post(f"{V1}/reforms", body).get_json()["id"]


def test_registrars_and_administrators_read_the_same_words(signed_in, reform):
    registrar = signed_in(*REGISTRAR)
    registrar.get(f"/registry/requests/{reform}")
    here = told_on(registrar)
    assert "批准后会做什么" in registrar.page.text
    registrar.get(f"/administration/approvals/{reform}")
    assert told_on(registrar) == here
    for words in ("政府部门", "郑州市湾区办", "由谁承接", "zhengzhou-industry", "410100"):
        assert words in here
    assert HOSTILE not in here
    assert not re.search(r"&#34;|&#39;|[{}\[\]]", here)


def test_what_is_open_is_told_by_the_name_of_the_office(app):
    with app.test_request_context(headers={"Accept-Language": "zh"}):
        content = {"open": {INDUSTRY: {"assignments": 2}}, "versions": {INDUSTRY: 3}}
        lines = list(Telling({INDUSTRY: "郑州市工业和信息化局"}).lines(content))
    assert lines == [
        ToldLine(0, "未办完的", ""),
        ToldLine(1, "郑州市工业和信息化局", ""),
        ToldLine(2, "交办件", "2"),
    ]


def test_what_was_and_what_is_to_be_stand_beside_each_other(app):
    pair = [{"roles": ["reader"], "days": None}, [{"x": 1}, True]]
    with app.test_request_context(headers={"Accept-Language": "zh"}):
        [one, two] = told_changes({"name_zh": [None, "甲"], "values": pair})
        content = {"records": {"changed": {"D002": {"name_zh": ["甲", "乙"]}}, "new": ["D003"]}}
        lines = list(Telling().lines(content))
    assert one.value == "无 → 甲"
    assert two.value == "角色 查阅人员，有效天数 无 → x 1、是"
    assert ToldLine(3, "名称", "甲 → 乙") in lines
    assert ToldLine(1, "新增", "D003") in lines


def test_an_auditor_reads_changes_in_words(signed_in, reform):
    auditor = signed_in(Role.AUDITOR)
    auditor.get("/administration/audit?operation=approval.created")
    text = auditor.page.text
    assert "郑办〔2026〕12号" in text
    assert not re.search(r"""[{\[]["']|["'][}\]]|None|null""", text)
