"""A plenary as its registrar has it: entered, numbered, filed, dispatched, decided."""

import pytest

from tests.support.casework import V1
from tests.support.factories import DATA, INDUSTRY
from tests.support.registry_pages import NEW, entered

pytestmark = pytest.mark.usefixtures("today")


def test_a_case_goes_from_its_text_to_the_decision_on_an_objection(registrar, callers):
    reference = entered(registrar)
    assert "草稿" in registrar.page.text
    assert "加快建设郑州算力中心，统筹布局智算资源" in registrar.page.text
    assert "设立人才基金，统筹布局人才培养" in registrar.page.text
    case = f"/registry/proposals/{reference}"
    registrar.submit(f"{case}/steps/submitted")
    registrar.submit(f"{case}/steps/under_review")
    registrar.get("/registry/filing?state=under_review")
    registrar.submit("/registry/filing", rows__0__chosen="1", rows__0__body__case_no="2026-0001")
    assert "已办1件" in registrar.page.text
    registrar.get("/registry?case_no=2026-0001")
    assert registrar.address == case
    assert "已立案" in registrar.page.text
    registrar.get("/registry")
    assert "待交办" in registrar.page.text
    registrar.get(f"{case}/dispatch")
    registrar.submit(f"{case}/dispatch", office="郑州市工业和信息化局", role="lead")
    assert "已交办郑州市工业和信息化局" in registrar.page.text
    assert "答复" in registrar.page.text
    found = callers["registrar"].get(f"{V1}/assignments?proposal={reference}").get_json()["items"]
    [given] = found
    body = {"to": "objection_pending", "reason": "不属本局职责", "suggested_office": DATA}
    path = f"{V1}/assignments/{given['id']}"
    assert (
        callers["industry"].post(f"{path}/transitions", body, given["version"]).status_code == 200
    )
    registrar.get("/registry/decisions?kind=decide_objection")
    assert "不属本局职责" in registrar.page.text
    decision = f"/registry/decisions/{given['reference']}/returned"
    registrar.get(decision)
    assert "不属本局职责" in registrar.page.text
    registrar.submit(decision, note="同意改办")
    assert registrar.status == 200, registrar.page.text
    assert registrar.address == f"{case}/dispatch?office={DATA}"
    registrar.submit(f"{case}/dispatch")
    assert "已交办" in registrar.page.text
    offices = callers["registrar"].get(f"{V1}/assignments?proposal={reference}&open=true")
    assert [one["office"]["slug"] for one in offices.get_json()["items"]] == [DATA]


def test_what_waits_leads_to_its_list(registrar):
    entered(registrar)
    registrar.get("/registry")
    assert registrar.status == 200
    for address in {one for one in registrar.page.links if one.startswith("/registry/")}:
        registrar.get(address)
        assert registrar.status == 200, address


def test_an_office_sees_nothing_of_the_registry(clerk):
    lists = ("filing", "dispatch", "decisions", "tagging", "proposals/D002-P01")
    for address in ("/registry", NEW, *(f"/registry/{one}" for one in lists)):
        clerk.get(address)
        assert clerk.status == 403, address
        assert INDUSTRY not in clerk.page.text
