"""Many at once: filed, dispatched, tagged; what is refused keeps what was typed at its row."""

import pytest

from tests.support.casework import V1
from tests.support.registry_pages import entered, filed

pytestmark = pytest.mark.usefixtures("today")

FILING, DISPATCH, TAGGING = "/registry/filing", "/registry/dispatch", "/registry/tagging"


def row_of(reader, action, reference):
    """Return how the inputs of the row about *reference* begin, with __ for dots."""
    fields = reader.form(action)["fields"]
    [name] = [name for name, value in fields if value == reference and name.endswith(".record")]
    return name.removesuffix(".record").replace(".", "__")


def test_cases_are_filed_all_or_none_or_each_by_itself(registrar, callers):
    first = entered(registrar)
    second = entered(
        registrar, title="另一件", text="另一件。\n近来。为此建议：\n一、甲。\n二、乙。\n"
    )
    registrar.get(FILING)
    one, other = (row_of(registrar, FILING, ref) for ref in (first, second))
    typed = {f"{row}__chosen": "1" for row in (one, other)}
    typed |= {f"{row}__body__case_no": "2026-0001" for row in (one, other)}
    registrar.submit(FILING, **typed)
    assert registrar.status == 422
    assert "全部没有执行" in registrar.page.text
    kept = dict(registrar.form(FILING)["fields"])
    assert list(kept.values()).count("2026-0001") == 2
    registrar.submit(FILING, mode="row_by_row")
    assert registrar.status == 422
    assert "已办1件" in registrar.page.text
    kept = dict(registrar.form(FILING)["fields"])
    assert list(kept.values()).count("2026-0001") == 1
    row = row_of(registrar, FILING, second)
    registrar.submit(FILING, **{f"{row}__body__case_no": "2026-0002"})
    assert "已办1件" in registrar.page.text
    found = callers["registrar"].get(f"{V1}/proposals?handling_state=filed&q=另一件").get_json()
    assert [one["case_no"] for one in found["items"]] == ["2026-0002"]


def test_nothing_is_filed_where_nothing_is_ticked(registrar):
    reference = entered(registrar)
    registrar.get(FILING)
    registrar.submit(FILING)
    assert "没有勾选任何提案" in registrar.page.text
    assert "草稿" in registrar.get(f"/registry/proposals/{reference}").text


def test_cases_are_dispatched_to_the_offices_that_they_suggest(registrar, callers):
    registrar.get(DISPATCH)
    row = row_of(registrar, DISPATCH, "D000-P02")
    typed = dict(registrar.form(DISPATCH)["fields"])
    assert typed[f"{row}.body.office".replace("__", ".")] == "郑州市工业和信息化局"
    other = row_of(registrar, DISPATCH, "D000-P01")
    registrar.submit(
        DISPATCH,
        **{f"{row}__chosen": "1", f"{row}__joint": "郑州市商务局", f"{other}__chosen": "1"},
        **{f"{other}__body__office": "没有这个局"},
        mode="row_by_row",
    )
    assert registrar.status == 422
    assert "已办1件" in registrar.page.text
    kept = dict(registrar.form(DISPATCH)["fields"])
    assert "没有这个局" in kept.values()
    assert "D000-P02" not in kept.values()
    found = callers["registrar"].get(f"{V1}/assignments?proposal=D000-P02").get_json()["items"]
    roles = {one["office"]["name_zh"]: one["role"] for one in found}
    assert roles == {"郑州市工业和信息化局": "lead", "郑州市商务局": "joint"}
    registrar.submit(DISPATCH, **{f"{other}__body__office": "郑州市教育局"})
    assert "已交办1件" in registrar.page.text


def test_an_office_that_has_its_case_is_not_given_it_again(registrar, callers):
    registrar.get(DISPATCH)
    row = row_of(registrar, DISPATCH, "D000-P02")
    registrar.submit(
        DISPATCH,
        **{f"{row}__chosen": "1", f"{row}__joint": "没有这个局"},
        mode="row_by_row",
    )
    assert registrar.status == 422
    registrar.submit(DISPATCH, **{f"{row}__joint": "郑州市商务局", f"{row}__body__office": ""})
    assert "已交办1件" in registrar.page.text
    found = callers["registrar"].get(f"{V1}/assignments?proposal=D000-P02").get_json()["items"]
    assert sorted(one["role"] for one in found) == ["joint", "lead"]


def test_recommendations_that_a_tag_would_catch_are_given_it(registrar, callers):
    caught = f"{V1}/recommendations?caught_by=talent&limit=50"
    rows = callers["registrar"].get(caught).get_json()["items"]
    assert rows
    registrar.get(f"{TAGGING}?tag=talent")
    typed = dict(registrar.form(TAGGING)["fields"])
    assert typed["add"] == "人才"
    row = row_of(registrar, TAGGING, rows[0]["reference"])
    registrar.submit(TAGGING, **{f"{row}__chosen": "1"}, add="人才、没有这个标签", note="补标")
    assert registrar.status == 422
    typed = dict(registrar.form(TAGGING)["fields"])
    assert (typed["add"], typed["note"]) == ("人才、没有这个标签", "补标")
    registrar.submit(TAGGING, add="人才")
    assert "已给1条建议加标签" in registrar.page.text
    assert registrar.address == f"{TAGGING}?tag=talent"
    left = callers["registrar"].get(caught).get_json()["items"]
    assert rows[0]["reference"] not in [one["reference"] for one in left]


def test_what_has_no_tag_is_given_those_its_words_suggest(registrar, callers):
    reference = filed(registrar)
    registrar.get(TAGGING)
    row = row_of(registrar, TAGGING, f"{reference}-R01")
    registrar.submit(TAGGING, **{f"{row}__body__add": "computing-power-center"})
    assert "已给1条建议加标签" in registrar.page.text
    found = callers["registrar"].get(f"{V1}/recommendations?reference={reference}-R01").get_json()
    assert [one["slug"] for one in found["items"][0]["tags"]] == ["computing-power-center"]
