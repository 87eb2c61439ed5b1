"""The list of recommendations, one of them, and its past."""

from datetime import date, timedelta
from urllib.parse import quote

import pytest
from sqlalchemy import select

from app.core.clock import utcnow
from app.models import Lineage, Recommendation
from app.register.recommendations.schemas.recommendation_filters import SORTS
from tests.support.answering import in_days
from tests.support.factories import (
    EDITOR,
    INDUSTRY,
    PARK,
    REGISTRAR,
    SUPERVISOR,
    Caller,
    find,
    make_caller,
)
from tests.support.lateness import set_due

LIST = "/api/v1/recommendations"


@pytest.fixture
def caller(client):
    return Caller(client)


def listed(caller, query=""):
    answer = caller.get(f"{LIST}?limit=200&{query}")
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()["items"]


def everything(caller, query="", limit=37):
    """Return every item of a list, page by page."""
    items, path = [], f"{LIST}?limit={limit}&{query}"
    while path:
        answer = caller.get(path)
        items += answer.get_json()["items"]
        link = answer.headers.get("Link")
        assert (link is None) == (answer.get_json()["next"] is None)
        path = link and link[1 : link.index(">")]
    return items


def test_the_list_shows_what_it_promises(caller):
    item = find(caller)
    assert item["reference"] == PARK
    assert item["proposal"]["title"] == "构建高效协同的大模型技术产业生态"
    assert item["lead_office"]["slug"] == INDUSTRY
    assert "ai-industrial-park" in [tag["slug"] for tag in item["tags"]]
    assert "passages" not in item


def test_alone_it_also_shows_its_words_in_the_document(caller):
    item = caller.get(f"{LIST}/{find(caller)['id']}").get_json()
    text = caller.get(f"/api/v1/documents/{item['document']['id']}/text").text
    assert item["passages"]
    for passage in item["passages"]:
        assert text[passage["start"] : passage["end"]] == passage["text"]
    assert item["allowed_steps"] == []


def test_every_page_together_is_the_whole_list_in_each_order(caller, database):
    for n, item in enumerate(listed(caller, "tag=ai-industrial-park")[:6]):
        set_due(database, Recommendation, item["id"], date(2027, n % 3 + 1, 15))
    total = caller.get(f"{LIST}?limit=1&with_total=true").get_json()["total"]
    for sort in SORTS:
        items = everything(caller, f"sort={sort}")
        ids = [item["id"] for item in items]
        assert len(ids) == len(set(ids)) == total
        name = sort.removeprefix("-")
        name = "next_due_on" if name == "due_on" else name
        keys = [(item[name] or "9999", item["id"]) for item in items]
        if name == "id":
            keys = ids
        assert keys == sorted(keys, reverse=sort.startswith("-"))


@pytest.mark.parametrize("sort", SORTS)
def test_pages_of_a_tag_hold_each_recommendation_once(caller, sort):
    items = everything(caller, f"tag=artificial-intelligence&sort={sort}", limit=10)
    ids = [item["id"] for item in items]
    assert len(ids) == len(set(ids)) == len(listed(caller, "tag=artificial-intelligence"))


def test_a_tag_brings_its_narrower_tags_unless_told_not_to(caller):
    wide = {i["reference"] for i in listed(caller, "tag=computing-power-center")}
    narrow = {i["reference"] for i in listed(caller, "tag=computing-power-center&narrower=false")}
    scheduling = {i["reference"] for i in listed(caller, "tag=computing-power-scheduling")}
    assert scheduling
    assert scheduling <= wide
    assert narrow < wide


def test_a_metaverse_park_is_no_ai_park(caller):
    parks = listed(caller, "tag=ai-industrial-park")
    assert parks
    assert not any("元宇宙" in item["summary_zh"] for item in parks)
    metaverse = listed(caller, f"q={quote('元宇宙产业园')}")
    assert metaverse


FILTERS = [
    ("progress=not_started", lambda i: i["progress"] == "not_started"),
    ("acceptance=undecided", lambda i: i["acceptance"] == "undecided"),
    ("stance=commits", lambda i: i["stance"] == "commits"),
    ("lead_status=suggested", lambda i: i["lead_status"] == "suggested"),
    (f"office={INDUSTRY}", lambda i: i["lead_office"]["slug"] == INDUSTRY),
    ("document=3", lambda i: i["proposal"]["document_id"] == 3),
    ("proposal=30", lambda i: i["proposal"]["id"] == 30),
    ("proposer=zhengzhou-federation-industry-commerce", lambda i: i["reference"] > "D002"),
    ("proposer=han-ming", lambda i: i["reference"].startswith("D000")),
    ("session=national-lianghui-2024", lambda i: i["reference"].startswith("D004")),
    (f"reference={PARK}", lambda i: i["reference"] == PARK),
    (f"q={quote('算力调度')}", lambda i: True),
    ("overdue=false", lambda i: True),
]  # fmt: skip


@pytest.mark.parametrize(("query", "holds"), FILTERS, ids=[query for query, _ in FILTERS])
def test_a_filter_keeps_what_it_says_and_its_count_agrees(caller, query, holds):
    items = everything(caller, query, limit=200)
    assert items
    assert all(holds(item) for item in items)
    total = caller.get(f"{LIST}?limit=1&with_total=true&{query}").get_json()["total"]
    assert total == len(items)


def test_words_are_searched_as_they_stand(caller):
    for sign in ("%", "_"):  # no word, and no pattern either
        told(caller.get(f"{LIST}?q={quote(sign)}"), "q")
        assert not listed(caller, f"q={quote(f'算{sign}中心')}")
    assert listed(caller, "q=ai") == listed(caller, "q=AI")


def test_what_is_next_due_filters_and_makes_overdue(caller, database):
    item = find(caller)
    set_due(database, Recommendation, item["id"], date(2020, 5, 31))
    shown = find(caller)
    assert (shown["next_due_on"], shown["next_clock"]) == ("2020-05-31", "reply")
    assert [i["id"] for i in listed(caller, "overdue=true")] == [item["id"]]
    assert [i["id"] for i in listed(caller, "due_before=2020-06-01")] == [item["id"]]
    assert not listed(caller, "due_before=2020-05-31")
    assert [i["id"] for i in listed(caller, "due_after=2020-05-30")] == [item["id"]]
    assert not listed(caller, "due_after=2020-05-31")
    assert item["id"] not in [i["id"] for i in everything(caller, "overdue=false", 200)]


def test_updated_since_gives_what_changed(caller, database):
    moment = quote(utcnow().isoformat())
    assert not listed(caller, f"updated_since={moment}")
    editor = make_caller(caller.client, database, *EDITOR, office=INDUSTRY)
    item = find(caller)
    editor.post(f"{LIST}/{item['id']}/tags", {"add": ["talent"]}, item["version"])
    assert [i["id"] for i in listed(caller, f"updated_since={moment}")] == [item["id"]]


def test_a_cursor_is_refused_when_altered_or_with_other_filters(caller):
    first = caller.get(f"{LIST}?limit=5").get_json()
    cursor = first["next"]
    assert caller.get(f"{LIST}?limit=5&cursor={cursor}").status_code == 200
    assert caller.get(f"{LIST}?limit=9&cursor={cursor}").status_code == 200
    changed = cursor[:-3] + ("A" if cursor[-3] != "A" else "B") + cursor[-2:]
    for query in (f"cursor={changed}", f"cursor={cursor}&tag=talent", "cursor=x", "cursor=%E7"):
        answer = caller.get(f"{LIST}?{query}")
        assert answer.status_code in (400, 422)


def told(answer, field):
    """Return what is said of *field* in an answer that refuses a body."""
    assert answer.status_code == 422, answer.text
    return {error["field"]: error["message"] for error in answer.get_json()["errors"]}[field]


@pytest.mark.usefixtures("today")
def test_a_due_date_in_the_past_comes_from_an_older_paper(callers, caller):
    path = f"{LIST}/{find(caller)['id']}"
    past = {"due_on": "2026-03-01"}
    offices = f"{path}/offices"
    body = {"office": INDUSTRY, **past, "note": "以前答应的"}
    assert "past" in told(callers["industry"].post(offices, body, 1), "due_on")
    assert "note" in told(callers["registrar"].patch(path, past, 1), "due_on")
    assert "note" in told(
        callers["dispatcher"].post(offices, {"office": INDUSTRY, **past}, 1), "due_on"
    )
    assert caller.get(path).get_json()["version"] == 1
    assert callers["dispatcher"].post(offices, body, 1).status_code == 200
    older = {"due_on": "2025-12-31", "note": "市政府〔2025〕8号文"}
    assert callers["registrar"].patch(path, older, 2).status_code == 200
    same = {"due_on": "2025-12-31", "summary_en": "The same day"}
    assert callers["registrar"].patch(path, same, 3).status_code == 200
    now = {"office": INDUSTRY, "due_on": "2026-03-02"}
    assert callers["industry"].post(offices, now, 4).status_code == 200
    assert caller.get(path).get_json()["due_on"] == "2026-03-02"


def test_a_percentage_of_what_was_not_started_asks_for_the_step(caller, database):
    editor = make_caller(caller.client, database, *EDITOR, office=INDUSTRY)
    path = f"{LIST}/{find(caller)['id']}"
    editor.post(f"{path}/offices", {"office": INDUSTRY}, 1)
    report = {"text": "选址完成", "percent": 30}
    assert "take the step" in told(editor.post(f"{path}/reports", report), "percent")
    shown = caller.get(path).get_json()
    assert (shown["reports"], shown["version"]) == ([], 2)
    assert editor.post(f"{path}/reports", report | {"percent": 0}).status_code == 201
    editor.post(f"{path}/transitions", {"axis": "progress", "to": "in_progress"}, 3)
    assert editor.post(f"{path}/reports", report).status_code == 201


def test_the_past_can_be_asked_for(caller, database):
    editor = make_caller(caller.client, database, *EDITOR, office=INDUSTRY)
    item = find(caller)
    path = f"{LIST}/{item['id']}"
    editor.post(f"{path}/offices", {"office": INDUSTRY, "due_on": str(in_days(200))}, 1)
    between = utcnow()
    editor.post(f"{path}/transitions", {"axis": "progress", "to": "in_progress"}, 2)
    editor.post(f"{path}/tags", {"add": ["talent"], "remove": ["large-models"]}, 3)
    editor.post(f"{path}/reports", {"text": "开工", "percent": 5})
    now = caller.get(path).get_json()
    then = caller.get(f"{path}?as_of={quote(between.isoformat())}").get_json()
    assert (now["progress"], then["progress"]) == ("in_progress", "not_started")
    assert (now["version"], then["version"]) == (5, 2)
    assert then["lead_status"] == "taken_on"
    assert then["due_on"] == str(in_days(200))
    assert then["tags"] == item["tags"]
    assert (len(now["reports"]), then["reports"]) == (1, [])
    later = caller.get(f"{path}?as_of={quote((utcnow() + timedelta(days=1)).isoformat())}")
    assert later.status_code == 422
    assert [error["field"] for error in later.get_json()["errors"]] == ["as_of"]
    before = quote((utcnow() - timedelta(days=3650)).isoformat())
    assert caller.get(f"{path}?as_of={before}").status_code == 404


def test_allowed_steps_are_those_the_caller_may_take_now(caller, database):
    editor = make_caller(caller.client, database, *EDITOR, office=INDUSTRY)
    supervisor = make_caller(caller.client, database, *SUPERVISOR, office="zhengzhou-government")
    path = f"{LIST}/{find(caller)['id']}"
    assert editor.get(path).get_json()["allowed_steps"] == []
    editor.post(f"{path}/offices", {"office": INDUSTRY}, 1)
    version = 2
    for wanted, grounds in (
        ("in_progress", {}),
        ("implemented", {"evidence": [{"title": "a", "url": "https://example.org"}]}),
    ):
        steps = editor.get(path).get_json()["allowed_steps"]
        assert wanted in [s["to"] for s in steps if s["axis"] == "progress"]
        body = {"axis": "progress", "to": wanted, **grounds}
        assert editor.post(f"{path}/transitions", body, version).status_code == 200
        version += 1
    assert [s["to"] for s in supervisor.get(path).get_json()["allowed_steps"]] == [
        "verified",
        "in_progress",
    ]
    assert not [s for s in editor.get(path).get_json()["allowed_steps"] if s["axis"] == "progress"]


def test_many_are_tagged_at_once_or_none(caller, database):
    editor = make_caller(caller.client, database, *EDITOR, office=INDUSTRY)
    items = listed(caller, "tag=smart-healthcare")[:5]
    seen = [{"id": i["id"], "version": i["version"]} for i in items]
    stale = [*seen[:4], {"id": seen[4]["id"], "version": 9}]
    body = {"recommendations": stale, "add": ["talent-funding"]}
    assert editor.post(f"{LIST}/tags", body).status_code == 409
    absent = [*seen, {"id": 999_999, "version": 1}]
    body = {"recommendations": absent, "add": ["talent-funding"]}
    answer = editor.post(f"{LIST}/tags", body)
    assert answer.status_code == 404
    assert answer.get_json()["errors"][0]["field"] == "recommendations.5.id"
    body = {"recommendations": [seen[0], seen[0]], "add": ["talent-funding"]}
    assert editor.post(f"{LIST}/tags", body).status_code == 422
    assert not {i["id"] for i in listed(caller, "tag=talent-funding")} & {i["id"] for i in items}
    answer = editor.post(f"{LIST}/tags", {"recommendations": seen, "add": ["talent-funding"]})
    assert answer.get_json()["changed"] == [i["reference"] for i in items]
    assert {i["id"] for i in items} <= {i["id"] for i in listed(caller, "tag=talent-funding")}


def test_what_is_known_whole_is_answered_with_304(caller):
    path = f"{LIST}/{find(caller)['id']}"
    tag = caller.get(path).headers["ETag"]
    for known in (tag, f"W/{tag}", f'"v99", {tag}', "*"):
        answer = caller.get(path, **{"If-None-Match": known})
        assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", tag)
    for other in ('"v99"', tag.partition(".")[0] + '"'):
        assert caller.get(path, **{"If-None-Match": other}).status_code == 200


def test_the_tag_of_another_viewer_does_not_hide_the_own_steps(caller, client, database):
    path = f"{LIST}/{find(caller)['id']}"
    editor = make_caller(client, database, *EDITOR, office=INDUSTRY)
    assert editor.post(f"{path}/offices", {"office": INDUSTRY}, 1).status_code == 200
    anonymous = client.get(path)
    assert anonymous.get_json()["allowed_steps"] == []
    answer = editor.get(path, **{"If-None-Match": anonymous.headers["ETag"]})
    assert answer.status_code == 200
    assert answer.get_json()["allowed_steps"]
    assert editor.get(path, **{"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_a_change_takes_any_tag_of_its_version_and_answers_the_tag_of_a_reading(
    caller, client, database
):
    path = f"{LIST}/{find(caller)['id']}"
    editor = make_caller(client, database, *EDITOR, office=INDUSTRY)
    tag = client.get(path).headers["ETag"]
    taken = editor.send("POST", f"{path}/offices", {"office": INDUSTRY}, **{"If-Match": tag})
    assert taken.status_code == 200
    assert editor.get(path, **{"If-None-Match": taken.headers["ETag"]}).status_code == 304
    body = {"axis": "progress", "to": "planned"}
    for known, status in ((tag, 412), (f"W/{taken.headers['ETag']}", 200), ('"v3.12"', 409)):
        moved = editor.send("POST", f"{path}/transitions", body, **{"If-Match": known})
        assert moved.status_code == status


def test_what_a_related_record_becomes_is_no_304(caller, client, database):
    related = select(Lineage.recommendation_id, Lineage.other_id)
    record, other = database.read(lambda session: session.execute(related).first())
    tag = caller.get(f"{LIST}/{record}").headers["ETag"]
    registrar = make_caller(client, database, *REGISTRAR)
    summary = {"summary_zh": "另一种说法"}
    assert registrar.patch(f"{LIST}/{other}", summary, 1).status_code == 200
    answer = caller.get(f"{LIST}/{record}", **{"If-None-Match": tag})
    assert (answer.status_code, answer.headers["ETag"][:3]) == (200, tag[:3])


def test_a_renamed_tag_or_a_retitled_proposal_is_no_304(caller, database):
    registrar = make_caller(caller.client, database, *REGISTRAR)
    item = find(caller)
    path = f"{LIST}/{item['id']}"

    def is_new(change, *words):
        tag = caller.get(path).headers["ETag"]
        assert change(*words).status_code == 200
        return caller.get(path, **{"If-None-Match": tag}).status_code == 200

    slug = item["tags"][0]["slug"]
    assert is_new(registrar.patch, f"/api/v1/tags/{slug}", {"name_zh": "改名"}, 1)
    proposal = f"/api/v1/proposals/{item['proposal']['id']}"
    assert is_new(registrar.patch, proposal, {"title": "全新题目ZQX"}, 1)
    assert item["id"] in [i["id"] for i in listed(caller, "q=zqx")]
    assert not listed(caller, f"q={quote(item['proposal']['title'])}")


def test_what_was_done_while_hidden_stays_hidden(caller, database):
    registrar = make_caller(caller.client, database, *REGISTRAR)
    item = find(caller)
    path, proposal = f"{LIST}/{item['id']}", f"/api/v1/proposals/{item['proposal']['id']}"
    registrar.patch(proposal, {"publication": "internal"}, 1)
    registrar.patch(path, {"due_on": "2099-01-01", "note": "内部意见"}, 2)
    between = quote(utcnow().isoformat())
    registrar.patch(proposal, {"publication": "published"}, 2)
    assert "内部意见" in registrar.get(f"{path}/history").text
    assert "内部意见" not in caller.get(f"{path}/history").text
    assert registrar.get(f"{path}?as_of={between}").status_code == 200
    assert caller.get(f"{path}?as_of={between}").status_code == 404


def test_relations_are_shown_as_they_were(caller, database):
    editor = make_caller(caller.client, database, *EDITOR, office=INDUSTRY)
    path = f"{LIST}/{find(caller)['id']}"
    editor.post(f"{path}/offices", {"office": INDUSTRY}, 1)
    before = quote(utcnow().isoformat())
    body = {"axis": "progress", "to": "superseded", "superseded_by": "D002-P06-R09"}
    moved = editor.post(f"{path}/transitions", body, 2).get_json()
    assert [(r["kind"], r["outgoing"]) for r in moved["lineage"]] == [("supersedes", False)]
    assert caller.get(f"{path}?as_of={before}").get_json()["lineage"] == []
    report = editor.post(f"{path}/reports", {"text": "补充"})
    assert report.status_code == 409


def test_what_is_hidden_is_hidden_everywhere(caller, database):
    registrar = make_caller(caller.client, database, *REGISTRAR)
    item = find(caller)
    proposal = f"/api/v1/proposals/{item['proposal']['id']}"
    number = caller.get("/api/v1/tags/ai-industrial-park/progress").get_json()["total"]
    hidden = registrar.patch(proposal, {"publication": "internal", "note": "涉密审查"}, 1)
    assert hidden.get_json()["publication"] == "internal"
    path = f"{LIST}/{item['id']}"
    for address in (path, f"{path}/history", f"{path}/reports", proposal):
        assert caller.get(address).status_code == 404
        assert registrar.get(address).status_code == 200
    assert caller.get(f"{LIST}?reference={PARK}").get_json()["items"] == []
    figures = caller.get("/api/v1/tags/ai-industrial-park/progress").get_json()
    assert (
        figures["total"]
        < number
        == registrar.get("/api/v1/tags/ai-industrial-park/progress").get_json()["total"]
    )
    assert figures["total"] == len(listed(caller, "tag=ai-industrial-park&specificity=concrete"))


def test_reading_can_be_closed(client, app, monkeypatch):
    closed = type(app.extensions["settings"])(public_reading=False)
    monkeypatch.setitem(app.extensions, "settings", closed)
    answer = client.get(LIST)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert client.get("/api/v1/vocabularies").status_code == 200
