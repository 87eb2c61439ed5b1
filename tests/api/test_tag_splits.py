"""A tag is split into parts: first seen row by row, then done just so, with all it was given to."""

import pytest

from app.register.tags.rules import words_in
from tests.support.casework import V1, told_anew, took, version_of, whole
from tests.support.drafts import FIRST, content
from tests.support.factories import find
from tests.support.problems import told

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.one_database]

TAGS = f"{V1}/tags"
OLD, OTHER = "ai-industrial-park", "talent"
ESTATES = {
    "slug": "ai-estates", "name_zh": "智能产业园", "name_en": "AI estates",
    "definition": "园区的选址与建设。", "synonyms": ["园区", "智园"],
}  # fmt: skip
BODY = {
    "parts": [{"new": ESTATES}, {"tag": OTHER, "words": ["人才", "企业"]}],
    "reason": "一个标签下有了两件事",
}


def split(callers, body, who="registrar", slug=OLD, **headers):
    path = f"{TAGS}/{slug}"
    return callers[who].post(
        f"{path}/split", body, version_of(callers["registrar"], path), **headers
    )


def carried_out(callers, body):
    """Do what a dry run of *body* answers, and return both answers."""
    seen = took(split(callers, body))
    return seen, took(split(callers, body | {"dry_run": False, "digest": seen["digest"]}))


def direct(caller, slug):
    """Return what a tag was given to itself."""
    query = f"tag={slug}&narrower=false&limit=200&specificity=concrete&specificity=directional"
    return {one["reference"] for one in took(caller.get(f"{V1}/recommendations?{query}"))["items"]}


def listed(caller, slug):
    found = took(caller.get(f"{V1}/recommendations?tag={slug}&limit=200"))["items"]
    return {one["reference"] for one in found}


def goes(answer):
    """Return where each recommendation goes: reference → slugs."""
    return {
        row["recommendation"]["reference"]: [part["slug"] for part in row["parts"]]
        for row in answer["rows"]
    }


def test_a_dry_run_says_of_each_where_it_would_go_and_why_and_changes_nothing(callers, database):
    registrar = callers["registrar"]
    before, tag = direct(registrar, OLD), took(registrar.get(f"{TAGS}/{OLD}"))
    seen = took(split(callers, BODY))
    assert seen["dry_run"]
    assert set(goes(seen)) == before
    for row in seen["rows"]:
        shown = took(registrar.get(f"{V1}/recommendations/{row['recommendation']['id']}"))
        text = " ".join([shown["summary_zh"], *(p["text"] for p in shown["passages"])])
        for part in row["parts"]:
            assert not part["named"]
            assert part["words"]
            assert all(word in text for word in part["words"])
        if not row["parts"]:
            assert not any(word in text for word in ("园区", "智园", "智能产业园", "人才", "企业"))
    where = list(goes(seen).values())
    assert seen["several"] == sum(len(parts) > 1 for parts in where) > 0
    assert seen["kept"] == where.count([])
    for slug, number in seen["numbers"].items():
        assert number == sum(slug in parts for parts in where)
    assert took(registrar.get(f"{TAGS}/{OLD}")) == tag
    assert direct(registrar, OLD) == before
    assert registrar.get(f"{TAGS}/ai-estates").status_code == 404
    assert took(split(callers, BODY))["digest"] == seen["digest"]
    whole(database)


def test_what_was_seen_is_done_and_the_address_leads_to_the_parts(callers, database):
    registrar = callers["registrar"]
    before, others = direct(registrar, OLD), direct(registrar, OTHER)
    row = find(registrar)["reference"]
    seen, done = carried_out(callers, BODY)
    assert not done["dry_run"]
    assert goes(done) == goes(seen)
    tag = took(registrar.get(f"{TAGS}/{OLD}"))
    assert tag == done["tag"]
    assert tag["ended_on"] == "2026-03-02"
    assert {part["slug"] for part in tag["split_into"]} == {"ai-estates", OTHER}
    for slug in ("ai-estates", OTHER):
        gone = {reference for reference, parts in goes(seen).items() if slug in parts}
        assert direct(registrar, slug) == gone | (others if slug == OTHER else set())
    kept = {reference for reference, parts in goes(seen).items() if not parts}
    assert direct(registrar, OLD) == kept
    assert before <= listed(registrar, OLD)
    assert listed(registrar, OLD) == kept | listed(registrar, "ai-estates") | others | (
        listed(registrar, OTHER)
    )
    shown = took(registrar.get(f"{TAGS}/{OLD}/progress"))
    assert shown["total"] + shown["not_counted"] == len(listed(registrar, OLD))
    assert shown["tag"]["slug"] == OLD
    events = took(registrar.get(f"{V1}/recommendations/{find(registrar, row)['id']}/history"))
    last = events["items"][-1]
    assert last["note"] == BODY["reason"]
    assert "智能产业园" in last["story_zh"]
    whole(database)
    told_anew(database)


def test_who_is_named_goes_there_whatever_its_words_and_the_rest_where_it_is_said(
    callers, database
):
    registrar = callers["registrar"]
    first, second, *_ = sorted(direct(registrar, OLD))
    parts = [{"new": ESTATES, "words": [], "recommendations": [first, second]},
             {"tag": OTHER, "words": ["一个没有的词"], "recommendations": [second]}]  # fmt: skip
    seen, _ = carried_out(callers, BODY | {"parts": parts, "rest": OTHER})
    where = goes(seen)
    assert where.pop(first) == ["ai-estates"]
    assert where.pop(second) == ["ai-estates", OTHER]
    assert {tuple(parts) for parts in where.values()} == {(OTHER,)}
    assert seen["kept"] == 0
    assert seen["rows"][-1]["parts"][0] == {"slug": OTHER, "named": False, "words": []}
    assert direct(registrar, OLD) == set()
    assert direct(registrar, "ai-estates") == {first, second}
    whole(database)


def test_only_what_a_dry_run_answered_is_carried_out(callers, database):
    registrar = callers["registrar"]
    seen = took(split(callers, BODY))
    told(split(callers, BODY | {"dry_run": False}), 422, "digest")
    told(split(callers, BODY | {"dry_run": False, "digest": "0" * 64}), 409, "digest")
    other = BODY | {"rest": OTHER, "dry_run": False, "digest": seen["digest"]}
    told(split(callers, other), 409, "digest")
    bare = find(registrar, "D000-P09-R04")
    path = f"{V1}/recommendations/{bare['id']}/tags"
    took(registrar.post(path, {"add": [OLD]}, bare["version"]))
    done = BODY | {"dry_run": False, "digest": seen["digest"]}
    told(split(callers, done), 409, "digest")
    assert took(registrar.get(f"{TAGS}/{OLD}"))["ended_on"] is None
    assert registrar.get(f"{TAGS}/ai-estates").status_code == 404
    took(registrar.post(path, {"remove": [OLD]}, bare["version"] + 1))
    took(split(callers, done))
    told(split(callers, done), 409)  # it has ended
    whole(database)


def test_sent_again_with_its_key_it_is_done_once(callers):
    seen = took(split(callers, BODY))
    done = BODY | {"dry_run": False, "digest": seen["digest"]}
    version = version_of(callers["registrar"], f"{TAGS}/{OLD}")
    headers = {"Idempotency-Key": "split-once-1"}
    send = callers["registrar"].post
    first = took(send(f"{TAGS}/{OLD}/split", done, version, **headers))
    assert took(send(f"{TAGS}/{OLD}/split", done, version, **headers)) == first


def test_what_was_split_is_given_no_more_and_names_its_parts(callers, people):
    registrar = callers["registrar"]
    carried_out(callers, BODY)
    bare = find(registrar, "D000-P09-R04")
    path = f"{V1}/recommendations/{bare['id']}/tags"
    refused = told(registrar.post(path, {"add": [OLD]}, bare["version"]), 422, "add")
    assert all(slug in str(refused) for slug in (OLD, "ai-estates", OTHER))
    draft = content(people, recommendations=[FIRST | {"tags": [OLD]}])
    told(registrar.post(f"{V1}/proposals", draft), 422, "recommendations.0.tags")
    took(registrar.post(path, {"add": ["ai-estates"]}, bare["version"]))
    assert bare["reference"] in listed(registrar, OLD)


def test_what_becomes_of_a_part_later_is_found_by_what_was_split(callers, database):
    registrar = callers["registrar"]
    before = direct(registrar, OLD)
    carried_out(callers, BODY)
    path = f"{TAGS}/ai-estates"
    body = {"reason": "并回", "into": "industrial-clusters"}
    took(registrar.post(f"{path}/end", body, version_of(registrar, path)))
    assert before <= listed(registrar, OLD)
    seen = took(split(callers, {
        "parts": [{"tag": "metaverse"}, {"tag": "computing-power-trading"}], "rest": "metaverse",
        "reason": "再拆",
    }, slug="industrial-clusters"))  # fmt: skip
    assert set(goes(seen)) == direct(registrar, "industrial-clusters")
    whole(database)
    told_anew(database)


def test_it_may_take_over_the_names_of_what_is_split(callers, database):
    former = took(callers["registrar"].get(f"{TAGS}/{OLD}"))
    new = ESTATES | {"name_zh": former["name_zh"], "synonyms": former["synonyms"]}
    carried_out(callers, BODY | {"parts": [{"new": new}, {"tag": OTHER}]})
    whole(database)


NEW = ESTATES | {"slug": "other-estates", "name_zh": "另园", "name_en": "More", "synonyms": []}


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"parts": [{"tag": OTHER}]}, 422, "parts"),
        ({"parts": [{"tag": OTHER}, {"tag": OTHER}]}, 422, "parts.1"),
        ({"parts": [{"tag": OTHER}, {"tag": OLD}]}, 422, "parts.1.tag"),
        ({"parts": [{"tag": OTHER}, {"tag": "no-such-tag"}]}, 422, "parts.1.tag"),
        ({"parts": [{"tag": OTHER}, {}]}, 422, "parts.1"),
        ({"parts": [{"tag": OTHER}, {"tag": "metaverse", "new": NEW}]}, 422, "parts.1"),
        ({"parts": [{"tag": OTHER}, {"new": NEW | {"slug": OTHER}}]}, 422, "parts.1.new.slug"),
        ({"parts": [{"tag": OTHER}, {"new": NEW | {"broader": OLD}}]}, 422, "parts.1.new.broader"),
        ({"parts": [{"tag": OTHER}, {"new": NEW | {"broader": "no"}}]}, 422, "parts.1.new.broader"),
        ({"parts": [{"tag": OTHER}, {"new": NEW | {"name_zh": "元宇宙"}}]}, 409, None),
        ({"parts": [{"new": ESTATES}, {"new": NEW | {"name_zh": "园区"}}]}, 409, None),
        (
            {"parts": [{"tag": OTHER}, {"tag": "metaverse", "recommendations": ["D000-P09-R04"]}]},
            422,
            "parts.1.recommendations.0",
        ),
        ({"rest": "metaverse"}, 422, "rest"),
        ({"reason": " "}, 422, "reason"),
    ],
)
def test_what_cannot_be_is_named_by_the_dry_run_already(callers, change, status, field):
    told(split(callers, BODY | change), status, field)
    assert took(callers["registrar"].get(f"{TAGS}/{OLD}"))["ended_on"] is None


def test_who_may_not_and_what_has_others_below_it(callers):
    told(split(callers, BODY, who="industry"), 403)
    above = split(callers, BODY, slug="computing-power-center")
    told(above, 409)
    assert "computing-power-trading" in above.get_json()["detail"]
    assert "split it" in above.get_json()["detail"]
    path = f"{TAGS}/{OLD}"
    told(callers["registrar"].post(f"{path}/split", BODY, 999), 412)
    told(callers["registrar"].post(f"{path}/split", BODY), 428)


def test_a_tag_given_to_more_than_can_be_split_at_once_is_refused(callers, monkeypatch):
    from app.register.tags.services import tag_splits

    monkeypatch.setattr(tag_splits, "MOST_SPLIT", 3)
    refused = told(split(callers, BODY), 409)
    assert "more than 3" in refused["detail"]


def test_latin_words_are_whole_words_and_case_does_not_matter():
    text = "supply chain of ai中心 and 5g"
    assert words_in(text, ["AI", "ai中心", "5G", "chai", "Supply Chain", "心"]) == [
        "AI", "ai中心", "5G", "Supply Chain", "心",
    ]  # fmt: skip
    assert words_in("chain c++", ["AI", "c++"]) == ["c++"]
