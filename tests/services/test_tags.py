"""Tagging, and the vocabulary."""

from datetime import date

import pytest
import sqlalchemy as sa

from app.core.codes import Role
from app.core.errors import AlreadyExists, InvalidChange, PermissionDenied
from app.core.rules.permissions import ANONYMOUS
from app.handling.proposals.services.proposals import edit_proposal
from app.models import (
    Document,
    Event,
    Proposal,
    Recommendation,
    RecommendationCount,
    RecommendationTag,
    Tag,
)
from app.register.people.queries import reference_data
from app.register.people.queries.reference_data import ReferenceDataCache
from app.register.tags.queries.tags import stages
from app.register.tags.rules import with_broader
from app.register.tags.services.tags import create_tag, direct_tags, edit_tag, tag
from tests.support.factories import DATA, everything, make_actor, recommendation

NEW = {
    "slug": "pilot-zones",
    "name_zh": "试验区",
    "name_en": "Pilot zones",
    "definition": "试验区的建设",
    "synonyms": [],
    "broader": "industrial-policy",
}


def number(session, slug):
    """Return how many published recommendations the counters give a tag."""
    found = session.scalar(sa.select(Tag.id).where(Tag.slug == slug))
    return sum(counted.total() for counted in stages(session, ANONYMOUS, found).values())


def test_a_tag_brings_its_broader_tags(session):
    found = recommendation(session)
    before = number(session, "computing-power")
    tag(
        session,
        make_actor(session, Role.OFFICE_EDITOR, office=DATA),
        [found],
        add=["computing-power-trading"],
    )
    slugs = sa.select(Tag.slug).join(RecommendationTag, RecommendationTag.tag_id == Tag.id)
    rows = set(session.scalars(slugs.where(RecommendationTag.recommendation_id == found.id)))
    assert {"computing-power-trading", "computing-power-center", "computing-power"} <= rows
    assert "computing-power" not in direct_tags(session, found)
    assert number(session, "computing-power") == before + 1
    assert everything(session) == []


def test_taking_a_tag_away_takes_its_broader_ones_only_when_nothing_else_brings_them(session):
    found = recommendation(session)
    actor = make_actor(session, Role.SUPERVISOR, office=DATA)
    tag(session, actor, [found], add=["computing-power-trading", "computing-power-scheduling"])
    tag(session, actor, [found], remove=["computing-power-trading"], note="误标")
    ids = sa.select(Tag.id).where(Tag.slug == "computing-power-center")
    rows = sa.select(RecommendationTag.is_direct).where(
        RecommendationTag.recommendation_id == found.id, RecommendationTag.tag_id.in_(ids)
    )
    assert list(session.scalars(rows)) == [False]
    last = session.scalar(sa.select(Event).order_by(Event.sequence.desc()).limit(1))
    assert (last.operation, last.note) == ("recommendation.tagged", "误标")
    assert everything(session) == []


def test_tagging_what_is_tagged_changes_nothing(session):
    found = recommendation(session)
    version = found.version
    changed = tag(session, make_actor(session, Role.REGISTRAR), [found], add=["ai-industrial-park"])
    assert (changed, found.version) == ([], version)


def test_unknown_and_contrary_tags_are_named(session):
    actor = make_actor(session, Role.REGISTRAR)
    with pytest.raises(InvalidChange) as refused:
        tag(session, actor, [recommendation(session)], add=["nope", "talent"], remove=["talent"])
    assert set(refused.value.fields) == {"add", "remove"}
    assert "nope" in refused.value.fields["add"][1]


def test_the_public_cannot_tag(session):
    with pytest.raises(PermissionDenied):
        tag(session, ANONYMOUS, [recommendation(session)], add=["talent"])


def test_a_new_tag_is_known_to_every_process_at_once(session):
    cache = ReferenceDataCache()
    assert cache.tag(session, "pilot-zones") is None
    created = create_tag(session, make_actor(session, Role.REGISTRAR), NEW)
    known = cache.tag(session, "pilot-zones")
    assert (known.id, known.slug) == (created.id, "pilot-zones")


def test_a_tag_of_that_name_or_without_its_broader_one_is_refused(session):
    actor = make_actor(session, Role.REGISTRAR)
    with pytest.raises(AlreadyExists):
        create_tag(session, actor, NEW | {"slug": "talent"})
    with pytest.raises(InvalidChange):
        create_tag(session, actor, NEW | {"broader": "nope"})
    with pytest.raises(PermissionDenied):
        create_tag(session, make_actor(session, Role.OFFICE_EDITOR, office=DATA), NEW)


def test_a_renamed_tag_shows_its_new_name(session):
    cache = ReferenceDataCache()
    cache.fresh(session)
    found = session.scalar(sa.select(Tag).where(Tag.slug == "talent"))
    edit_tag(session, make_actor(session, Role.REGISTRAR), found, {"name_zh": "人才工作"})
    assert cache.fresh(session).tag(found.id)["name_zh"] == "人才工作"
    assert found.version == 2


def test_a_writing_session_reads_the_names_once_and_forgets_what_is_undone(session):
    cache, actor = ReferenceDataCache(), make_actor(session, Role.REGISTRAR)
    before = cache.fresh(session)
    assert cache.fresh(session) is before
    savepoint = session.begin_nested()
    create_tag(session, actor, NEW)
    assert cache.fresh(session).tag_by_slug["pilot-zones"]
    savepoint.rollback()
    session.refresh(session.info["head"])
    reference_data.forget_names(session)
    create_tag(session, actor, NEW | {"slug": "other-zones"})
    assert "pilot-zones" not in cache.fresh(session).tag_by_slug
    assert cache.known is None


def test_hiding_a_proposal_takes_it_out_of_the_public_figures(session):
    found = recommendation(session)
    before = number(session, "ai-industrial-park")
    proposal = session.get_one(Proposal, found.proposal_id)
    edit_proposal(
        session, make_actor(session, Role.REGISTRAR), proposal, {"publication": "internal"}
    )
    assert found.publication == "internal"
    assert number(session, "ai-industrial-park") < before
    assert everything(session) == []


def test_verify_sees_a_counter_that_is_off(session):
    counters = RecommendationCount
    whole = sa.update(counters).where(counters.scope == "all", counters.tag_id == 0)
    session.execute(whole.values(number=counters.number + 1))
    assert [told for told in everything(session) if "is off by 1" in told]


def test_verify_sees_an_event_that_was_altered(session):
    session.execute(sa.update(Event).where(Event.sequence == 10).values(note="altered"))
    assert "event 10 does not fit the chain" in everything(session)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("progress", "verified"),
        ("acceptance", "accepted"),
        ("lead_status", "taken_on"),
        ("due_on", date(2027, 1, 1)),
    ],
)
def test_verify_sees_a_recommendation_that_was_changed_behind_the_log(session, column, value):
    found = recommendation(session)
    rows = sa.update(Recommendation).where(Recommendation.id == found.id)
    session.execute(rows.values({column: value}))
    told = everything(session)
    assert f"recommendation {found.reference}: no event explains its {column}" in told


@pytest.mark.parametrize(
    ("column", "value"), [("version", 9), ("summary_zh", "改"), ("search_text", "改")]
)
def test_verify_sees_any_column_of_a_record(session, column, value):
    found = recommendation(session)
    rows = sa.update(Recommendation).where(Recommendation.id == found.id)
    session.execute(rows.values({column: value}))
    assert [told for told in everything(session) if told.startswith(f"recommendation {found.id}:")]


def test_verify_sees_a_text_that_was_edited(session):
    rows = sa.update(Document).where(Document.reference == "D000")
    session.execute(rows.values(text=Document.text + "。"))
    told = everything(session)
    assert "document D000: its text has another SHA-256" in told
    assert "document 1: no event explains its state" in told


def test_with_broader_follows_the_tree_to_its_top():
    assert with_broader([3], {1: None, 2: 1, 3: 2, 4: 1}, {}) == {1, 2, 3}


def test_with_broader_finds_what_was_merged_into_any_of_them():
    tree = {1: None, 2: 1, 3: 2, 4: None, 5: None, 6: None}
    assert with_broader([3], tree, {4: [1], 5: [4], 6: [5]}) == {1, 2, 3, 4, 5, 6}
    assert with_broader([3], tree, {1: [4]}) == {1, 2, 3}
