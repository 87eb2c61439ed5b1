"""The desk of an office: what waits there, receiving many, finding a case."""

import re
from datetime import date

import pytest
import sqlalchemy as sa

from app.handling.assignments.services.context import Work
from app.handling.worklists.services import tick
from app.models import Proposal
from app.register.people.queries.reference_data import read_book
from tests.support.casework import V1, dispatch, took, version_of
from tests.support.factories import DATA, PARK

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def thirty(callers):
    """Give the references of thirty cases that the data office was given."""
    rows = took(callers["dispatcher"].get(f"{V1}/proposals?limit=60&handling_state=filed"))["items"]
    given = [
        {"record": row["reference"], "body": {"office": DATA, "role": "lead"}} for row in rows[:30]
    ]
    answer = took(
        callers["dispatcher"].post(
            f"{V1}/proposals/assignments/batch", {"mode": "atomic", "rows": given}
        )
    )
    return [row["reference"] for row in answer["rows"]]


def test_thirty_cases_are_received_in_two_acts(people, thirty, callers):
    clerk = people("data")
    clerk.get("/desk")
    fields = clerk.form("/desk/receipts")["fields"]
    assert {own for name, own in fields if name == "listed"} == set(thirty)
    clerk.submit("/desk/receipts", assignment=thirty)  # the box that chooses all, and the button
    assert "已签收 30 件" in clerk.page.text
    states = callers["data"].get(f"{V1}/assignments?office={DATA}&limit=100").get_json()["items"]
    assert {row["state"] for row in states if row["reference"] in thirty} == {"received"}
    assert "新交办" not in clerk.page.text


def test_all_are_received_by_one_button_where_no_script_runs(people, thirty):
    clerk = people("data")
    clerk.get("/desk")
    clerk.submit("/desk/receipts", press=("all", "1"))
    assert "已签收 30 件" in clerk.page.text


def test_what_is_refused_among_many_is_named_and_the_others_are_received(people, callers, thirty):
    clerk = people("data")
    clerk.get("/desk")
    gone = took(callers["data"].get(f"{V1}/references/{thirty[0]}"))
    version = took(callers["data"].get(f"{V1}/assignments/{gone['id']}"))["version"]
    step = {"to": "objection_pending", "reason": "不属本单位职责"}
    took(callers["data"].post(f"{V1}/assignments/{gone['id']}/transitions", step, version))
    clerk.submit("/desk/receipts", press=("all", "1"))
    assert clerk.status == 422
    assert "办成 29 件，没有办成 1 件" in clerk.page.text
    assert thirty[0] in clerk.page.text


def test_nothing_chosen_is_told(people, thirty):
    clerk = people("data")
    clerk.get("/desk")
    clerk.submit("/desk/receipts")
    assert clerk.status == 422
    assert "请先勾选" in clerk.page.text


def test_what_is_late_stands_before_what_is_due_and_new(people, callers, proposal, today, database):
    dispatch(callers, proposal)
    today["day"] = date(2026, 6, 20)
    database.write(lambda s: tick(Work(s, read_book(s), today["day"])))
    text = people("industry").get("/desk").text
    assert text.index("已逾期 ") < text.index("新交办，待签收") < text.index("落实 提高对")
    assert "逾期 15 天" in text
    assert "先签收" in text  # a reply comes after the receipt
    assert "提醒" in text


def test_a_case_is_found_by_its_number_in_two_acts(people, callers, proposal):
    made = dispatch(callers, proposal)
    registrar = callers["registrar"]
    took(registrar.patch(proposal, {"case_no": "2026-0321"}, version_of(registrar, proposal)))
    clerk = people("industry")
    clerk.get("/desk")
    clerk.submit("/desk/find", number="2026-0321")
    assert clerk.address == f"/desk/cases/{made['reference']}"
    assert clerk.status == 200


@pytest.mark.parametrize("number", ["D002-P04-A01", "D002-P04", " D002-P04 "])
def test_a_case_is_found_by_its_reference(people, callers, proposal, number):
    dispatch(callers, proposal)
    clerk = people("industry")
    clerk.get("/desk")
    clerk.submit("/desk/find", number=number)
    assert clerk.address == "/desk/cases/D002-P04-A01"


def test_a_number_that_is_none_is_told_with_what_was_typed(people):
    clerk = people("industry")
    clerk.get("/desk")
    clerk.submit("/desk/find", number="<b>2099-1</b>")
    assert clerk.status == 404
    assert "没有找到" in clerk.page.text
    assert "<b>2099" not in clerk.response.get_data(as_text=True)


def test_a_recommendation_is_found_by_its_reference(people):
    clerk = people("industry")
    clerk.get("/desk")
    clerk.submit("/desk/find", number=PARK)
    assert clerk.address == f"/desk/recommendations/{PARK}"


@pytest.mark.parametrize("name", ["dispatcher", "supervisor", "registrar", "auditor"])
def test_staff_see_what_they_have_instead(people, name):
    staff = people(name)
    staff.get("/desk")
    assert staff.status == 200
    assert ("您的职责" in staff.page.text) is (name != "supervisor")  # who is of the government
    assert "/desk/receipts" not in [form["action"] for form in staff.page.forms]


def test_nobody_has_a_desk_before_they_sign_in(reader):
    for address in ("/desk", "/desk/find?number=1", "/desk/late", "/desk/reports"):
        reader.get(address)
        assert reader.address.startswith("/sign-in?next=%2Fdesk")


def test_the_desk_speaks_english(people, callers, proposal):
    made = dispatch(callers, proposal)
    clerk = people("industry", "en")
    text = clerk.get("/desk").text
    assert "New: to be received" in text
    clerk.submit("/desk/receipts", assignment=made["reference"])
    text = clerk.page.text
    assert "Write the reply" in text
    assert "needs: an answer to each recommendation" in text


def test_a_hostile_title_stays_text(people, callers, proposal, database):
    dispatch(callers, proposal)
    name = '"><script>alert(1)</script>'
    own = Proposal.id == int(proposal.rpartition("/")[2])
    with database.counting() as session:
        session.execute(sa.update(Proposal).where(own).values(title=name))
    clerk = people("industry")
    clerk.get("/desk")
    shown = clerk.response.get_data(as_text=True)
    assert "<script>alert(1)" not in shown
    assert "&lt;script&gt;alert(1)" in shown


TILE = re.compile(r'class="number" href="([^"]+)"><strong>(\d+)</strong>')


def test_each_number_on_the_desk_is_that_of_its_list(people, laden):
    clerk = people("industry")
    clerk.get("/desk")
    told = dict(TILE.findall(clerk.response.get_data(as_text=True)))
    buckets = {own: number for own, number in told.items() if "bucket=" in own}
    assert len(buckets) == 4
    assert sum(int(number) for number in buckets.values()) > 3
    for address, number in buckets.items():
        clerk.get(address)
        assert clerk.response.get_data(as_text=True).count('<li class="task">') == int(number)
    clerk.get("/desk")
    new = clerk.response.get_data(as_text=True).count('name="assignment" value=')
    assert new == int(told["/desk#new"])
