"""Whether a recommendation could ever be proven done: set by hand, filtered by, and counted."""

from urllib.parse import quote

import pytest

from tests.support.casework import told_anew, whole
from tests.support.drafts import FIRST, SECOND, content, enter
from tests.support.factories import EDITOR, INDUSTRY, PARK, REGISTRAR, Caller, find, make_caller

LIST = "/api/v1/recommendations"
FIGURES = "/api/v1/tags/ai-industrial-park/progress"


@pytest.fixture
def registrar(client, database):
    return make_caller(client, database, *REGISTRAR)


def directional(registrar, reference=PARK):
    """Let a recommendation be directional, and return it."""
    path = f"{LIST}/{find(registrar, reference)['id']}"
    seen = registrar.get(path).get_json()
    edit = {"specificity": "directional", "note": "没有可以核验的终点"}
    changed = registrar.patch(path, edit, seen["version"])
    assert changed.status_code == 200, changed.get_json()
    return changed.get_json()


def figures(caller, query=""):
    """Return the page of the AI park, and the number that its lists hold."""
    shown = caller.get(f"{FIGURES}{query}").get_json()
    listed = caller.get(f"{shown['list']}&with_total=true").get_json()
    assert listed["total"] == shown["total"] == sum(one["number"] for one in shown["stages"])
    for stage in shown["stages"]:
        found = caller.get(f"{stage['list']}&with_total=true").get_json()
        assert found["total"] == stage["number"]
    return shown


def test_figures_count_what_could_be_proven_unless_asked(client, registrar, database):
    before = figures(registrar)
    changed = directional(registrar)
    assert changed["specificity"] == "directional"
    after = figures(registrar)
    assert after["total"] == before["total"] - 1
    assert after["not_counted"] == before["not_counted"] + 1
    both = figures(registrar, "?specificity=concrete&specificity=directional")
    assert both["total"] == before["total"] + before["not_counted"]
    assert both["not_counted"] == 0
    others = figures(registrar, "?specificity=directional")
    assert others["total"] == after["not_counted"]
    whole(database)
    told_anew(database)


def test_each_list_shows_it_and_is_asked_for_it(registrar):
    directional(registrar)
    for word in ("concrete", "directional"):
        listed = registrar.get(f"{LIST}?specificity={word}&limit=200").get_json()["items"]
        assert listed
        assert {one["specificity"] for one in listed} == {word}
    found = registrar.get(f"{LIST}?specificity=directional&reference={PARK}").get_json()["items"]
    assert [one["reference"] for one in found] == [PARK]


def test_only_registrars_judge_it_and_the_history_tells(client, database, registrar):
    editor = make_caller(client, database, *EDITOR, office=INDUSTRY)
    path = f"{LIST}/{find(editor)['id']}"
    assert editor.patch(path, {"specificity": "directional"}, 1).status_code == 403
    directional(registrar)
    events = registrar.get(f"{path}/history").get_json()["items"]
    last = max(events, key=lambda event: event["sequence"])
    assert last["changes"]["specificity"][1] == "directional"
    assert "具体程度" in last["story_zh"]
    assert "方向性" in last["story_zh"]
    then = registrar.get(f"{path}?as_of={quote(events[0]['at'])}").get_json()
    assert then["specificity"] == "concrete"


def test_a_draft_says_it_of_each_of_its_recommendations(callers, people, registrar):
    asked = [FIRST | {"specificity": "directional"}, SECOND]
    draft = enter(callers, content(people, recommendations=asked))
    shown = registrar.get(f"/api/v1/proposals/{draft['id']}").get_json()["recommendations"]
    listed = registrar.get(f"{LIST}?proposal={draft['id']}&limit=9").get_json()["items"]
    assert [one["specificity"] for one in listed] == ["directional", "concrete"]
    assert len(shown) == len(listed)
    wrong = registrar.patch(f"{LIST}/{find(registrar)['id']}", {"specificity": "vague"}, 1)
    assert wrong.status_code == 422
    assert wrong.get_json()["errors"][0]["field"] == "specificity"


def test_what_is_misprinted_is_found_by_the_right_word_and_by_the_printed_one(client):
    caller = Caller(client)
    found = {
        word: {
            one["reference"] for one in caller.get(f"{LIST}?q={word}&limit=200").get_json()["items"]
        }
        for word in ("索阳市政协", "荥阳市政协")
    }
    assert any(reference.startswith("D003-P19") for reference in found["索阳市政协"])
    assert found["索阳市政协"] <= found["荥阳市政协"]
