"""Which rules hold for a proposal, and what the letters of a place mean."""

from dataclasses import replace

import pytest

from app.core.codes import CountFrom, LimitKind, ReplyOutcome, Unit
from app.core.config import ROOT
from app.deadlines.rules.deadlines import Limit
from app.deadlines.rules.rulebook import RuleBook, Scheme, level_of, profile_of, scheme_of
from app.seeding.files import read_files
from app.seeding.papers import check_papers, papers_in
from tests.support.rulebook import row

PAPERS = papers_in(read_files(ROOT / "seeds"))


PROFILES = [profile_of(row(content)) for content in PAPERS["profiles"]]
SCHEMES = [scheme_of(row(content)) for content in PAPERS["schemes"]]
BOOK = RuleBook([], PROFILES, SCHEMES)

WD, M, D = Unit.WORKING_DAYS, Unit.MONTHS, Unit.DAYS
A, R, S = CountFrom.DISPATCH, CountFrom.RECEIPT, CountFrom.SUBMISSION
REPLY, RATED, BACK = CountFrom.REPLY, CountFrom.EVALUATION, CountFrom.RETURN
K = LimitKind

TABLE = {  # the table of the field, row by row
    "national-npc-2025": {K.REPLY: (3, M, A), K.LONGEST_REPLY: (6, M, A)},
    "henan-npc-2017": {
        K.OBJECTION: (10, WD, A), K.REDISPATCH: (10, WD, BACK), K.CO_OPINION: (2, M, R),
        K.REPLY: (3, M, R), K.LONGEST_REPLY: (6, M, R), K.FEEDBACK: (10, WD, REPLY),
        K.REHANDLING: (1, M, RATED),
    },
    "cppcc-common-practice": {
        K.OBJECTION: (10, WD, A), K.REDISPATCH: (10, WD, BACK), K.CO_OPINION: (2, M, R),
        K.REPLY: (3, M, R), K.LONGEST_REPLY: (6, M, R), K.FEEDBACK: (10, WD, REPLY),
        K.REHANDLING: (1, M, RATED),
    },
    "shandong-npc-2017": {
        K.DISPATCH: (5, D, S), K.OBJECTION: (5, D, R), K.CO_OPINION: (1, M, R),
        K.REPLY: (3, M, A), K.LONGEST_REPLY: (6, M, A), K.REHANDLING: (1, M, RATED),
    },
    "qingdao-npc-2021": {
        K.DISPATCH: (5, WD, S), K.OBJECTION: (5, WD, R), K.CO_OPINION: (1, M, R),
        K.REPLY: (3, M, A), K.LONGEST_REPLY: (6, M, A),
    },
    "beijing-npc-2014": {
        K.REPLY: (3, M, A), K.LONGEST_REPLY: (6, M, A), K.FEEDBACK: (15, WD, REPLY),
        K.REHANDLING: (2, M, RATED),
    },
    "shanghai-npc-2015": {
        K.DISPATCH: (7, WD, S), K.OBJECTION: (7, WD, R), K.CO_OPINION: (1, M, R),
        K.REPLY: (3, M, A), K.LONGEST_EXTENSION: (3, M, CountFrom.START),
        K.REHANDLING: (1, M, RATED),
    },
    "zhejiang-npc-2016": {
        K.DISPATCH: (7, D, S), K.OBJECTION: (10, D, R), K.CO_OPINION: (2, M, R),
        K.REPLY: (3, M, R), K.LONGEST_REPLY: (6, M, R), K.REHANDLING: (1, M, RATED),
    },
    "chongqing-npc-2017": {
        K.DISPATCH: (10, WD, S), K.OBJECTION: (10, WD, A), K.REDISPATCH: (10, WD, BACK),
        K.CO_OPINION: (30, WD, A), K.CO_OPINION_AGAIN: (5, WD, BACK), K.REPLY: (3, M, A),
        K.LONGEST_REPLY: (6, M, A), K.FEEDBACK: (20, WD, REPLY), K.REHANDLING: (2, M, RATED),
    },
    "sichuan-government-cppcc": {
        K.REPLY: (5, M, R), K.REPLY_IN_RECESS: (3, M, R), K.LONGEST_REPLY: (6, M, R),
        K.REHANDLING: (3, M, RATED),
    },
    "sichuan-government-npc": {
        K.REPLY: (3, M, R), K.LONGEST_REPLY: (6, M, R), K.REHANDLING: (3, M, RATED),
    },
}  # fmt: skip


@pytest.mark.parametrize("slug", TABLE)
def test_each_row_of_the_table_of_places(slug):
    common = slug == "cppcc-common-practice"
    wanted = {kind: Limit(*told, is_common=common) for kind, told in TABLE[slug].items()}
    wanted[K.PUBLICATION] = Limit(20, WD, REPLY)
    profile = BOOK.profile(slug)
    assert {kind: profile.limit(kind) for kind in K if profile.limit(kind)} == wanted


def test_fixed_dates_go_by_origin():
    city = BOOK.profile("city-fixed-dates")
    days = [city.limit(K.REPLY, level) for level in ("provincial", "city", "national")]
    assert [(limit.month, limit.day) for limit in days] == [(4, 16), (5, 10), (6, 30)]
    assert city.limit(K.OBJECTION) == Limit(3, WD)
    assert city.limit(K.REPLY_IN_RECESS) == Limit(3, M)


def test_no_row_is_left_out():
    assert {profile.slug for profile in PROFILES} == {*TABLE, "city-fixed-dates"}
    assert list(check_papers(PAPERS)) == []


@pytest.mark.parametrize(
    ("region", "kind", "slug"),
    [
        ("410100", "cppcc_proposal", "cppcc-common-practice"),
        ("410100", "npc_bill", "henan-npc-2017"),
        ("000000", "npc_suggestion", "national-npc-2025"),
        ("000000", "cppcc_proposal", "cppcc-common-practice"),
        ("370100", "public_opinion", "cppcc-common-practice"),
        ("370200", "npc_suggestion", "qingdao-npc-2021"),
        ("370100", "npc_suggestion", "shandong-npc-2017"),
        ("510100", "cppcc_proposal", "sichuan-government-cppcc"),
        ("510100", "npc_suggestion", "sichuan-government-npc"),
        ("990000", "npc_suggestion", "henan-npc-2017"),
    ],
)
def test_the_closest_profile_is_chosen(region, kind, slug):
    assert BOOK.choose(region, kind, None).slug == slug


def test_a_profile_for_one_session_wins_and_the_newest_edition_holds():
    fixed = dict(next(r for r in PAPERS["profiles"] if r["slug"] == "city-fixed-dates"))
    own = profile_of(row(fixed | {"sessions": ["s"], "reference": "x@1"}))
    newer = profile_of(row(fixed | {"sessions": ["s"], "reference": "x@2", "edition": 2}))
    book = RuleBook([], [*PROFILES, newer, own], SCHEMES)
    assert book.choose("410100", "npc_suggestion", "s") is newer
    assert book.choose("410100", "npc_suggestion", "t").slug == "henan-npc-2017"
    assert book.profile("city-fixed-dates") is newer
    assert RuleBook([], [], []).choose("410100", "npc_suggestion", None) is None


def test_levels_follow_the_code_of_the_region():
    assert [level_of(code) for code in ("000000", "410000", "410100", "410105")] == [
        "national", "provincial", "city", "city",
    ]  # fmt: skip


O = ReplyOutcome  # noqa: E741
LABELS = {
    "abcd_common": {"A": {O.RESOLVED}, "B": {O.IN_PROGRESS, O.PLANNED}, "C": {O.DEFERRED},
                    "D": {O.FOR_REFERENCE}},
    "abcd_planned_is_c": {"A": {O.RESOLVED}, "B": {O.IN_PROGRESS}, "C": {O.PLANNED},
                          "D": {O.FOR_REFERENCE, O.NOT_FEASIBLE}},
    "abc_partly_b": {"A": {O.RESOLVED}, "B": {O.PARTLY_RESOLVED, O.PLANNED},
                     "C": {O.FOR_REFERENCE, O.NOT_FEASIBLE}},
    "abc_adopted": {"A": {O.RESOLVED}, "B": {O.PLANNED},
                    "C": set(O) - {O.RESOLVED, O.PLANNED}},
    "jia_yi_bing": {"甲": {O.RESOLVED}, "乙": {O.IN_PROGRESS, O.PLANNED}, "丙": {O.DEFERRED}},
    "chongqing": {"A": {O.RESOLVED}, "B": {O.IN_PROGRESS}, "C": {O.NOT_FEASIBLE},
                  "D": {O.REFERRED_UP}},
}  # fmt: skip


@pytest.mark.parametrize("slug", LABELS)
def test_labels_convert_both_ways(slug):
    scheme = BOOK.scheme(slug)
    assert {label: set(known) for label, known in scheme.outcomes.items()} == LABELS[slug]
    for label, outcomes in LABELS[slug].items():
        assert {scheme.label_of(outcome) for outcome in outcomes} == {label}
        alone = next(iter(outcomes)) if len(outcomes) == 1 else None
        assert scheme.outcome_of(label) == alone
    for outcome in set(O) - set().union(*LABELS[slug].values()):
        assert scheme.label_of(outcome) is None
    assert scheme.outcome_of("Z") is None


def test_a_later_edition_of_the_letters_comes_with_one_of_the_profile():
    later = [
        Scheme(f"{slug}@2", slug, 2, slug == "abcd_common", [{"label": "A", "rest": True}])
        for slug in ("abcd_common", "chongqing")
    ]
    henan, chongqing = BOOK.profile("henan-npc-2017"), BOOK.profile("chongqing-npc-2017")
    named = replace(chongqing, reference="chongqing-npc-2017@2", label_scheme="chongqing@2")
    book = RuleBook([], [henan, chongqing, named], [*BOOK.schemes.values(), *later])
    assert book.scheme_for(henan).reference == "abcd_common@1"
    assert book.scheme_for(chongqing).reference == "chongqing@1"
    assert book.scheme_for(named).reference == "chongqing@2"


def test_a_promise_of_chongqing_needs_its_date():
    assert BOOK.scheme("chongqing").needs_date("B")
    assert not BOOK.scheme("chongqing").needs_date("A")
    assert BOOK.scheme_for(BOOK.profile("chongqing-npc-2017")).slug == "chongqing"
    assert BOOK.scheme_for(BOOK.profile("henan-npc-2017")).slug == "abcd_common"


@pytest.mark.parametrize(
    ("kind", "change", "told"),
    [
        ("calendars", {"rest": [{"from": "2014-12-31", "to": "2015-01-03"}]}, "no span"),
        ("calendars", {"work": [{"on": "2015-01-05", "holiday": "节"}]}, "no Saturday"),
        ("calendars", {"rest": [{"from": "2015-01-03", "to": "2015-01-04"}]}, "off and worked"),
        ("profiles", {"kinds": ["nothing"]}, "nothing is no ProposalKind"),
        ("profiles", {"label_scheme": "nothing"}, "no label scheme nothing"),
        ("profiles", {"limits": {"reply": {"amount": 0, "unit": "days"}}}, "empty"),
        ("profiles", {"limits": {"reply": {"unit": "fixed", "dates": {}}}}, "each of"),
        ("schemes", {"labels": [{"label": "A", "outcomes": ["x"]}]}, "x is no outcome"),
    ],
)
def test_a_wrong_paper_is_told(kind, change, told):
    wrong = {**PAPERS, kind: [PAPERS[kind][0] | change, *PAPERS[kind][1:]]}
    assert any(told in sentence for sentence in check_papers(wrong))
    assert any("twice" in s for s in check_papers({**PAPERS, kind: PAPERS[kind] * 2}))
