"""Counters of recommendations: figures read them, verification finds one that is off."""

import random
from datetime import date
from unittest import mock

import pytest
import sqlalchemy as sa

from app.figures.counted import queries
from app.models import (
    Document,
    Proposal,
    Recommendation,
    RecommendationCount,
    RecommendationTag,
    Sitting,
)
from app.register.counting.queries.counter_drift import SCOPES, counter_drift
from app.register.counting.queries.dimensions import DIMENSIONS
from app.register.counting.rules.figure import CountedUnit, Dimension
from tests.database.counting import counted
from tests.support.casework import V1, took
from tests.support.factories import everything, recommendation

FIGURE = f"{V1}/figures"
KEPT = (
    "implementation_rate_strict",
    "implementation_rate_broad",
    "adopted_recommendations",
    "promised_recommendations",
    "funnel",
    "stages",
)
"""Figures that counters tell, of the whole and by each dimension."""

KINDS = "specificity=concrete&specificity=directional"
PAIRS = [("tag", "session"), ("document", "tag")]
FREE = ("anyone", "a supervisor", "a registrar")
"""Who sees either all records of a publication or none."""


def scans(statements):
    """Return the statements that read the recommendations themselves."""
    return [text for text in statements if "FROM recommendations" in text]


def dimensions_for(name):
    found = [(), *((one,) for one in DIMENSIONS[CountedUnit.RECOMMENDATIONS]), *PAIRS]
    return [by for by in found if name != "anyone" or Dimension.OFFICE not in by]


def asked(figure, by, *within):
    given = [f"by={','.join(by)}"] if by else []
    return f"{FIGURE}/{figure}?{'&'.join([*given, *(f'within={one}' for one in within), KINDS])}"


def test_the_whole_and_each_dimension_are_read_from_counters_alone(planted, readers, database):
    for name in FREE:
        for by in dimensions_for(name):
            with counted(database) as statements:
                took(readers[name].get(asked("funnel", by)))
            assert any("recommendation_counts" in text for text in statements)
            assert not scans(statements), (name, by)


def test_counters_tell_what_counting_the_records_tells(planted, readers):
    chance = random.Random(23)
    for name in FREE:
        for by in dimensions_for(name):
            figure = chance.choice(KEPT)
            found = took(readers[name].get(asked(figure, by)))
            within = [w for group in found["groups"][:1] for w in group["within"]]
            for path in (asked(figure, by), asked(figure, (), *within)):
                kept = took(readers[name].get(path))
                with (
                    mock.patch.object(queries, "counters_of", return_value=None),
                    mock.patch.object(queries, "late_numbers", return_value=None),
                ):
                    assert took(readers[name].get(path)) == kept, (name, path)


@pytest.mark.parametrize("figure", KEPT)
def test_each_figure_that_is_kept_has_the_numbers_of_its_lists(planted, readers, database, figure):
    for name in FREE:
        with counted(database) as statements:
            shown = took(readers[name].get(asked(figure, ("kind",))))
        assert not scans(statements)
        for one in (shown, *shown["groups"]):
            for part in one["parts"]:
                listed = took(readers[name].get(f"{part['list']}&limit=1&with_total=true"))
                assert listed["total"] == part["number"], part["list"]


@pytest.mark.parametrize(
    "within",
    ["tag:none", "session:none", "office:none", "month:none", "year:0000", "kind:npc_bill"],
)
def test_what_has_none_is_counted_as_it_is_listed(planted, readers, within):
    caller = readers["a registrar"]
    shown = took(caller.get(asked("funnel", (), within)))
    for part in shown["parts"]:
        listed = took(caller.get(f"{part['list']}&limit=1&with_total=true"))
        assert listed["total"] == part["number"], part["list"]


def test_an_office_that_sees_internal_records_of_its_own_is_told_by_counting(
    planted, readers, database
):
    with counted(database) as statements:
        took(readers["its office"].get(asked("funnel", ())))
    assert scans(statements)


@pytest.mark.parametrize("within", ["", "tag:none", "tag:one"])
def test_what_is_late_of_all_or_of_a_tag_is_read_from_counters(laden, readers, database, within):
    listed = took(readers["a registrar"].get(f"{V1}/recommendations?overdue=true"))["items"]
    tag = next(row["tags"][0]["slug"] for row in listed if row["tags"])
    own = [within.replace("one", tag)] if within == "tag:one" else [within][: len(within)]
    for name in FREE:
        with counted(database) as statements:
            shown = took(readers[name].get(asked("late_recommendations", (), *own)))
        assert not scans(statements), name
        numbers = []
        for part in shown["parts"]:
            listed = took(readers[name].get(f"{part['list']}&limit=1&with_total=true"))
            numbers.append(part["number"])
            assert listed["total"] == numbers[-1], part["list"]
        assert bool(numbers[0]) == (within != "tag:none"), name


def test_who_sees_an_answer_follows_what_is_withheld_and_released(planted, readers, database):
    def answered(name):
        parts = took(readers[name].get(f"{FIGURE}/funnel"))["parts"]
        return {part["code"]: part["number"] for part in parts}["answered"]

    before = {name: answered(name) for name in FREE}
    assert set(before.values()) == {14}
    took(planted.withhold("reply", who="registrar"))
    assert {name: answered(name) for name in FREE} == {**before, "anyone": 0}
    assert database.examine(lambda s: list(counter_drift(s))) == []


def test_verification_finds_a_counter_of_any_scope_that_is_off(session):
    counters = RecommendationCount
    for scope in (*SCOPES, "cppcc_proposal", "nonsense"):
        with session.begin_nested() as changing:
            one = sa.select(sa.func.max(counters.scope_id)).where(counters.scope == scope)
            own = (counters.scope == scope, counters.scope_id == one.scalar_subquery())
            if session.scalar(one) is None:
                session.execute(sa.insert(counters).values(**made(scope)))
            else:
                session.execute(sa.update(counters).where(*own).values(number=counters.number + 1))
            assert list(counter_drift(session)), scope
            changing.rollback()
    assert list(counter_drift(session)) == []


def made(scope):
    states = {"progress": "verified", "acceptance": "accepted", "publication": "published"}
    whom = {"answered_for": "nobody", "promised_for": "nobody", "specificity": "concrete"}
    return {"tag_id": 0, "scope": scope, "scope_id": 7, **states, **whom, "number": 1}


def test_verification_finds_who_sees_an_answer_tampered_with(session):
    found = recommendation(session)
    own = sa.update(Recommendation).where(Recommendation.id == found.id)
    session.execute(own.values(answered_for="published"))
    session.expire(found)
    told = [one for one in everything(session) if found.reference in one]
    assert told == [
        f"recommendation {found.reference}: who sees its answer or promise is kept otherwise"
    ]


def rewritten(session):
    """Change all that is counted by plain statements, and say each time what was changed."""
    found = recommendation(session)
    one, many = found.id, Recommendation.proposal_id == found.proposal_id
    case = session.get_one(Proposal, found.proposal_id)
    other = sa.select(Sitting.id).where(Sitting.id != sa.func.coalesce(case.session_id, 0))
    document, tags = Document.id == case.document_id, RecommendationTag.__table__
    changes = [
        (Recommendation, Recommendation.id == one, values)
        for values in (
            {"progress": "verified"},
            {"acceptance": "accepted", "publication": "internal"},
            {"specificity": "directional", "lead_status": "taken_on"},
            {"answered_for": "internal", "promised_for": "published"},
            {"next_due_on": date(2026, 3, 2)},
            {"next_due_on": date(2026, 4, 1), "progress": "stalled"},
            {"ended_as": "withdrawn"},
            {"ended_as": None, "next_due_on": None, "answered_for": None, "promised_for": None},
        )
    ]
    changes += [
        (Recommendation, many, {"progress": "planned", "public_due_on": date(2026, 5, 1)}),
        (Proposal, Proposal.id == case.id, {"kind": "npc_bill"}),
        (Proposal, Proposal.id == case.id, {"session_id": other.limit(1).scalar_subquery()}),
        (Proposal, Proposal.id == case.id, {"document_id": None}),
        (Proposal, Proposal.id == case.id, {"document_id": case.document_id}),
        (Document, document, {"latest_on": date(2019, 2, 1)}),
        (Document, document, {"latest_on": None}),
    ]
    for model, which, values in changes:
        session.execute(sa.update(model).where(which).values(values))
        yield model, values
    own = [dict(row) for row in session.execute(sa.select(tags)).mappings().all()]
    session.execute(sa.delete(tags))
    yield tags, "no tags"
    session.execute(sa.insert(tags).values(own[: len(own) // 2]))
    yield tags, "many tags at once"
    session.execute(sa.insert(tags), own[len(own) // 2 :])
    yield tags, "many tags, one after the other"
    session.execute(sa.delete(tags).where(tags.c.recommendation_id == one, tags.c.is_direct))
    yield tags, "some tags"


def test_whoever_writes_a_row_is_counted_without_being_asked(session):
    """The database counts by itself: a statement behind every service leaves no counter behind."""
    for model, change in rewritten(session):
        wrong = [told for told in counter_drift(session) if "is off by" in told]
        assert wrong == [], (model, change)
