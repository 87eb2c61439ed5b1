"""A tag ends, or is merged into another: what had it goes along, and its address leads on."""

import pytest

from tests.support.casework import V1, told_anew, took, version_of, whole
from tests.support.drafts import FIRST, content
from tests.support.factories import PARK, find
from tests.support.problems import told

pytestmark = pytest.mark.usefixtures("today")

TAGS = f"{V1}/tags"
PARKS = "ai-industrial-park"


def end(callers, slug, who="registrar", **more):
    path = f"{TAGS}/{slug}"
    body = {"reason": "与其他标签重复", **more}
    return callers[who].post(f"{path}/end", body, version_of(callers["registrar"], path))


def listed(caller, query):
    found = took(caller.get(f"{V1}/recommendations?limit=200&with_total=true&{query}"))
    return {one["reference"] for one in found["items"]}


def total(caller, slug):
    shown = took(caller.get(f"{TAGS}/{slug}/progress"))
    return shown["total"] + shown["not_counted"]


def test_what_had_it_has_the_other_and_its_address_leads_there(callers, database):
    registrar = callers["registrar"]
    before, other = listed(registrar, f"tag={PARKS}"), listed(registrar, "tag=industrial-clusters")
    told(end(callers, PARKS, who="industry", into="industrial-clusters"), 403)
    ended = took(end(callers, PARKS, into="industrial-clusters"))
    assert ended["ended_on"] == "2026-03-02"
    assert ended["merged_into"]["slug"] == "industrial-clusters"
    assert took(registrar.get(f"{TAGS}/{PARKS}"))["merged_into"]["slug"] == "industrial-clusters"
    for slug in (PARKS, "industrial-clusters"):
        assert listed(registrar, f"tag={slug}") == before | other
        assert total(registrar, slug) == len(before | other)
    shown = took(registrar.get(f"{TAGS}/{PARKS}/progress"))
    assert shown["tag"]["slug"] == "industrial-clusters"
    park = find(registrar)
    assert PARKS not in [tag["slug"] for tag in park["tags"]]
    events = took(registrar.get(f"{V1}/recommendations/{park['id']}/history"))["items"]
    assert events[-1]["note"] == "与其他标签重复"
    whole(database)
    told_anew(database)


def test_one_that_ends_alone_stays_where_it_is_and_is_given_no_more(callers, people, database):
    registrar = callers["registrar"]
    before = listed(registrar, f"tag={PARKS}")
    took(end(callers, PARKS))
    assert listed(registrar, f"tag={PARKS}") == before
    bare = find(registrar, "D000-P09-R04")
    path = f"{V1}/recommendations/{bare['id']}"
    refused = registrar.post(f"{path}/tags", {"add": [PARKS]}, bare["version"])
    told(refused, 422, "add")
    assert PARKS in refused.text
    draft = content(people, recommendations=[FIRST | {"tags": [PARKS]}])
    told(registrar.post(f"{V1}/proposals", draft), 422, "recommendations.0.tags")
    new = {"slug": "park", "name_zh": "新园区", "name_en": "Park", "definition": "园区",
           "broader": PARKS}  # fmt: skip
    told(registrar.post(TAGS, new), 422, "broader")
    park = find(registrar)
    took(registrar.post(f"{V1}/recommendations/{park['id']}/tags", {"remove": [PARKS]},
                        park["version"]))  # fmt: skip
    standing = {tag["slug"] for tag in took(registrar.get(f"{TAGS}?limit=200"))["items"]}
    assert PARKS not in standing
    assert [tag["slug"] for tag in took(registrar.get(f"{TAGS}?ended=true"))["items"]] == [PARKS]
    whole(database)


def test_its_names_are_free_again(callers):
    registrar = callers["registrar"]
    former = took(registrar.get(f"{TAGS}/{PARKS}"))
    again = {"slug": "ai-parks", "name_zh": former["name_zh"], "name_en": former["name_en"],
             "definition": "人工智能产业园", "synonyms": former["synonyms"]}  # fmt: skip
    told(registrar.post(TAGS, again), 409)
    took(end(callers, PARKS))
    took(registrar.post(TAGS, again))
    told(registrar.post(TAGS, again | {"slug": PARKS}), 409)


@pytest.mark.parametrize(
    ("slug", "body", "status", "field"),
    [
        (PARKS, {"into": PARKS}, 422, "into"),
        (PARKS, {"into": "no-such-tag"}, 422, "into"),
        ("computing-power-center", {"into": "computing-power"}, 409, None),
        (PARKS, {"reason": " "}, 422, "reason"),
    ],
)
def test_what_cannot_be_is_named(callers, slug, body, status, field):
    told(end(callers, slug, **body), status, field)
    assert took(callers["registrar"].get(f"{TAGS}/{slug}"))["ended_on"] is None


def test_none_ends_twice_and_merging_goes_on_to_the_last(callers):
    registrar = callers["registrar"]
    before = listed(registrar, f"tag={PARKS}")
    took(end(callers, PARKS, into="metaverse"))
    told(end(callers, PARKS), 409)
    told(end(callers, "metaverse", into=PARKS), 422, "into")
    took(end(callers, "metaverse", into="talent"))
    assert before <= listed(registrar, f"tag={PARKS}")
    assert total(registrar, PARKS) == total(registrar, "talent")
    assert PARK in listed(registrar, f"tag={PARKS}")
