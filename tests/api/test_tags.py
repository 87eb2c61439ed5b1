"""Tags over HTTP, and the page that shows how far a subject is."""

import pytest

from app.core.codes import Progress
from tests.support.factories import EDITOR, INDUSTRY, REGISTRAR, Caller, find, make_caller

TAGS = "/api/v1/tags"


@pytest.mark.parametrize(
    "slug", ["ai-industrial-park", "computing-power-center", "digital-economy"]
)
def test_each_figure_agrees_with_the_list_beside_it(client, database, slug):
    caller = Caller(client)
    if slug == "ai-industrial-park":
        editor = make_caller(client, database, *EDITOR, office=INDUSTRY)
        path = f"/api/v1/recommendations/{find(caller)['id']}"
        editor.post(f"{path}/offices", {"office": INDUSTRY}, 1)
        editor.post(f"{path}/transitions", {"axis": "progress", "to": "planned"}, 2)
    shown = caller.get(f"{TAGS}/{slug}/progress").get_json()
    parts = [shown["stages"], shown["documents"], shown["sessions"]]
    for entry in (entry for part in parts for entry in part):
        listed = caller.get(f"{entry['list']}&limit=1&with_total=true").get_json()
        assert listed["total"] == entry["number"]
    assert [stage["progress"] for stage in shown["stages"]] == list(Progress)
    for part in parts:
        assert sum(entry["number"] for entry in part) == shown["total"] > 0
    for source in (*shown["documents"], *shown["sessions"]):
        assert sum(source["progress"].values()) == source["number"]


def test_the_latest_moves_come_first(client, database):
    editor = make_caller(client, database, *EDITOR, office=INDUSTRY)
    listed = editor.get("/api/v1/recommendations?tag=ai-industrial-park").get_json()["items"]
    moved = []
    for item in [i for i in listed if i["lead_office"]["slug"] == INDUSTRY][:3]:
        path = f"/api/v1/recommendations/{item['id']}"
        editor.post(f"{path}/offices", {"office": INDUSTRY}, 1)
        editor.post(f"{path}/transitions", {"axis": "progress", "to": "planned"}, 2)
        moved.insert(0, item["reference"])
    moves = editor.get(f"{TAGS}/ai-industrial-park/progress").get_json()["latest_moves"]
    assert [move["recommendation"]["reference"] for move in moves] == moved
    assert moves[0]["event"]["actor_name"] == "测试人员"
    assert moves[0]["event"]["office_name"] == "郑州市工业和信息化局"


def test_tags_show_their_tree(client):
    tag = client.get(f"{TAGS}/computing-power-center").get_json()
    assert tag["broader"]["slug"] == "computing-power"
    assert {t["slug"] for t in tag["narrower"]} == {
        "computing-power-scheduling",
        "computing-power-trading",
    }
    below = client.get(f"{TAGS}?broader=computing-power-center").get_json()["items"]
    assert len(below) == 2


def test_tags_are_found_by_name_and_synonym(client):
    for words in ("智算中心", "Computing-power center"):
        found = client.get(TAGS, query_string={"q": words}).get_json()["items"]
        assert "computing-power-center" in [tag["slug"] for tag in found]


def test_punctuation_of_how_synonyms_are_kept_is_nothing_to_look_for(client):
    for words in ("[]", '","', '"'):
        for place in (TAGS, "/api/v1/organizations"):
            assert client.get(place, query_string={"q": words}).status_code == 422


def test_a_tag_is_added_and_changed_by_a_registrar(client, database):
    registrar = make_caller(client, database, *REGISTRAR)
    new = {"slug": "pilots", "name_zh": "试点", "name_en": "Pilots", "definition": "试点工作"}
    made = registrar.post(TAGS, new)
    assert made.status_code == 201
    assert made.headers["ETag"].startswith('"v1.')
    assert registrar.post(TAGS, new).status_code == 409
    changed = registrar.patch(f"{TAGS}/pilots", {"synonyms": ["先行先试"]}, 1)
    assert changed.get_json()["synonyms"] == ["先行先试"]
    editor = make_caller(client, database, *EDITOR, office=INDUSTRY)
    assert editor.post(TAGS, new | {"slug": "more"}).status_code == 403
    item = find(editor)
    tagged = editor.post(f"/api/v1/recommendations/{item['id']}/tags", {"add": ["pilots"]}, 1)
    assert "pilots" in [tag["slug"] for tag in tagged.get_json()["tags"]]


def test_a_tag_that_is_absent_is_404(client):
    for address in (f"{TAGS}/nope", f"{TAGS}/nope/progress", f"{TAGS}/NOPE"):
        assert client.get(address).status_code == 404


def test_what_has_no_tag_or_few_is_listed_for_whoever_tags(client, database):
    registrar = make_caller(client, database, *REGISTRAR)
    park = find(registrar)
    seen = registrar.get(f"/api/v1/recommendations/{park['id']}").get_json()
    own = [tag["slug"] for tag in seen["tags"]]
    listed = registrar.get("/api/v1/recommendations?tags_at_most=0").get_json()["items"]
    assert listed == []
    bare = registrar.post(
        f"/api/v1/recommendations/{park['id']}/tags", {"remove": own}, seen["version"]
    )
    assert bare.status_code == 200
    listed = registrar.get("/api/v1/recommendations?tags_at_most=0").get_json()["items"]
    assert [one["reference"] for one in listed] == [park["reference"]]
    few = registrar.get("/api/v1/recommendations?tags_at_most=1&limit=200").get_json()["items"]
    assert few
    assert max(len(one["tags"]) for one in few) == 1
    named = "/api/v1/recommendations?tags_at_most=1&tag=ai-industrial-park&limit=200"
    under = registrar.get(named).get_json()["items"]
    assert {one["tags"][0]["slug"] for one in under} <= {"ai-industrial-park"}
    wrong = registrar.get("/api/v1/recommendations?tags_at_most=many")
    assert wrong.status_code == 422
