"""Categories of proposals, their schemes with editions, the ledger of a session, and marks."""

from datetime import UTC, date, datetime
from urllib.parse import urlsplit

import pytest

from app.core.codes import Role
from app.core.config import ROOT
from app.history.queries.written_words import find_words
from app.register.people.services.reforms import (
    Reform,
    end_organization,
    rename_organization,
)
from app.seeding.category_schemes import names_of_nothing
from app.seeding.checks import check_seeds
from app.seeding.files import read_seeds
from app.seeding.loader import load_seeds
from tests.support.casework import V1, told_anew, took, version_of, whole
from tests.support.drafts import SESSION, content, enter, filed, one
from tests.support.factories import make_actor, organization
from tests.support.problems import told

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.one_database]

FIELDS, GOVERNMENT = "five_fields@1", "government@1"


@pytest.fixture
def case(callers, people):
    """Give the path of a case that was filed, in no category."""
    draft = enter(callers, content(people))
    filed(callers, draft, case_no="0101")
    return one(draft)


def edit(callers, path, who="registrar", **body):
    caller = callers[who]
    return caller.patch(path, body, version_of(callers["registrar"], path))


def named(record):
    return [f"{found['scheme']}:{found['code']}" for found in record["categories"]]


def history(caller, path):
    return caller.get(f"{path}/history?limit=100").get_json()["items"]


def test_the_schemes_are_read_as_they_stand(client):
    [fields] = client.get(f"{V1}/category-schemes?slug=five_fields").get_json()["items"]
    assert (fields["reference"], fields["is_default"], fields["bodies"]) == (FIELDS, True, [])
    assert [found["label_zh"] for found in fields["categories"]] == [
        "经济建设", "政治建设", "文化建设", "社会建设", "生态文明建设",
    ]  # fmt: skip
    assert "通例" in fields["source"]
    assert len(client.get(f"{V1}/category-schemes").get_json()["items"]) == 2


def test_a_draft_is_sorted_as_it_is_entered(callers, people, database):
    draft = enter(callers, content(people, categories=["经济建设", "urban"]))
    assert named(draft) == [f"{FIELDS}:economy", f"{GOVERNMENT}:urban"]
    assert draft["categories"][0]["label_zh"] == "经济建设"
    last = history(callers["registrar"], one(draft))[-1]
    assert last["operation"] == "proposal.categorised"
    assert "经济建设（五位一体）" in last["story_zh"]
    assert "urban construction" in last["story_en"]
    whole(database)


def test_what_has_no_category_gets_one_without_a_reason_and_loses_it_with_one(
    callers, case, database
):
    told(edit(callers, case, who="industry", categories=["economy"]), 404)
    first = took(edit(callers, case, categories=["economy"]))
    assert named(first) == [f"{FIELDS}:economy"]
    told(edit(callers, case, categories=["society"]), 422, "note")
    told(edit(callers, case, categories=[]), 422, "note")
    assert named(took(edit(callers, case, categories=["economy", "财贸金融"]))) == [
        f"{FIELDS}:economy",
        f"{GOVERNMENT}:finance",
    ]
    changed = took(edit(callers, case, categories=["社会建设"], note="分类有误"))
    assert named(changed) == [f"{FIELDS}:society"]
    last = history(callers["registrar"], case)[-1]
    assert last["note"] == "分类有误"
    assert last["story_zh"].startswith("归类：社会建设（五位一体）")
    assert "不再归入：经济建设（五位一体）、财贸金融（政府承办分类）" in last["story_zh"]
    assert "no longer in the categories: economic construction" in last["story_en"]
    assert named(took(edit(callers, case, categories=[], note="暂不分类"))) == []
    whole(database)


def test_the_same_categories_again_change_nothing(callers, case):
    before = took(edit(callers, case, categories=["urban", "economy"]))
    again = took(edit(callers, case, categories=["five_fields:经济建设", "城市建设"]))
    assert again["version"] == before["version"]


WRONG = {
    "经济建社": ("economy", "经济建设"),
    "ecconomy": ("economy", "经济建设"),
    "量子纠缠": ("five_fields", "财贸金融"),
    "government:economy": ("economy", "经济建设"),
    "none": ("five_fields", "五位一体"),
}


@pytest.mark.parametrize("word", WRONG)
def test_a_word_that_is_none_is_refused_with_the_words_that_are(callers, case, word):
    caller = callers["registrar"]
    version = version_of(caller, case)
    for language, expected in zip(("en", "zh"), WRONG[word], strict=True):
        caller.headers["Accept-Language"] = language
        answer = caller.patch(case, {"categories": [word]}, version)
        told(answer, 422, "categories.0")
        assert expected in answer.text
    assert named(caller.get(case).get_json()) == []


def test_a_proposal_has_one_category_of_a_scheme(callers, case):
    answer = edit(callers, case, categories=["economy", "society"])
    told(answer, 422, "categories.1")
    assert named(took(edit(callers, case, categories=["economy", "经济建设"]))) == [
        f"{FIELDS}:economy"
    ]


def ids(client, query):
    answer = client.get(f"{V1}/proposals?{query}&limit=200")
    assert answer.status_code == 200, answer.text
    return {row["id"] for row in answer.get_json()["items"]}


def test_lists_are_asked_for_by_category_or_for_what_has_none(callers, case, client):
    took(edit(callers, case, categories=["economy"], publication="published"))
    number = int(case.rpartition("/")[2])
    for word in ("economy", "经济建设", "five_fields:economy", "five_fields@1:economy"):
        assert ids(client, f"category={word}") == {number}
    assert ids(client, "category=society") == set()
    assert ids(client, "category=society&category=economy") == {number}
    every = ids(client, "")
    assert ids(client, "category=none") == every - {number}
    assert ids(client, "category=five_fields:none") == every - {number}
    assert number in ids(client, "category=government:none")
    for word in ("econmy", "nothing:none", "five_fields@2:economy"):
        told(client.get(f"{V1}/proposals?category={word}"), 422, "category")
    assert "economy" in client.get(f"{V1}/proposals?category=econmy").text
    listed = client.get(f"{V1}/proposals?category=economy").get_json()["items"]
    assert named(listed[0]) == [f"{FIELDS}:economy"]


GIVEN = {"kind": "excellent", "given_by": "zhengzhou-npc", "paper": "郑人常〔2026〕5号"}


def mark(callers, path, who="registrar", **body):
    caller = callers[who]
    version = version_of(callers["registrar"], path)
    return caller.post(f"{path}/marks", {**GIVEN, **body}, version)


def taken_back(callers, path, **body):
    caller = callers["registrar"]
    asked = {"kind": "excellent", "stands": False, **body}
    return caller.post(f"{path}/marks", asked, version_of(caller, path))


def test_a_mark_is_given_once_and_taken_back_with_a_reason(callers, proposal, client, database):
    told(mark(callers, proposal, who="industry"), 403)
    marked = took(mark(callers, proposal, on="2026-03-01", note="年度评选"))
    [found] = marked["marks"]
    assert (found["kind"], found["on"], found["note"]) == ("excellent", "2026-03-01", "年度评选")
    assert (found["given_by"]["slug"], found["paper"]) == ("zhengzhou-npc", GIVEN["paper"])
    assert client.get(proposal).get_json()["marks"] == [found]
    number = marked["id"]
    assert ids(client, "mark=excellent") == {number}
    assert ids(client, "mark=well_handled") == set()
    again = mark(callers, proposal)
    assert told(again, 409)["type"].endswith("/already-given")
    took(mark(callers, proposal, kind="well_handled"))
    told(taken_back(callers, proposal), 422, "note")
    told(taken_back(callers, proposal, on="2026-02-28", note="误评"), 422, "on")
    left = took(taken_back(callers, proposal, note="误评"))
    assert [one["kind"] for one in left["marks"]] == ["well_handled"]
    told(taken_back(callers, proposal, note="误评"), 409)
    assert ids(client, "mark=excellent") == set()
    took(mark(callers, proposal))
    stories = [event["story_zh"] for event in history(client, proposal)]
    assert any("评为“优秀”：年度评选，日期 2026-03-01，依据：郑人常" in one for one in stories)
    assert any("撤销“优秀”，理由：误评" in one for one in stories)
    whole(database)


def test_what_a_mark_lacks_is_named(callers, proposal, case, people):
    caller = callers["registrar"]
    bare = caller.post(f"{proposal}/marks", {"kind": "excellent"}, version_of(caller, proposal))
    told(bare, 422, "given_by")
    told(bare, 422, "paper")
    unknown = mark(callers, proposal, given_by="zhengzhou-npcc")
    told(unknown, 422, "given_by")
    told(mark(callers, proposal, on="2026-03-03"), 422, "on")
    told(mark(callers, proposal, kind="best"), 422, "kind")
    draft = enter(callers, content(people, text="另一件。", recommendations=[], title="另一件"))
    told(mark(callers, one(draft)), 409)


def test_the_past_has_the_categories_and_marks_of_then(callers, proposal):
    caller = callers["registrar"]
    took(edit(callers, proposal, categories=["economy"]))
    then = took(mark(callers, proposal))["updated_at"]
    took(taken_back(callers, proposal, note="误评"))
    took(edit(callers, proposal, categories=["society"], note="分类有误"))
    past = took(caller.get(f"{proposal}?as_of={then.replace('+', '%2B')}"))
    assert named(past) == [f"{FIELDS}:economy"]
    assert [one["kind"] for one in past["marks"]] == ["excellent"]
    now = took(caller.get(proposal))
    assert (named(now), now["marks"]) == ([f"{FIELDS}:society"], [])


def counts_in(line):
    yield line
    yield from line["states"]
    yield line["key"]
    yield line["excellent"]


def listed(caller, address):
    parts = urlsplit(address)
    found = caller.get(f"{parts.path}?{parts.query}&with_total=true").get_json()
    return found["total"]


@pytest.mark.parametrize("who", ["registrar", "industry", None])
def test_each_number_of_the_ledger_is_that_of_its_list(callers, case, proposal, client, who):
    took(edit(callers, case, categories=["economy", "urban"], is_key=True))
    took(mark(callers, case))
    of_public = took(edit(callers, proposal, categories=["society"], publication="published"))
    took(mark(callers, proposal))
    caller = callers[who] if who else client
    inside = who == "registrar"
    ledger = ledger_of(caller, SESSION)
    assert counted(ledger, "economy") == ((1, 1, 1) if inside else (0, 0, 0))
    public = ledger_of(caller, of_public["session"]["slug"])
    assert counted(public, "society") == (1, 0, 1)
    told(caller.get(f"{V1}/sessions/nothing/ledger"), 404)


def ledger_of(caller, session):
    """Return the ledger of a session, each of whose numbers is the length of its list."""
    ledger = took(caller.get(f"{V1}/sessions/{session}/ledger"))
    lines = [ledger["all"], *(line for each in ledger["schemes"] for line in each["lines"])]
    numbers = {count["list"]: count["number"] for line in lines for count in counts_in(line)}
    assert len(numbers) > 20
    assert {address: listed(caller, address) for address in numbers} == numbers
    assert ledger["all"]["number"] > 0
    for line in lines:
        assert sum(state["number"] for state in line["states"]) == line["number"]
    for scheme in ledger["schemes"]:
        assert sum(line["number"] for line in scheme["lines"]) == ledger["all"]["number"]
    return ledger


def counted(ledger, code):
    """Return how many cases a category of the first scheme has, how many key and excellent."""
    lines = [line for line in ledger["schemes"][0]["lines"] if line["category"]]
    [line] = [line for line in lines if line["category"]["code"] == code]
    return line["number"], line["key"]["number"], line["excellent"]["number"]


CITY = {
    "slug": "city",
    "name_zh": "本市分类",
    "name_en": "The city's own",
    "source": "本市提案工作条例",
    "categories": [
        {"code": "transport", "label_zh": "交通", "label_en": "Transport"},
        {"code": "other", "label_zh": "其他", "label_en": "Other"},
    ],
}


def load(database, *schemes):
    """Load further schemes of the bodies at whose sessions cases of the tests are made."""
    seeds = read_seeds(ROOT / "seeds")
    bodies = sorted({sitting["body"] for sitting in seeds.sessions})
    seeds.papers["category_schemes"] += [
        {"bodies": bodies, **CITY, **scheme, "reference": f"city@{scheme['edition']}"}
        for scheme in schemes
    ]
    assert check_seeds(seeds) == []
    outcome = database.write(lambda session: load_seeds(session, seeds, lambda: None))
    assert outcome.created == {"category_scheme": 1}


def test_a_city_adds_its_own_scheme_and_a_further_edition_by_file(callers, case, database):
    before = took(edit(callers, case, categories=["economy"]))
    load(database, {"edition": 1})
    wrong = edit(callers, case, categories=["economy", "urban"], note="改用本市分类")
    assert told(wrong, 422, "categories.1")["errors"][0]["field"] == "categories.1"
    assert "transport (Transport)" in wrong.text
    sorted_anew = took(edit(callers, case, categories=["交通"], note="改用本市分类"))
    assert named(sorted_anew) == ["city@1:transport"]
    renamed = {**CITY["categories"][0], "label_zh": "交通运输"}
    load(database, {"edition": 1}, {"edition": 2, "categories": [renamed]})
    kept = took(callers["registrar"].get(case))
    assert (named(kept), kept["categories"][0]["label_zh"]) == (["city@1:transport"], "交通")
    ledger = took(callers["registrar"].get(f"{V1}/sessions/{SESSION}/ledger"))
    [city] = [each for each in ledger["schemes"] if each["scheme"] == "city"]
    lines = [(line["category"] or {}).get("scheme") for line in city["lines"]]
    assert lines == ["city@1", "city@1", "city@2", None]
    assert sum(line["number"] for line in city["lines"]) == ledger["all"]["number"]
    moved = took(edit(callers, case, categories=["交通运输"], note="改用新版"))
    assert moved["categories"][0] == {"scheme": "city@2", "code": "transport",
                                      "label_zh": "交通运输", "label_en": "Transport"}  # fmt: skip
    assert moved["version"] > before["version"]
    whole(database)
    told_anew(database)


def test_bodies_and_sessions_of_a_scheme_stand_in_the_files_or_in_the_register(database):
    seeds = read_seeds(ROOT / "seeds")
    own = {**CITY, "edition": 1, "reference": "city@1", "bodies": ["nowhere"], "sessions": ["x"]}
    seeds.papers["category_schemes"].append(own)
    assert check_seeds(seeds) == []
    found = database.examine(lambda session: names_of_nothing(session, seeds))
    assert [problem.rpartition(" ")[2] for problem in found] == ["nowhere", "x"]
    own |= {"bodies": ["zhengzhou-npc"], "sessions": [SESSION]}
    seeds.organizations = []
    assert database.examine(lambda session: names_of_nothing(session, seeds)) == []


def test_words_of_a_mark_that_are_withheld_or_erased_are_read_nowhere(
    callers, proposal, client, database
):
    took(mark(callers, proposal, note="某某的家庭情况"))
    sequence = history(client, proposal)[-1]["sequence"]
    withheld = {"kind": "note", "target_id": sequence, "reason": "误写"}
    took(callers["registrar"].post(f"{V1}/withholdings", withheld))
    [shown] = client.get(proposal).get_json()["marks"]
    assert (shown["kind"], shown["note"], shown["paper"]) == ("excellent", None, None)
    assert "评为“优秀”" in history(client, proposal)[-1]["story_zh"]
    assert "家庭情况" not in client.get(f"{proposal}/history").text
    [inside] = callers["registrar"].get(proposal).get_json()["marks"]
    assert inside["note"] == "某某的家庭情况"
    found = database.read(lambda session: find_words(session, "家庭情况").places)
    assert {place["table"] for place in found} == {"proposal_marks", "events"}
    whole(database)


def test_a_body_that_is_called_otherwise_or_ends_leaves_marks_and_ledgers_as_they_were(
    callers, proposal, database
):
    took(edit(callers, proposal, categories=["economy"]))
    took(mark(callers, proposal, given_by="zhengzhou-data", on="2026-03-01"))
    database.write(renamed_and_ended)
    found = took(callers["registrar"].get(proposal))
    [shown] = found["marks"]
    assert shown["given_by"]["name_zh"] == "郑州市大数据管理局"
    told(mark(callers, proposal, kind="well_handled", given_by="zhengzhou-data"), 422, "given_by")
    took(mark(callers, proposal, kind="well_handled", given_by="zhengzhou-data", on="2026-03-01"))
    ledger = took(callers["registrar"].get(f"{V1}/sessions/{found['session']['slug']}/ledger"))
    assert ledger["all"]["excellent"]["number"] == 1
    whole(database)


def renamed_and_ended(session):
    """Call an office otherwise, and let it end in another one, on the 2nd of March."""
    registrar = make_actor(session, Role.REGISTRAR)
    office = organization(session, "zhengzhou-data")
    above = organization(session, "zhengzhou-development-reform")
    reform = Reform(date(2026, 3, 2), datetime(2026, 3, 1, 16, tzinfo=UTC), "机构改革方案")
    rename_organization(session, registrar, office, {"name_zh": "郑州市数据局"}, reform)
    end_organization(session, registrar, office, [above], reform)
