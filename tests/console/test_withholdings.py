"""What must not be public is withheld where it stands, at once, and released with a reason."""

import pytest

from app.core.codes import Role
from tests.support.casework import V1, took
from tests.support.factories import PARK
from tests.support.pages import Reader

pytestmark = pytest.mark.usefixtures("today")

CASE = "D002-P04-A01"
REPLY = f"{CASE}-V1"
PLACES = {
    "report": f"/desk/recommendations/{PARK}",
    "file": "/desk/files/D002-P04",
    "reply": f"/desk/cases/{CASE}/reply",
    "contact": f"/desk/cases/{CASE}",
    "milestone": "promise",
    "remark": "promise",
}
"""Kind → the page on which an office finds what it wrote."""
WHY = "误附<b>身份证号</b>"


@pytest.fixture
def industry(people, planted):
    return people("industry")


@pytest.fixture
def staff(signed_in, planted):
    return signed_in(Role.REGISTRAR)


def place_of(planted, kind):
    if PLACES[kind] != "promise":
        return PLACES[kind]
    promise = took(planted.callers["industry"].get(planted.commitment))
    return f"/desk/promises/{promise['reference']}"


def link_to(reader, planted, kind):
    """Return the link of the page by which what is planted of *kind* is withheld."""
    start = f"/withholdings/new?kind={kind}&id={planted.numbers[kind]}&of="
    return [link for link in reader.page.links if link.startswith(start)]


def withhold(reader, planted, kind, **typed):
    reader.get(place_of(planted, kind))
    [link] = link_to(reader, planted, kind)
    reader.get(link)
    assert reader.status == 200, reader.page.text
    reader.submit("/withholdings/new", **{"reason": WHY, **typed})


@pytest.mark.parametrize("what", PLACES)
def test_an_office_withholds_what_it_wrote_where_it_stands(industry, planted, client, what):
    industry.get(place_of(planted, what))
    [link] = link_to(industry, planted, what)
    text = industry.get(link).text
    assert planted.words[what][0] in text or planted.files["FILE"]["filename"] in text
    industry.submit("/withholdings/new", reason=WHY)
    assert industry.address.startswith("/withholdings/")
    assert "公众现在看不到" in industry.page.text
    assert WHY in industry.page.text
    assert "<b>身份证号" not in industry.response.get_data(as_text=True)
    mine = took(planted.callers["industry"].get(f"{V1}/withholdings?kind={what}"))["items"]
    assert planted.numbers[what] in [one["target_id"] for one in mine]
    industry.get(place_of(planted, what))
    assert link_to(industry, planted, what) == []
    assert any(link.startswith("/withholdings/") and link[14:].isdigit()
               for link in industry.page.links)  # fmt: skip


def test_the_public_reads_it_no_more_and_again_once_it_is_released(
    industry, staff, planted, reader
):
    page = f"/recommendations/{PARK}"
    assert "CANARY-REPORT" in reader.get(page).text
    withhold(industry, planted, "report")
    assert "CANARY-REPORT" not in reader.get(page).text
    number = industry.address
    assert not [form for form in industry.page.forms if form["action"].endswith("/release")]
    assert "只有登记人员可以恢复公开" in industry.page.text
    staff.get(number)
    staff.submit(f"{number}/release", reason="核实无误")
    assert "已恢复公开。" in staff.page.text
    assert "核实无误" in staff.page.text
    assert "CANARY-REPORT" in reader.get(page).text


def test_a_refused_form_keeps_what_was_typed(industry, staff, planted):
    withhold(industry, planted, "report", reason=" \n ")
    assert industry.status == 422
    assert 'id="error-reason"' in industry.response.get_data(as_text=True)
    long = "甲" * 2001
    industry.submit("/withholdings/new", reason=long)
    assert industry.status == 422
    assert ("reason", long) in industry.form("/withholdings/new")["fields"]
    industry.submit("/withholdings/new", reason=WHY)
    assert industry.status == 200
    number = industry.address
    staff.get(number)
    staff.submit(f"{number}/release", reason=long)
    assert staff.status == 422
    assert ("reason", long) in staff.form(f"{number}/release")["fields"]
    assert 'id="error-reason"' in staff.response.get_data(as_text=True)


def test_what_was_withheld_or_released_meanwhile_is_said_with_what_was_typed(
    industry, staff, planted
):
    industry.get(place_of(planted, "report"))
    [link] = link_to(industry, planted, "report")
    industry.get(link)
    made = took(planted.withhold("report"))
    industry.submit("/withholdings/new", reason=WHY)
    assert industry.status == 409
    assert ("reason", WHY) in industry.form("/withholdings/new")["fields"]
    assert "已经停止公开" in industry.get(link).text
    number = f"/withholdings/{made['id']}"
    staff.get(number)
    took(planted.release(made))
    staff.submit(f"{number}/release", reason="核实无误")
    assert staff.status in (409, 412)
    assert ("reason", "核实无误") in staff.form(f"{number}/release")["fields"]


def test_a_form_that_is_sent_twice_withholds_once(industry, planted):
    industry.get(place_of(planted, "report"))
    [link] = link_to(industry, planted, "report")
    industry.get(link)
    form = industry.form("/withholdings/new")
    pairs = [pair for pair in form["fields"] if pair[0] != "reason"] + [("reason", WHY)]
    for _ in range(2):
        industry.send(form["action"], pairs)
        assert industry.status == 200
    assert (
        took(planted.callers["registrar"].get(f"{V1}/withholdings?with_total=true"))["total"] == 1
    )


def test_what_is_withheld_stands_before_what_was_released(staff, planted):
    released = took(planted.withhold("report"))
    took(planted.release(released))
    held = [took(planted.withhold(kind)) for kind in ("contact", "milestone")]
    staff.get("/withholdings")
    shown = [link for link in staff.page.links if link.rpartition("/")[2].isdigit()]
    numbers = [held[1]["id"], held[0]["id"], released["id"]]
    assert shown == [f"/withholdings/{number}" for number in numbers]
    assert "误附个人信息" in staff.page.text
    assert f"/recommendations/{PARK}" in staff.page.links
    assert staff.get("/withholdings?is_released=true").links.count(
        f"/withholdings/{released['id']}"
    ) == 1  # fmt: skip
    assert f"/withholdings/{held[0]['id']}" not in staff.page.links
    assert f"/withholdings/{held[0]['id']}" in staff.get("/withholdings?kind=contact").links
    staff.get("/withholdings?is_released=maybe")
    assert staff.status == 422


def test_an_office_is_told_of_its_own_alone(people, planted):
    made = took(planted.withhold("report"))
    other = people("data")
    assert f"/withholdings/{made['id']}" not in other.get("/withholdings").links
    other.get(f"/withholdings/{made['id']}")
    assert other.status == 404


def test_who_may_not_sees_no_link_and_gets_the_problem(people, signed_in, reader, planted):
    other, auditor = people("data"), signed_in(Role.AUDITOR)
    for who in (other, auditor, reader):
        for page in (f"/recommendations/{PARK}", f"/replies/{REPLY}"):
            who.get(page)
            assert who.status == 200
            assert not any(link.startswith("/withholdings/new") for link in who.page.links)
    address = f"/withholdings/new?kind=report&id={planted.numbers['report']}&of={PARK}"
    for who in (other, auditor):
        who.get(address)
        assert who.status == 403
        assert "没有权限" in who.page.text
    reader.get(address)
    assert reader.address.startswith("/sign-in")
    reader.get("/withholdings")
    assert reader.address.startswith("/sign-in")


def test_a_registrar_withholds_what_any_office_wrote(staff, planted, reader):
    for page, kind in ((f"/recommendations/{PARK}", "report"), (f"/replies/{REPLY}", "reply"),
                       (f"/supervision/replies/{CASE}", "evaluation")):  # fmt: skip
        staff.get(page)
        [link] = link_to(staff, planted, kind)
        staff.get(link)
        staff.submit("/withholdings/new", reason=WHY)
        assert staff.status == 200, staff.page.text
    reader.get(f"/replies/{REPLY}")
    assert reader.status == 404


def test_words_in_the_history_are_withheld_where_they_stand(
    industry, staff, people, planted, reader
):
    page, desk = f"/recommendations/{PARK}", f"/desk/recommendations/{PARK}"
    assert "CANARY-NOTE" in reader.get(page).text
    for who, links in ((people("data"), 0), (staff, 1), (industry, 1)):
        who.get(desk)
        assert len(link_to(who, planted, "note")) == links
    industry.get(link_to(industry, planted, "note")[0])
    assert "CANARY-NOTE" in industry.page.text
    industry.submit("/withholdings/new", reason=WHY)
    assert industry.status == 200, industry.page.text
    assert "CANARY-NOTE" not in reader.get(page).text


@pytest.mark.parametrize(
    "query",
    ["", "kind=report", "kind=report&id=999999999&of=" + PARK, "kind=file&id=1&of=D999-F01",
     "kind=nothing&id=1&of=" + PARK, "kind=report&id=x&of=" + PARK, "kind=reply&id=1&of=" + PARK,
     "kind=note&id=1&of=" + CASE],
)  # fmt: skip
def test_what_is_not_there_is_not_found(staff, query):
    staff.get(f"/withholdings/new?{query}")
    assert staff.status == 404


def test_the_pages_are_there_in_english_and_led_to(app, begun, planted):
    made = took(planted.withhold("report", reason="an identity number"))
    english = Reader(app.test_client(), "en").sign_in(begun["keys"]["industry"])
    english.get("/desk")
    assert "/withholdings" in english.page.links
    assert "an identity number" in english.get("/withholdings").text
    assert "progress report" in english.get(f"/withholdings/{made['id']}").text
    registrar = Reader(app.test_client(), "en").sign_in(begun["keys"]["registrar"])
    assert "/withholdings" in registrar.get("/registry").links
    assert "Release it" in registrar.get(f"/withholdings/{made['id']}").text
    watcher = Reader(app.test_client(), "en").sign_in(begun["keys"]["supervisor"])
    assert "/withholdings" in watcher.get("/supervision").links
