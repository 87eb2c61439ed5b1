"""Which schemes of categories hold where, what their words mean, and what a file must say."""

import copy
from datetime import date
from types import SimpleNamespace

import pytest

from app.core.config import ROOT
from app.deadlines.queries import classification_of
from app.deadlines.rules.categories import CategoryOptions, Classifications, Origin
from app.seeding.category_schemes import check_category_schemes
from app.seeding.files import read_seeds
from app.seeding.papers import category_schemes_in

SEEDS = read_seeds(ROOT / "seeds")
FILE = SEEDS.papers["category_schemes"]
USUAL = {"bodies": [], "kinds": [], "sessions": [], "holds_from": None, "is_default": False}
CITY = {
    "slug": "city",
    "edition": 1,
    "name_zh": "本市分类",
    "name_en": "The city's own",
    "source": "市政协提案工作条例",
    "bodies": ["zhengzhou-cppcc"],
    "categories": [
        {"code": "transport", "label_zh": "交通", "label_en": "Transport"},
        {"code": "other", "label_zh": "其他", "label_en": "Other"},
    ],
}


def editions(*more):
    rows = [{**USUAL, **row, "reference": f"{row['slug']}@{row['edition']}"} for row in more]
    return Classifications(classification_of(SimpleNamespace(**{**USUAL, **r})) for r in rows)


def holding(known, origin):
    return [one.reference for one in known.holding(origin)]


def test_two_schemes_hold_side_by_side_where_no_body_has_its_own():
    known = editions(*FILE)
    assert holding(known, Origin("npc_suggestion", "zhengzhou-npc", "x", None)) == [
        "five_fields@1",
        "government@1",
    ]
    assert holding(known, Origin("plenary_speech")) == ["five_fields@1"]


def test_a_body_that_a_scheme_names_has_only_those_that_name_it():
    known = editions(*FILE, CITY)
    assert holding(known, Origin("cppcc_proposal", "zhengzhou-cppcc")) == ["city@1"]
    assert holding(known, Origin("cppcc_proposal", "henan-cppcc"))[0] == "five_fields@1"
    beside = {**FILE[0], "edition": 2, "is_default": False, "bodies": ["zhengzhou-cppcc"]}
    known = editions(*FILE, CITY, beside)
    assert holding(known, Origin("cppcc_proposal", "zhengzhou-cppcc")) == [
        "city@1",
        "five_fields@2",
    ]
    assert holding(known, Origin("cppcc_proposal", "henan-cppcc"))[0] == "five_fields@1"


def test_a_further_edition_holds_from_the_first_session_of_its_day():
    later = {**CITY, "edition": 2, "holds_from": date(2027, 1, 1)}
    known = editions(CITY, later)

    def at(day):
        return holding(known, Origin("cppcc_proposal", "zhengzhou-cppcc", "x", day))

    assert at(date(2026, 12, 31)) == at(None) == ["city@1"]
    assert at(date(2027, 1, 1)) == ["city@2"]
    named = {**CITY, "edition": 3, "sessions": ["y"]}
    known = editions(CITY, later, named)
    assert at(date(2027, 1, 1)) == ["city@2"]
    assert holding(known, Origin("cppcc_proposal", "zhengzhou-cppcc", "y")) == ["city@3"]


def options(known, origin, present=()):
    return CategoryOptions(known, known.holding(origin), present)


def test_what_a_proposal_is_in_keeps_its_edition_until_another_is_asked_for():
    known = editions(CITY, {**CITY, "edition": 2})
    found = options(known, Origin("cppcc_proposal", "zhengzhou-cppcc"), ["city@1:transport"])
    assert found.chosen(["交通"]) == ["city@1:transport"]
    assert found.chosen(["city@2:交通"]) == ["city@2:transport"]
    assert found.chosen(["other"]) == ["city@2:other"]


def test_a_word_of_another_scheme_names_that_and_the_right_words():
    known = editions(*FILE, CITY)
    [(number, (zh, en))] = options(known, Origin("cppcc_proposal", "zhengzhou-cppcc")).mistakes(
        ["经济建设"]
    )
    assert number == 0
    assert "属于五位一体" in zh
    assert "本市分类：交通（transport）" in zh
    assert "Five fields of construction" in en
    assert "city: transport (Transport)" in en


def test_a_word_of_two_schemes_must_say_which():
    twin = {**CITY, "slug": "twin"}
    found = options(editions(CITY, twin), Origin("cppcc_proposal", "zhengzhou-cppcc"))
    [(_, (zh, en))] = found.mistakes(["交通"])
    assert "city:transport" in zh
    assert "twin:transport" in en
    assert found.chosen(["twin:交通", "city:other"]) == ["city@1:other", "twin@1:transport"]


def test_where_no_scheme_holds_nothing_can_be_chosen():
    [(_, (zh, en))] = options(editions(CITY), Origin("cppcc_proposal", "henan-cppcc")).mistakes(
        ["交通"]
    )
    assert "没有适用的分类表" in zh
    assert "no scheme holds" in en


WRONG = {
    "lacks a source": ({"source": None}, "source"),
    "a blank source": ({"source": " "}, "source"),
    "a field too many": ({"colour": "red"}, "colour"),
    "an edition in words": ({"edition": "one"}, "edition"),
    "a kind that is none": ({"kinds": ["letter"]}, "there is no letter"),
    "a day in words": ({"holds_from": "2027"}, "holds_from"),
    "holding nowhere": ({"bodies": []}, "holds nowhere"),
    "a default with bodies": ({"is_default": True}, "names no body"),
    "no categories": ({"categories": []}, "categories"),
    "a category without a label": ({"categories": [{"code": "a"}]}, "categories"),
    "a label with a colon": (
        {"categories": [{"code": "a", "label_zh": "甲:乙", "label_en": "A"}]},
        "categories",
    ),
    "a code that is none": (
        {"categories": [{"code": "none", "label_zh": "无", "label_en": "No"}]},
        "is not none",
    ),
    "one word of two": (
        {"categories": [*CITY["categories"], {**CITY["categories"][0], "code": "roads"}]},
        "share the word",
    ),
    "an edition left out": ({"edition": 2}, "not one after another"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_with_a_scheme_is_told_by_name(name):
    change, said = WRONG[name]
    seeds = copy.deepcopy(SEEDS)
    scheme = {n: v for n, v in {**CITY, **change}.items() if v is not None}
    seeds.papers["category_schemes"].append(scheme | {"reference": "city@1"})
    found = list(check_category_schemes(seeds))
    assert any(said in problem and "category scheme city" in problem for problem in found), found
    seeds.papers["category_schemes"][-1] = CITY | {"reference": "city@1"}
    assert list(check_category_schemes(seeds)) == []


def test_a_folder_of_an_earlier_release_has_no_such_file():
    assert category_schemes_in({}) == []
