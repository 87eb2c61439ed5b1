"""The page of a tag: offices, acceptance, percentages, lateness, promises, and over time."""

from datetime import date, timedelta
from statistics import median
from urllib.parse import quote

import pytest

from app.core import clock
from app.core.codes import Acceptance, CommitmentState, LeadStatus, OfficeRole, Progress, Role
from app.register.tags.queries import tag_figures, tag_series
from tests.support.accounts import approved
from tests.support.casework import V1, rows, took, version_of
from tests.support.factories import EDITOR, INDUSTRY, PARK, REGISTRAR, Caller, find, make_caller
from tests.support.past_days import check_past
from tests.support.situations import park_at
from tests.support.withholding import Planted

TAGS = f"{V1}/tags"
PARKS, ABOVE = "ai-industrial-park", "artificial-intelligence"
BOTH = "specificity=concrete&specificity=directional"


@pytest.fixture
def planted(planted, today):
    """Give the case in which offices wrote everything, a month after its promise was due."""
    today["day"] = date(2027, 2, 1)
    return planted


def page(caller, slug=PARKS, query=BOTH):
    shown = took(caller.get(f"{TAGS}/{slug}/progress?{query}"))
    return shown | shown.pop("figures")


def counted(shown):
    """Yield every number of a page that is counted anew, and the address beside it."""
    groups = (shown["acceptance"], shown["late"]["parts"], shown["promises"]["parts"],
              *(office["parts"] for office in shown["offices"]))  # fmt: skip
    for entry in (entry for group in groups for entry in group):
        yield entry["number"], entry["list"]
    for one in (shown["late"], shown["promises"], shown["percent"]):
        yield one["number"], one["list"]


def check_order(shown):
    """Check that codes are told in the order of their words, in whichever a database has them."""
    told = [([part["code"] for part in office["parts"]], (*OfficeRole, *LeadStatus))
            for office in shown["offices"]]  # fmt: skip
    told += [(one["progress"], Progress) for one in (*shown["documents"], *shown["sessions"])]
    for month in shown["over_time"]:
        told += [(month["progress"], Progress), (month["acceptance"], Acceptance)]
        told += [(month["promises"], CommitmentState)]
    for codes, words in told:
        assert list(codes) == [str(word) for word in words if word in codes]
    return told


def check(caller, shown):
    """Check that each number of a page is the length of its list, and what follows from it."""
    assert check_order(shown)
    for number, address in counted(shown):
        assert len(rows(caller, address)) == number, address
    assert sum(entry["number"] for entry in shown["acceptance"]) == shown["total"]
    percents = [row["percent"] for row in rows(caller, shown["percent"]["list"])]
    assert None not in percents
    if percents:
        assert shown["percent"]["median"] == median(percents)
        assert shown["percent"]["mean"] == round(sum(percents) / len(percents), 1)
    late = [row["next_due_on"] for row in rows(caller, shown["late"]["list"])]
    assert shown["late"]["first_due_on"] == min(late, default=None)
    owed = [row["next_due_on"] for row in rows(caller, shown["promises"]["list"])]
    assert shown["promises"]["first_due_on"] == min(filter(None, owed), default=None)
    for office in shown["offices"]:
        known = {row["reference"] for row in rows(caller, office["list"])}
        parts = [rows(caller, entry["list"]) for entry in office["parts"]]
        assert known == {row["reference"] for part in parts for row in part}


@pytest.mark.parametrize("slug", [PARKS, ABOVE])
@pytest.mark.parametrize("query", [BOTH, "months=0"])
def test_each_number_is_that_of_its_list_for_everybody(planted, readers, slug, query):
    for caller in readers.values():
        shown = page(caller, slug, query)
        check(caller, shown)
        assert [entry["code"] for entry in shown["acceptance"]] == list(Acceptance)
        assert [e["code"] for e in shown["promises"]["parts"]] == list(CommitmentState)
        assert shown["offices"]
    assert bool(shown["over_time"]) == (query == BOTH)


def test_what_is_withheld_or_not_public_counts_for_whom_sees_it(planted, readers):
    took(planted.withhold("report"))
    took(planted.withhold("reply"))
    numbers = {}
    for name, caller in readers.items():
        shown = page(caller)
        check(caller, shown)
        numbers[name] = (shown["percent"]["number"], shown["promises"]["number"])
    assert numbers["anyone"] == numbers["another office"] == (0, 0)
    assert numbers["its office"] == numbers["a registrar"] == (1, 1)
    registrar = readers["a registrar"]
    hidden = {"publication": "restricted", "note": "涉密"}
    took(registrar.patch(planted.proposal, hidden, version_of(registrar, planted.proposal)))
    totals = {}
    for name, caller in readers.items():
        shown = page(caller)
        check(caller, shown)
        totals[name] = shown["total"]
    assert totals["anyone"] == totals["its office"] < totals["a registrar"]


def test_what_is_late_is_late_by_the_clock_that_is_shown(today, lead, client):
    today["day"] = date(2026, 7, 1)
    shown = page(Caller(client))
    assert [entry["code"] for entry in shown["late"]["parts"]] == ["reply"]
    assert shown["late"]["number"] == len(rows(Caller(client), shown["late"]["list"])) > 0
    assert shown["late"]["first_due_on"] < "2026-07-01"
    by_office = {office["office"]["slug"]: office["parts"] for office in shown["offices"]}
    codes = {part["code"] for part in by_office[INDUSTRY]}
    assert {"lead"} <= codes <= {"lead", "suggested", "joint"}
    today["day"] = date(2026, 3, 2)
    assert page(Caller(client))["late"] == shown["late"] | {
        "number": 0, "parts": [], "first_due_on": None,
    }  # fmt: skip


def test_merged_and_ended_tags_have_their_numbers_too(planted, readers):
    registrar, other = readers["a registrar"], "industrial-clusters"
    path = f"{TAGS}/{PARKS}"
    body = {"reason": "重复", "into": other}
    took(registrar.post(f"{path}/end", body, version_of(registrar, path)))
    merged, into = page(registrar), page(registrar, other)
    check(registrar, merged)
    assert {**merged, "as_of": 0} == {**into, "as_of": 0}
    took(registrar.post(f"{TAGS}/{other}/end", {"reason": "不用"},
                        version_of(registrar, f"{TAGS}/{other}")))  # fmt: skip
    ended = page(registrar, other)
    check(registrar, ended)
    assert ended["offices"] == into["offices"]


def test_what_an_office_had_that_ended_is_counted_where_it_passed_to(
    planted, readers, client, database
):
    registrar, new = readers["a registrar"], "zhengzhou-digital-industry"
    bureau = {"slug": new, "kind": "department", "name_zh": "郑州市数字产业局", "aliases": [],
              "parent": "zhengzhou-government", "region_code": "410100",
              "is_office": True}  # fmt: skip
    before = {office["office"]["slug"]: office for office in page(registrar)["offices"]}
    asked = registrar.post(f"{V1}/reforms", {
        "effective_on": "2026-03-02", "paper": "郑办〔2026〕12号", "reason": "机构改革",
        "created": [bureau], "ended": [{"organization": INDUSTRY, "successors": [new]}],
    })  # fmt: skip
    approved(make_caller(client, database, Role.SECURITY_ADMIN), asked)
    shown = page(registrar)
    check(registrar, shown)
    after = {office["office"]["slug"]: office for office in shown["offices"]}
    assert INDUSTRY not in after
    assert [(part["code"], part["number"]) for part in after[new]["parts"]] == [
        (part["code"], part["number"]) for part in before[INDUSTRY]["parts"]
    ]


def test_the_filters_of_the_numbers_are_filters_of_lists(client, database):
    caller = make_caller(client, database, *EDITOR, office=INDUSTRY)
    path = f"{V1}/recommendations/{find(caller)['id']}"
    took(caller.post(f"{path}/offices", {"office": INDUSTRY}, 1))
    took(caller.post(f"{path}/offices", {"office": "zhengzhou-data", "role": "joint"}, 2))
    one = f"{V1}/recommendations?reference={PARK}"
    for query, number in (
        (f"office={INDUSTRY}&part=lead", 1),
        (f"office={INDUSTRY}&part=joint", 0),
        ("office=zhengzhou-data&part=joint", 1),
        ("part=joint", 1),
        ("part=lead", 1),
        ("part=separate", 0),
        ("reported=true", 0),
        ("reported=false", 1),
        ("clock=own_day&clock=reply", 0),
    ):
        assert len(rows(caller, f"{one}&{query}")) == number, query
    assert caller.get(f"{one}&part=owner").status_code == 422
    assert caller.get(f"{V1}/commitments?tag=no-such-tag").status_code == 422


def test_the_tag_of_a_page_changes_with_what_it_counts(planted, client):
    public, path = Caller(client), f"{TAGS}/{PARKS}/progress"
    known = {"If-None-Match": public.get(path).headers["ETag"]}
    assert public.get(path, **known).status_code == 304
    took(planted.withhold("report"))
    assert public.get(path, **known).status_code == 200


@pytest.fixture
def later(monkeypatch):
    """Let the clock go on by days."""
    now = {"ahead": timedelta()}
    monkeypatch.setattr(clock, "clock", lambda: clock.system_clock() + now["ahead"])

    def pass_days(days):
        now["ahead"] += timedelta(days)

    return pass_days


def test_the_past_is_what_each_record_was_at_the_end_of_each_month(client, database, later):
    def people():
        return (
            make_caller(client, database, *EDITOR, office=INDUSTRY),
            make_caller(client, database, *REGISTRAR),
        )

    office, registrar = people()
    path = f"{V1}/recommendations/{find(office)['id']}"
    took(office.post(f"{path}/offices", {"office": INDUSTRY}, 1))
    case = f"{V1}/proposals/{took(registrar.get(path))['proposal']['id']}"
    accepted = {"axis": "acceptance", "to": "accepted"}
    took(office.post(f"{path}/transitions", accepted, version_of(office, path)))
    for target, publication in (("planned", "internal"), ("in_progress", "published")):
        later(40)
        office, registrar = people()  # no key is good for so long
        step = {"axis": "progress", "to": target}
        took(office.post(f"{path}/transitions", step, version_of(office, path)))
        values = {"publication": publication, "note": "更正"}
        took(registrar.patch(case, values, version_of(registrar, case)))
    later(40)
    office, registrar = people()
    for caller in (Caller(client), office, registrar):
        shown = page(caller, query="months=5")
        assert len(shown["over_time"]) == 6
        now = shown["over_time"][-1]
        stages = {stage["progress"]: stage["number"] for stage in shown["stages"]}
        assert now["progress"] == {code: n for code, n in stages.items() if n}
        assert now["number"] == shown["total"]
        check_past(caller, shown["over_time"])
        for point in shown["over_time"][:-1]:
            moment = f"{date.fromisoformat(point['on']) + timedelta(1)}T00:00:00+08:00"
            for row in rows(caller, point["list"]) if point["list"] else ():
                one = registrar.get(f"{V1}/recommendations/{row['id']}?as_of={quote(moment)}")
                then = took(one)
                assert (row["progress"], row["acceptance"]) == (then["progress"],
                                                                then["acceptance"])  # fmt: skip
    public = page(Caller(client), query="months=5")["over_time"]
    assert len({str(point["progress"]) for point in public}) >= 3
    assert {point["promises"].get("open") for point in public} == {None}


def test_each_number_of_each_month_is_that_of_its_list_for_everybody(planted, readers):
    took(planted.withhold("reply"))
    for name, caller in readers.items():
        for slug in (PARKS, ABOVE):
            shown = page(caller, slug, "months=4")
            assert shown["over_time"][-1]["number"] == shown["total"] > 0, name
            check_past(caller, shown["over_time"])
    promised = {name: page(caller)["over_time"][-1]["promises"] for name, caller in readers.items()}
    assert promised["anyone"] == {} != promised["its office"]


def test_promises_have_their_past(today, client, database, callers, proposal, lead, later):
    Planted(callers, proposal, lead, park_at(callers)).plant()
    start = clock.utcnow().date()
    later(40)
    today["day"] = start + timedelta(40)
    reader = make_caller(client, database, Role.REGISTRAR)
    [promise] = rows(reader, f"{V1}/commitments?tag={PARKS}")
    path = f"{V1}/commitments/{promise['id']}"
    kept = {"to": "kept", "evidence": [{"title": "验收", "url": "https://example.org/a"}]}
    took(callers["industry"].post(f"{path}/transitions", kept, version_of(reader, path)))
    points = page(reader, query="months=3")["over_time"]
    assert points[-1]["promises"] == {"kept": 1}
    assert {"open": 1} in [point["promises"] for point in points]
    assert points[0]["promises"] == {}


def test_what_is_too_many_is_not_counted_at_each_reading(client, monkeypatch):
    monkeypatch.setattr(tag_figures, "MOST_COUNTED", 3)
    monkeypatch.setattr(tag_series, "COUNTED", 3)
    shown = took(client.get(f"{TAGS}/{PARKS}/progress"))
    assert shown["total"] > 3
    assert (shown["figures"], shown["over_time"]) == (None, [])
    assert sum(stage["number"] for stage in shown["stages"]) == shown["total"]


@pytest.mark.parametrize("months", ["-1", "61", "many"])
def test_how_far_back_is_bounded(client, months):
    assert client.get(f"{TAGS}/{PARKS}/progress?months={months}").status_code == 422
