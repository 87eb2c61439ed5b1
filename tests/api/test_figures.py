"""Figures agree with their lists, for whoever asks, however they are broken down."""

import random
from datetime import date
from xml.etree import ElementTree

import pytest

from app.core.codes import Role
from app.register.counting.queries.dimensions import DIMENSIONS
from app.register.counting.queries.parts import PARTS
from app.register.counting.rules.figure import Dimension, Viewers
from app.register.counting.rules.figures import BY_ID, FIGURES
from tests.support.casework import V1, took
from tests.support.factories import INDUSTRY, Caller, make_caller

FIGURE = f"{V1}/figures"


@pytest.fixture
def planted(planted, today):
    """Give the case in which offices wrote everything, a month after its promise was due."""
    today["day"] = date(2027, 2, 1)
    return planted


def length(caller, address):
    """Return how many records the list at *address* has."""
    shown = took(caller.get(f"{address}&limit=1&with_total=true"))
    assert shown["total_is_exact"]
    return shown["total"]


def measured(shown):
    """Yield every number of a figure with the address of its list."""
    for one in (shown, *shown["groups"], *shown["over_time"]):
        for part in one["parts"]:
            yield part["number"], part["list"]


def check(caller, shown):
    """Check that each number of a figure is the length of its list."""
    for number, address in measured(shown):
        assert length(caller, address) == number, address


def may_ask(name, figure):
    inside = name in ("a supervisor", "a registrar")
    own = figure.viewers is Viewers.HANDLERS and name in ("its office", "another office")
    return figure.viewers is Viewers.EVERYONE or inside or own


def test_every_part_has_its_conditions_and_every_condition_its_part():
    named = {f"{figure.id}.{part}" for figure in FIGURES for part in figure.parts}
    assert named == set(PARTS)
    for figure in FIGURES:
        assert figure.is_share == ("denominator" in figure.parts)


def test_each_number_is_that_of_its_list_for_everybody(planted, readers):
    kinds = "specificity=concrete&specificity=directional"
    asked = [(figure, *reader) for figure in FIGURES for reader in readers.items()]
    for figure, name, caller in asked:
        answer = caller.get(f"{FIGURE}/{figure.id}?by=session&{kinds}")
        if not may_ask(name, figure):
            assert answer.status_code == (401 if name == "anyone" else 403)
            continue
        shown = took(answer)
        check(caller, {**shown, "groups": []})
        assert shown["definition"]["id"] == figure.id
        numbers = {part["code"]: part["number"] for part in shown["parts"]}
        assert list(numbers) == list(figure.parts)
        if figure.is_share:
            above, below = numbers["numerator"], numbers["denominator"]
            assert 0 <= above <= below
            assert shown["rate"] == (round(above / below, 4) if below else None)
        for part in numbers:
            by_group = [
                one["number"] for group in shown["groups"] for one in group["parts"]
                if one["code"] == part
            ]  # fmt: skip
            assert sum(by_group) == numbers[part]


def test_the_seeds_and_one_case_have_the_numbers_that_are_known(planted, readers):
    registrar = readers["a registrar"]
    known = {
        "reply_rate": {"numerator": 1, "denominator": 1},
        "closure_rate": {"numerator": 0, "denominator": 1},
        "on_time_reply_rate": {"numerator": 1, "denominator": 1, "undated": 0},
        "meeting_rate": {"numerator": 1, "denominator": 1},
        "feedback_return_rate": {"numerator": 1, "denominator": 1},
        "publication_rate": {"numerator": 1, "denominator": 1, "withheld": 0},
        "commitment_kept_rate": {"numerator": 0, "denominator": 1, "undated": 0},
        "satisfaction_rate_attitude": {"numerator": 1, "denominator": 1},
        "first_satisfaction_rate_result": {"numerator": 1, "denominator": 1},
        "implementation_rate_broad": {"numerator": 1, "denominator": 14},
        "implementation_rate_strict": {"numerator": 0, "denominator": 14},
        "reply_days": {"counted": 1},
        "open_days": {"counted": 0},
    }
    for name, numbers in known.items():
        shown = took(registrar.get(f"{FIGURE}/{name}"))
        assert {part["code"]: part["number"] for part in shown["parts"]} == numbers, name
    assert took(registrar.get(f"{FIGURE}/reply_days"))["median_days"] == 0


def test_random_questions_have_numbers_that_are_those_of_their_lists(planted, readers):
    chance = random.Random(7)
    names = list(readers)
    for _ in range(25):
        name = chance.choice(names)
        figure = chance.choice([one for one in FIGURES if may_ask(name, one)])
        by = chance.sample(list(DIMENSIONS[figure.unit]), chance.choice((1, 2)))
        if name not in ("a supervisor", "a registrar"):
            by = [one for one in by if one is not Dimension.OFFICE] or [Dimension.TAG]
        caller = readers[name]
        shown = took(caller.get(f"{FIGURE}/{figure.id}?by={','.join(by)}"))
        for group in chance.sample(shown["groups"], min(2, len(shown["groups"]))):
            for part in group["parts"]:
                assert length(caller, part["list"]) == part["number"], part["list"]
        if shown["groups"]:
            inside = "&".join(f"within={w}" for w in chance.choice(shown["groups"])["within"])
            check(caller, took(caller.get(f"{FIGURE}/{figure.id}?{inside}")))


@pytest.mark.parametrize("by", ["tag", "session", "year"])
def test_a_group_of_what_is_within_another_of_its_kind_is_within_both(client, by):
    anyone = Caller(client)
    first = took(anyone.get(f"{FIGURE}/funnel?by={by}"))["groups"][0]["within"][0]
    shown = took(anyone.get(f"{FIGURE}/funnel?by={by}&within={first}"))
    assert shown["groups"]
    check(anyone, {**shown, "groups": shown["groups"][:4]})


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("by=weather", "by"),
        ("by=office,tag,session", "by"),
        ("within=weather:fine", "within"),
        ("within=session", "within"),
        ("within=session:no-such-session", "within"),
        ("within=month:2026-13", "within"),
        ("within=kind:poem", "within"),
        ("as_of=1950-01-01", "as_of"),
        ("as_of=2199-01-01", "as_of"),
        ("as_of=yesterday", "as_of"),
        ("months=99", "months"),
        ("specificity=vague", "specificity"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(client, query, field):
    answer = client.get(f"{FIGURE}/funnel?{query}")
    assert answer.status_code == 422
    assert field in {one["field"].split(".")[0] for one in answer.get_json()["errors"]}


def test_no_list_tells_what_a_figure_would_not(planted, readers):
    anyone, other = readers["anyone"], readers["another office"]
    part = "counted_in=feedback_return_rate.numerator"
    assert anyone.get(f"{V1}/replies?{part}").status_code == 401
    assert other.get(f"{V1}/replies?{part}").status_code == 403
    assert readers["a registrar"].get(f"{V1}/replies?{part}").status_code == 200
    assert anyone.get(f"{FIGURE}/funnel?by=office").status_code == 401
    assert other.get(f"{FIGURE}/funnel?by=office").status_code == 403
    assert anyone.get(f"{FIGURE}/no_such_figure").status_code == 404
    assert anyone.get(f"{V1}/proposals?counted_in=funnel.asked").status_code == 422


def test_forms_are_for_their_own_office_and_for_the_staff(planted, readers, client, database):
    for name, caller in readers.items():
        answer = caller.get(f"{V1}/evaluations")
        if name == "anyone":
            assert answer.status_code == 401
            continue
        forms = took(answer)["items"]
        assert len(forms) == (0 if name == "another office" else 1), name
        if forms:
            assert forms[0]["comment"] == "CANARY-RATING"
            assert forms[0]["office"]["slug"] == INDUSTRY
    took(planted.withhold("evaluation", who="registrar"))
    assert took(readers["a registrar"].get(f"{V1}/evaluations"))["items"][0]["withheld"]
    for name in ("a registrar", "its office", "another office"):
        shown = took(readers[name].get(f"{FIGURE}/satisfaction_rate_result"))
        check(readers[name], shown)
    assert (
        make_caller(client, database, Role.SYSTEM_ADMIN).get(f"{V1}/evaluations").status_code == 403
    )


@pytest.mark.one_database
def test_each_figure_is_drawn_with_its_numbers(planted, readers):
    registrar, anyone = readers["a registrar"], readers["anyone"]
    for figure in FIGURES:
        for query in ("", "?by=session", "?months=2" if figure.past else "?by=year"):
            answer = registrar.get(f"{FIGURE}/{figure.id}.svg{query}")
            assert answer.mimetype == "image/svg+xml"
            drawn = "".join(ElementTree.fromstring(answer.text).itertext())
            shown = took(registrar.get(f"{FIGURE}/{figure.id}{query}"))
            assert figure.name[1] in drawn  # the tests ask in English
            for part in shown["parts"]:
                assert f"{part['label_en']} {part['number']}" in drawn
        if figure.viewers is not Viewers.EVERYONE:
            assert anyone.get(f"{FIGURE}/{figure.id}.svg").status_code == 401
    stages = registrar.get(f"{FIGURE}/stages.svg").text
    assert "100%" not in stages, "each is a share of all, not of the first"


def test_the_list_of_figures_says_what_each_is(client):
    items = took(client.get(FIGURE))["items"]
    assert [item["id"] for item in items] == list(BY_ID)
    for item in items:
        assert item["formula_zh"]
        assert item["formula_en"]
        assert item["parts"]
        assert item["dimensions"]


def test_past_days_have_the_numbers_of_their_lists(lived):
    readers, days = lived
    chance = random.Random(11)
    told = [figure for figure in FIGURES if figure.past and figure.id != "stages"]
    for _ in range(20):
        name = chance.choice(list(readers))
        figure = chance.choice([one for one in told if may_ask(name, one)])
        day = chance.choice(days)
        shown = took(readers[name].get(f"{FIGURE}/{figure.id}?as_of={day}&by=session&months=1"))
        assert shown["as_of"] == str(day)
        check(readers[name], shown)


def test_what_came_later_is_not_counted_on_an_earlier_day(lived):
    readers, days = lived
    caller = readers["a registrar"]

    def verified_and_replied(day):
        funnel = took(caller.get(f"{FIGURE}/funnel?as_of={day}"))["parts"]
        kept = took(caller.get(f"{FIGURE}/promise_days?as_of={day}"))["parts"]
        numbers = {part["code"]: part["number"] for part in funnel}
        return numbers["asked"], kept[0]["number"]

    assert verified_and_replied(days[0])[1] == 0
    assert verified_and_replied(days[-1])[1] == 1
