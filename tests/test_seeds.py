"""The curated records: clean, complete, and loaded without overwriting anybody's work."""

import copy
import json
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from app.audit.queries.events import events_of
from app.audit.services.recorder import NAMES
from app.core.codes import Role
from app.core.config import ROOT
from app.models import Event, Organization, Passage, Recommendation, Sitting, Tag
from app.register.people.services.reforms import (
    Reform,
    end_organization,
    move_organization,
    rename_organization,
)
from app.register.recommendations.services.recommendations import edit
from app.register.tags.services.tags import direct_tags
from app.seeding.checks import check_seeds
from app.seeding.files import read_seeds, resolve
from app.seeding.loader import load_seeds
from app.seeding.overview import overview
from tests.support.factories import PARK, everything, make_actor, recommendation
from tests.support.factories import organization as organization_of

SEEDS = read_seeds(ROOT / "seeds")


@pytest.fixture
def seeds():
    return copy.deepcopy(SEEDS)


def park(seeds):
    document = next(d for d in seeds.documents if d.fields["reference"] == "D002")
    return document, next(r for r in document.recommendations if r["reference"] == PARK)


def load(session, seeds):
    return load_seeds(session, seeds, lambda: None)


def test_the_seed_records_are_clean():
    assert check_seeds(SEEDS) == []


def organization(seeds):
    return next(o for o in seeds.organizations if o["slug"] == "zhengzhou-industry")


def without_aliases(seeds):
    del organization(seeds)["aliases"]


def unknown_kind(seeds):
    organization(seeds)["kind"] = "bureau"


def a_text_for_a_truth(seeds):
    organization(seeds)["is_office"] = "yes"


def a_field_too_many(seeds):
    seeds.sessions[0]["starts"] = date(2026, 2, 3)


def a_person_without_a_body(seeds):
    del next(d for d in seeds.documents if d.persons).persons[0]["body"]


def above_itself(seeds):
    below = next(o for o in seeds.organizations if o.get("parent") == "zhengzhou-government")
    government = next(o for o in seeds.organizations if o["slug"] == "zhengzhou-government")
    government["parent"] = below["slug"]


def one_word_of_two_tags(seeds):
    first, second = seeds.tags[:2]
    second["synonyms"] = [f" {first['name_en'].upper()}"]


def two_offices_of_one_name(seeds):
    seeds.organizations[3]["name_zh"] = seeds.organizations[2]["name_zh"]


def a_name_in_use_from_nowhere(seeds):
    organization(seeds)["name_status"] = "in_use"
    del organization(seeds)["name_source"]


def a_party_as_a_status(seeds):
    organization(seeds)["name_status"] = "party"


def test_every_bureau_of_the_city_says_whether_it_still_has_its_name():
    bureaus = [o for o in SEEDS.organizations if o["slug"].startswith("zhengzhou-")]
    bureaus = [o for o in bureaus if o["kind"] in ("department", "party_organ")]
    assert len(bureaus) > 25
    assert all(o["name_status"] and o["name_source"] for o in bureaus)


def test_party_organs_stand_under_the_party_and_what_is_led_from_above_under_its_superior():
    known = {o["slug"]: o for o in SEEDS.organizations}
    organs = [o["slug"] for o in known.values() if o["kind"] == "party_organ"]
    assert organs
    assert {known[slug]["parent"] for slug in organs} == {"zhengzhou-party-committee"}
    assert not [o for o in known.values() if "市委" in o["name_zh"] and "组织部" in o["name_zh"]
                and o["slug"] not in organs]  # fmt: skip
    vertical = [o for o in known.values() if o.get("is_vertical")]
    assert "zhengzhou-taxation" in {o["slug"] for o in vertical}
    assert "zhengzhou-government" not in {o["parent"] for o in vertical}
    assert known["zhengzhou-public-security"]["is_office"]


def test_the_session_that_ships_for_trying_pretends_nothing():
    [example] = [s for s in SEEDS.sessions if s["slug"].startswith("example-")]
    assert example["name_zh"].startswith("示例")
    assert not {"term", "meeting", "starts_on", "ends_on"} & example.keys()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (without_aliases, "organization zhengzhou-industry: aliases is missing"),
        (unknown_kind, "organization zhengzhou-industry: kind cannot be 'bureau'"),
        (a_text_for_a_truth, "organization zhengzhou-industry: is_office cannot be 'yes'"),
        (a_field_too_many, "starts is no field of it"),
        (a_person_without_a_body, "body is missing"),
        (above_itself, "organization zhengzhou-government: its parent stands below it"),
        (one_word_of_two_tags, "share the word"),
        (two_offices_of_one_name, "share the word"),
        (a_name_in_use_from_nowhere, "name_source is missing"),
        (a_party_as_a_status, "name_status cannot be 'party'"),
    ],
)
def test_what_a_load_would_stumble_over_is_told_before(seeds, change, told):
    change(seeds)
    assert any(told in problem for problem in check_seeds(seeds))


def test_the_vocabulary_has_the_size_it_should():
    assert 60 <= len(SEEDS.tags) <= 90
    assert {"ai-industrial-park", "computing-power-center"} <= {t["slug"] for t in SEEDS.tags}


def test_every_tag_is_used():
    used = {tag for d in SEEDS.documents for r in d.recommendations for tag in r["tags"]}
    broader = {tag.get("broader") for tag in SEEDS.tags}
    assert {tag["slug"] for tag in SEEDS.tags} - used - broader == set()


def test_the_overview_names_every_stretch_left_over_with_its_reason():
    lines = list(overview(SEEDS))
    stretches = sum(len(s["spans"]) for d in SEEDS.documents for s in d.stretches)
    assert sum(1 for line in lines if line.startswith("  [")) == stretches
    assert lines[-1].startswith("in all: 73 proposals")


BREAKS = {
    "another text": lambda d, r: d.fields.update(sha256="0"),
    "a quotation that is not there": lambda d, r: r.update(passages=["量子纠缠"]),
    "no passage": lambda d, r: r.update(passages=[]),
    "a tag that does not exist": lambda d, r: r.update(tags=["nope"]),
    "no tag": lambda d, r: r.update(tags=[]),
    "an office that is none": lambda d, r: r.update(suggested_office="zhengzhou-cppcc"),
    "a stance that is none": lambda d, r: r.update(stance="hopes"),
    "a target that is not printed": lambda d, r: r.update(targets=["300个"]),
    "a lineage to nothing": lambda d, r: r.update(repeats=["D009-P01-R01"]),
    "a lineage to itself": lambda d, r: r.update(repeats=[PARK]),
    "a number out of order": lambda d, r: r.update(number=99),
    "words of another proposal": lambda d, r: r.update(passages=["以本地企业宇通客车股份有限公司"]),
    "a session that is none": lambda d, r: d.fields.update(session="nope"),
    "a stretch that is gone": lambda d, r: d.stretches.pop(),
    "a proposal that is gone": lambda d, r: d.proposals.pop(),
    "a reason that is none": lambda d, r: d.stretches[0].update(reason="because"),
    "a proposer that is none": lambda d, r: d.proposals[0]["proposers"][0].update(
        organization="nobody"
    ),
    "a proposer not as printed": lambda d, r: d.proposals[0]["proposers"][0].update(
        as_printed="某某"
    ),
    "a proposal twice": lambda d, r: d.proposals.append(d.proposals[0]),
}


@pytest.mark.parametrize("name", BREAKS)
def test_each_check_can_fail(seeds, name):
    document, record = park(seeds)
    BREAKS[name](document, record)
    document.problems.clear()
    resolve(document)
    assert check_seeds(seeds)


@pytest.mark.parametrize(
    ("records", "change"),
    [
        ("tags", {"broader": "nope"}),
        ("organizations", {"parent": "nope"}),
        ("sessions", {"body": "x"}),
    ],
)
def test_reference_records_name_only_what_exists(seeds, records, change):
    getattr(seeds, records)[0].update(change)
    assert check_seeds(seeds)


def test_a_second_load_changes_nothing(session, seeds):
    before = session.scalar(sa.select(sa.func.count()).select_from(Event))
    outcome = load(session, seeds)
    assert not outcome.created
    assert not outcome.updated
    assert not outcome.kept
    assert session.scalar(sa.select(sa.func.count()).select_from(Event)) == before


def test_a_corrected_seed_is_brought_up_to_date(session, seeds):
    document, record = park(seeds)
    record["summary_zh"] = "建设人工智能产业园"
    record["passages"] = ["建设郑州人工智能产业园"]
    record["tags"] = ["ai-industrial-park"]
    resolve(document)
    outcome = load(session, seeds)
    assert outcome.updated == {"recommendation": 1}
    found = recommendation(session)
    assert (found.summary_zh, found.version) == ("建设人工智能产业园", 2)
    assert direct_tags(session, found) == {"ai-industrial-park"}
    rows = sa.select(Passage).where(Passage.recommendation_id == found.id)
    passages = list(session.scalars(rows.order_by(Passage.id)))
    assert [p.withdrawn_at is None for p in passages] == [False, True]
    assert everything(session) == []
    assert load(session, seeds).updated == {}


def test_what_people_changed_is_left_alone_and_named(session, seeds):
    found = recommendation(session)
    edit(session, make_actor(session, Role.REGISTRAR), found, {"due_on": date(2027, 1, 1)})
    _, record = park(seeds)
    record["summary_zh"] = "另一种说法"
    outcome = load(session, seeds)
    assert outcome.kept == [f"recommendation {PARK}"]
    changes = outcome.differences[f"recommendation {PARK}"]
    assert changes["summary_zh"] == (found.summary_zh, "另一种说法")
    assert found.summary_zh != "另一种说法"
    assert found.version == 2


MASTER = {
    "organizations": (Organization, "zhengzhou-industry", "name_en"),
    "sessions": (Sitting, "national-lianghui-2024", "name_en"),
    "tags": (Tag, "ai-industrial-park", "name_en"),
}


@pytest.mark.long
@pytest.mark.parametrize("records", MASTER)
def test_what_an_approved_load_changed_no_later_file_changes_again(session, seeds, records):
    model, slug, field = MASTER[records]
    content = next(one for one in getattr(seeds, records) if one["slug"] == slug)
    original, kind = content[field], NAMES[model]
    content[field] = "As the approved load has it"
    assert load(session, seeds).updated == {kind: 1}
    for later in (original, "As yet another file has it"):
        content[field] = later
        outcome = load(session, seeds)
        assert (outcome.updated, outcome.kept) == ({}, [f"{kind} {slug}"])
        told = outcome.differences[f"{kind} {slug}"]
        assert told == {field: ("As the approved load has it", later)}
    known = session.scalar(sa.select(getattr(model, field)).where(model.slug == slug))
    assert known == "As the approved load has it"
    content[field] = known
    assert load(session, seeds).kept == []
    assert everything(session) == []


def test_a_person_corrected_by_an_approved_load_stays_so(session, seeds):
    content = seeds.documents[0].persons[0]
    printed, content["name"] = content["name"], "另一名字"
    assert load(session, seeds).updated == {"person": 1}
    content["name"] = printed
    outcome = load(session, seeds)
    assert outcome.differences == {f"person {content['slug']}": {"name": ("另一名字", printed)}}
    assert outcome.kept == [f"person {content['slug']}"]


def test_what_is_curated_word_for_word_is_corrected_in_the_files_again_and_again(session, seeds):
    _, record = park(seeds)
    for summary in ("建设人工智能产业园", "在郑州建设人工智能产业园"):
        record["summary_zh"] = summary
        assert load(session, seeds).updated == {"recommendation": 1}
        assert recommendation(session).summary_zh == summary


def by_a_reform(session, change):
    registrar = make_actor(session, Role.REGISTRAR)
    office = organization_of(session, "zhengzhou-data")
    above = organization_of(session, "zhengzhou-development-reform")
    reform = Reform(date(2026, 3, 2), datetime(2026, 3, 1, 16, tzinfo=UTC), "机构改革方案")
    if change == "renamed":
        rename_organization(session, registrar, office, {"name_zh": "郑州市数据局"}, reform)
    elif change == "moved":
        move_organization(session, registrar, office, above, reform)
    else:
        end_organization(session, registrar, office, [above], reform)


@pytest.mark.parametrize("change", ["renamed", "moved", "ended"])
def test_what_a_reform_changed_no_file_changes_back(session, seeds, change):
    by_a_reform(session, change)
    content = next(o for o in seeds.organizations if o["slug"] == "zhengzhou-data")
    content["aliases"] = ["市大数据局"]
    outcome = load(session, seeds)
    assert (outcome.updated, outcome.kept) == ({}, ["organization zhengzhou-data"])
    fields = {"renamed": "name_zh", "moved": "parent_id", "ended": "is_office"}
    assert {fields[change], "aliases"} <= outcome.differences["organization zhengzhou-data"].keys()
    assert everything(session) == []


def test_changed_tags_are_told_in_the_history(session, seeds):
    _, record = park(seeds)
    record["tags"] = ["talent"]
    load(session, seeds)
    found = recommendation(session)
    last = events_of(session, "recommendation", found.id)[-1]
    assert json.loads(last.changes)["tags"][1] == ["talent"]
    assert everything(session) == []


def test_a_tag_that_moves_in_the_tree_takes_its_recommendations_along(session, seeds):
    moved = next(tag for tag in seeds.tags if tag["slug"] == "computing-power-center")
    moved["broader"] = "talent"
    assert load(session, seeds).updated == {"tag": 1}
    assert everything(session) == []


def test_a_document_of_another_session_takes_its_proposals_along(session, seeds):
    document, _ = park(seeds)
    document.fields["session"] = "national-lianghui-2024"
    outcome = load(session, seeds)
    assert outcome.updated["proposal"] == len(document.proposals)
    assert everything(session) == []


def test_what_the_files_no_longer_have_stays_and_is_named(session, seeds):
    document, _ = park(seeds)
    last = document.proposals[-1]["recommendations"].pop()
    assert load(session, seeds).gone == [f"recommendation {last['reference']}"]
    assert recommendation(session, last["reference"])


def test_a_new_record_in_the_seeds_is_added(session, seeds):
    seeds.tags.append(
        {"slug": "extra", "name_zh": "附加", "name_en": "Extra", "definition": "。", "synonyms": []}
    )
    outcome = load(session, seeds)
    assert outcome.created == {"tag": 1}
    assert session.scalar(sa.select(Tag.name_zh).where(Tag.slug == "extra")) == "附加"


def test_everything_loaded_agrees_with_everything_else(session):
    assert everything(session) == []
    total = session.scalar(sa.select(sa.func.count()).select_from(Recommendation))
    assert total == sum(len(d.recommendations) for d in SEEDS.documents)
