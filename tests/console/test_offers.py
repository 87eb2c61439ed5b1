"""What forms offer to choose from is all there is, or they say that it is not."""

import re

import pytest

from app.console import paging
from app.console.paging import read_on
from tests.support.casework import V1
from tests.support.factories import INDUSTRY, REGISTRAR
from tests.support.registry_pages import NEW

pytestmark = pytest.mark.usefixtures("today")
SAID = "没有列出的，请填代号"
LISTS = ("/recommendations", "/proposals")


@pytest.fixture
def few(monkeypatch):
    """Let one call list four records, and a page make two calls for a list."""
    monkeypatch.setattr(paging, "AT_ONCE", 4)
    monkeypatch.setattr(paging, "MOST_PAGES", 2)


@pytest.fixture
def calls(monkeypatch):
    """Give a list to which the query of each call that reads a list is added."""
    asked, ask = [], paging.ask

    def noted(operation, path=None, **query):
        asked.append((operation, query["cursor"]))
        return ask(operation, path, **query)

    monkeypatch.setattr(paging, "ask", noted)
    return asked


def codes_in(reader, name):
    """Return what the form offers for *name*, in a select or below a field to type into."""
    shown = reader.response.get_data(as_text=True)
    [block] = re.findall(
        rf'<select id="field-{name}".*?</select>|<datalist id="list-{name}".*?</datalist>',
        shown,
        re.S,
    )
    return [code for code in re.findall(r'<option value="([^"]*)"', block) if code]


@pytest.mark.parametrize("address", LISTS)
def test_a_list_that_one_call_holds_is_one_call_and_a_select(reader, client, calls, address):
    reader.get(address)
    names = [operation for operation, _ in calls]
    assert len(set(names)) == len(names) > 1
    listed = client.get(f"{V1}/organizations?is_office=true&limit=200").get_json()["items"]
    assert codes_in(reader, "office") == [one["slug"] for one in listed]
    assert SAID not in reader.page.text


def test_a_list_of_several_pages_is_read_on_and_offered_whole(reader, client, calls, monkeypatch):
    monkeypatch.setattr(paging, "AT_ONCE", 20)
    reader.get("/recommendations")
    listed = client.get(f"{V1}/organizations?is_office=true&limit=200").get_json()["items"]
    assert len(listed) > 20
    assert codes_in(reader, "office") == [one["slug"] for one in listed]
    assert len([one for one in calls if one[0] == "listOrganizations"]) == -(-len(listed) // 20)
    assert SAID not in reader.page.text


def test_above_the_bound_there_is_a_field_to_type_into_that_says_so(few, reader, calls):
    reader.get("/recommendations")
    assert len([one for one in calls if one[0] == "listOrganizations"]) == 2
    assert len(codes_in(reader, "office")) == 8
    assert "这里只列出前 8 个；没有列出的，请填代号" in reader.page.text
    shown = reader.response.get_data(as_text=True)
    assert '<select id="field-office"' not in shown
    assert '<label for="field-office">' in shown


def test_what_the_address_names_is_offered_and_told_by_its_name(few, reader, client):
    listed = client.get(f"{V1}/organizations?is_office=true&limit=200").get_json()["items"]
    last = listed[-1]
    reader.get(f"/recommendations?office={last['slug']}")
    assert last["slug"] in codes_in(reader, "office")
    assert f"单位 ： {last['name_zh']}".replace(" ", "") in reader.page.text.replace(" ", "")
    fields = dict(reader.form("/recommendations")["fields"])
    assert fields["office"] == last["slug"]
    reader.submit("/recommendations", office=INDUSTRY)
    assert "单位：郑州市工业和信息化局" in reader.page.text.replace(" ", "")
    assert last["name_zh"] not in reader.page.text


@pytest.mark.parametrize("slug", ["no-such-office", "<script>alert(1)</script>"])
def test_what_is_unknown_stays_text_and_is_offered_as_it_is(reader, slug):
    reader.get(f"/recommendations?office={slug}")
    assert reader.status in (200, 400, 404, 422)
    assert "<script>alert" not in reader.response.get_data(as_text=True)


def test_forms_of_the_registry_say_where_they_do_not_offer_all(few, signed_in):
    registrar = signed_in(*REGISTRAR)
    registrar.get(NEW)
    assert registrar.status == 200
    registrar.get("/registry/offices/new")
    assert SAID in registrar.page.text
    values = {"slug": "zhengzhou-low-altitude", "kind": "department", "name_zh": "低空局"}
    more = {"parent": "zhengzhou-government", "region_code": "410100", "is_office": "1"}
    registrar.submit("/registry/offices/new", **values, **more)
    assert "已登记机构" in registrar.page.text


def test_reading_on_ends_at_the_bound_and_says_where_it_goes_on(app, few, calls):
    with app.test_request_context():
        whole, part = read_on("listSessions", cursor=None), read_on("listTags")
    assert (part.is_whole, len(part.rows)) == (False, 8)
    assert whole.is_whole is (len(whole.rows) < 8)
    assert [cursor is None for operation, cursor in calls if operation == "listTags"] == [
        True,
        False,
    ]
