"""A request costs a fixed number of statements, however long its answer is."""

from datetime import date

import pytest

from app.accounts.queries.visibility import ActorView
from app.core.codes import Role
from app.register.recommendations.queries.recommendations import listed
from tests.database.counting import counted
from tests.database.plans import plan_of
from tests.support import batches as sending
from tests.support.factories import EDITOR, INDUSTRY, find, make_caller

V1 = "/api/v1"


LISTS = {
    "/recommendations": 1,
    "/recommendations?tag=artificial-intelligence&progress=not_started": 1,
    "/recommendations?office=zhengzhou-industry&sort=-updated_at": 1,
    "/recommendations?session=national-lianghui-2024": 2,
    "/proposals": 6,
    "/proposals?category=none": 7,
    "/proposals?office=zhengzhou-industry&overdue=false&sort=due_on": 6,
    "/recommendations?overdue=false&sort=due_on": 1,
    "/recommendations?ended=true": 1,
    "/commitments?overdue=false&sort=due_on": 1,
    "/documents": 2,
    "/sessions": 1,
    "/persons": 1,
    "/organizations": 1,
    "/tags": 1,
}


@pytest.mark.parametrize("path", LISTS)
def test_a_list_costs_the_same_whatever_its_length(client, database, path):
    client.get(f"{V1}/tags")  # the process learns the vocabulary once
    separator = "&" if "?" in path else "?"
    for limit in (1, 5, 200):
        with counted(database) as statements:
            answer = client.get(f"{V1}{path}{separator}limit={limit}")
        assert answer.status_code == 200
        assert len(statements) == LISTS[path], statements


INSIDE = {
    "/assignments": 2,
    "/assignments?answered=late&clock=reply&sort=due_on": 2,
    "/recommendations?overdue=false&sort=due_on": 2,
    "/me/worklist": 4,
}
"""The same for those who have a key; the desk of an office counts nothing of others."""


@pytest.mark.parametrize("path", INSIDE)
@pytest.mark.parametrize(("role", "office"), [(Role.SUPERVISOR, None), (*EDITOR, INDUSTRY)])
def test_a_list_of_those_inside_costs_the_same(client, database, path, role, office):
    caller = make_caller(client, database, role, office=office)
    caller.get(f"{V1}/tags")
    separator = "&" if "?" in path else "?"
    expected = INSIDE[path] - (path == "/me/worklist" and office is not None)
    for limit in (1, 200):
        with counted(database) as statements:
            assert caller.get(f"{V1}{path}{separator}limit={limit}").status_code == 200
        assert len(statements) == expected, statements


@pytest.mark.parametrize("more", ["", "&progress=not_started", "&narrower=false", "&sort=-id"])
def test_a_page_of_a_tag_is_cut_in_the_narrow_table(client, database, more):
    client.get(f"{V1}/tags")
    with counted(database) as statements:
        client.get(f"{V1}/recommendations?tag=artificial-intelligence{more}")
    inner = statements[0].rpartition("FROM (SELECT ")[2].partition(" AS anon_")[0]
    assert inner.startswith("recommendation_tags.recommendation_id")
    assert "LIMIT" in inner
    assert "JOIN" not in inner


def page_plan(database, view, names=frozenset({"standing"})):
    """Return how the database finds the first page by due day, where sorting costs anything."""
    values = {"page_rows": 51, "viewer_office": 1, "today": date(2026, 3, 2)}
    return plan_of(database, listed(view, names, "due_on", False).params(values))


PUBLIC = frozenset({"published"})
STAFF = PUBLIC | {"internal"}


@pytest.mark.parametrize("names", [frozenset({"standing"}), frozenset({"standing", "is_overdue"})])
def test_the_order_by_due_day_is_that_of_an_index(database, names):
    assert "ix_recommendations_public" in page_plan(database, ActorView(PUBLIC, own=False), names)
    assert "ix_recommendations_next" in page_plan(database, ActorView(STAFF, own=False), names)
    office = page_plan(database, ActorView(PUBLIC, own=True), names)
    assert "ix_recommendations_public" in office


def test_one_record_and_its_tag_cost_what_they_cost(client, database):
    path = f"{V1}/recommendations/{find_id(client)}"
    for address, number in (
        (path, 7),
        (f"{path}/history", 8),
        (f"{V1}/tags/artificial-intelligence/progress", 20),
        (f"{V1}/tags/metaverse/progress", 20),
    ):
        with counted(database) as statements:
            assert client.get(address).status_code == 200
        assert len(statements) == number, statements


def test_what_is_known_costs_its_reading(client, database):
    path = f"{V1}/recommendations/{find_id(client)}"
    known = {"If-None-Match": client.get(path).headers["ETag"]}
    with counted(database) as statements:
        assert client.get(path, headers=known).status_code == 304
    assert len(statements) == 7


def test_a_step_costs_a_fixed_number(client, database):
    editor = make_caller(client, database, *EDITOR, office=INDUSTRY)
    path = f"{V1}/recommendations/{find(editor)['id']}"
    editor.post(f"{path}/offices", {"office": INDUSTRY}, 1)
    numbers = []
    for version, target in enumerate(("planned", "in_progress"), 2):
        with counted(database) as statements:
            body = {"axis": "progress", "to": target}
            assert editor.post(f"{path}/transitions", body, version).status_code == 200
        numbers.append(len(statements))
    assert numbers[0] == numbers[1] <= 35


def find_id(client):
    answer = client.get(f"{V1}/recommendations?tag=ai-industrial-park&limit=1")
    return answer.get_json()["items"][0]["id"]


BATCHES = {
    sending.TAKE_ON: ("offices", {"office": INDUSTRY, "role": "lead"}),
    sending.STEP: ("transitions", {"axis": "progress", "to": "in_progress"}),
    sending.REPORT: ("reports", {"text": "进展", "percent": 40}),
    sending.TAG: ("tags", {"add": ["metaverse"], "remove": []}),
}
"""Where a batch is sent → the place of the single operation, and what it takes."""


def test_a_row_of_a_batch_costs_no_more_than_a_request_for_itself(client, database):
    editor = make_caller(client, database, *EDITOR, office=INDUSTRY)
    listed = editor.get(f"{V1}/recommendations?lead_status=suggested&office={INDUSTRY}&limit=20")
    named = [item["reference"] for item in listed.get_json()["items"]]
    single, few, many = named[:2], named[2:4], named[4:16]
    for path, (place, body) in BATCHES.items():
        alone = [statements_of(database, editor, one, place, body) for one in single][-1]
        short, long = (
            rows_cost(database, editor, path, [sending.row(n, body) for n in names])
            for names in (few, many)
        )
        each = (long - short) / (len(many) - len(few))
        assert each <= alone, path
        assert long - each * len(many) <= alone, path  # what the batch costs besides its rows


def statements_of(database, editor, reference, place, body):
    """Return how many statements one request costs."""
    known = find(editor, reference)
    path = f"{V1}/recommendations/{known['id']}/{place}"
    with counted(database) as statements:
        assert editor.post(path, body, known["version"]).status_code in (200, 201)
    return len(statements)


def rows_cost(database, editor, path, rows):
    """Return how many statements a batch of *rows* costs."""
    with counted(database) as statements:
        sending.carried_out(editor, path, rows)
    return len(statements)
