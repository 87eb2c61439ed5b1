"""Lists find by what people have: names of every kind, several at once, in every order."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.core.clock import utcnow
from app.core.queries import keyset
from app.core.queries.filters import among
from app.http import responses
from app.http.security.rate_limits import Limits
from app.models import Proposal, Recommendation
from tests.database.plans import plan_of
from tests.support.casework import V1, dispatch, took, version_of
from tests.support.factories import INDUSTRY, PARK, Caller, find
from tests.support.replies import SENT, body, draft, move
from tools.contract import committed

PAGED = {
    operation["operationId"]: (path, {p["name"]: p for p in operation["parameters"] if "name" in p})
    for path, item in committed()["paths"].items()
    for method, operation in item.items()
    if method == "get"
}
APART = {"getTagDossier", "getSearchDossier", "search"}
"""What goes on page by page in an order of its own, tested where it is made."""

LISTS = {n: path for n, (path, taken) in PAGED.items() if "cursor" in taken and n not in APART}
SORTED = {
    "listSessions", "listOrganizations", "listPersons", "listTags", "listDocuments",
    "listProposals", "listRecommendations", "listDocumentProposals", "listPrincipals",
    "listAudit", "listCheckpoints", "findKeys",
    "findAssignments", "listAssignments", "listCommitments",
    "getRecommendationHistory", "getProposalHistory", "getWorklist", "getMyWorklist", "getInbox",
    "findReplies", "listReplies", "listApprovals", "listKeys", "listFiles", "listReports",
    "listContacts", "listMilestones", "listRemarks", "listWithholdings", "findEvaluations",
}  # fmt: skip


@pytest.fixture
def anonymous(client):
    return Caller(client)


def items(caller, path, query=""):
    return whole(caller, path, query)["items"]


def whole(caller, path, query=""):
    return took(caller.get(f"{V1}{path}?limit=200&{query}"))


def ids(caller, path, query=""):
    return [item["id"] for item in items(caller, path, query)]


def refused(caller, path):
    return wrong(caller.get(f"{V1}{path}"))


def wrong(answer):
    """Return what a refusal says of each field."""
    assert answer.status_code == 422, answer.text
    found = {}
    for error in answer.get_json()["errors"]:
        found.setdefault(error["field"], []).append(error["message"])
    return found


def choices(operation, parameter):
    """Return the words that *operation* takes as *parameter*, as the contract has them."""
    schema = PAGED[operation][1][parameter]["schema"]
    return committed()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]["enum"]


def paged(caller, path, query, size=3):
    """Return every item of a list, by pages of *size*, and what its pages say of themselves."""
    found, cursor, said = [], "", set()
    while True:
        page = took(caller.get(f"{V1}{path}?limit={size}&{query}{cursor}"))
        found += page["items"]
        said.add(page["is_stable"])
        if page["next"] is None:
            return found, said
        cursor = f"&cursor={page['next']}"


# -- every list ------------------------------------------------------------------------------------


def test_every_list_can_be_counted_and_sorted():
    assert set(LISTS) == SORTED
    for name in LISTS:
        assert PAGED[name][1].keys() >= {"with_total", "sort", "limit"}, name


@pytest.fixture
def busy(callers, proposal, lead):
    """Let something of everything be there; return where the lists of it are."""
    industry, one, path = callers["industry"], find(callers["industry"]), f"{V1}/assignments"
    content = body(callers, proposal, promise={"text": "年底前开工", "on": "2099-12-31"})
    for number in (1, 2):
        took(draft(industry, lead, content))
        took(industry.post(
            f"{path}/{lead['id']}/contacts", {"channel": "phone", "note": f"第{number}次"}
        ))  # fmt: skip
        report = {"text": f"进展{number}", "evidence": []}
        made = took(industry.post(f"{V1}/recommendations/{one['id']}/reports", report))
        hidden = {"kind": "report", "target_id": made["id"], "reason": "误写"}
        took(industry.post(f"{V1}/withholdings", hidden))
    took(move(callers["dispatcher"], lead, 2, "checked"))
    took(move(callers["head"], lead, 2, "sent", **SENT))
    took(move(callers["head"], lead, 2, "published"))
    promise = items(industry, "/commitments")[0]
    for text in ("第一步", "第二步"):
        own = f"{V1}/commitments/{promise['id']}"
        took(industry.post(f"{own}/milestones", {"text": text}, version_of(industry, own)))
        said = {"kind": "explanation", "text": text}
        took(industry.post(f"{own}/remarks", said, version_of(industry, own)))
    return {
        "recommendation_id": one["id"],
        "proposal_id": one["proposal"]["id"],
        "document_id": one["proposal"]["document_id"],
        "assignment_id": lead["id"],
        "commitment_id": promise["id"],
        "principal_id": took(callers["auditor"].get(f"{V1}/me"))["id"],
        "slug": INDUSTRY,
    }


def places(busy):
    return {name: path.removeprefix(V1).format(**busy) for name, path in LISTS.items()}


@pytest.mark.long
def test_each_order_of_each_list_has_every_record_once(callers, busy, app, database):
    """Whatever the order, pages together are the list, and the opposite order is it backwards."""
    settings = replace(app.extensions["settings"], key_rate=0)
    app.extensions["limits"] = Limits(lambda: database, settings)
    tried = 0
    known = places(busy)
    for name, path in known.items():
        caller = callers["industry" if name in ("getMyWorklist", "getInbox") else "auditor"]
        orders = choices(name, "sort")
        found = {}
        for sort in orders:
            rows, said = paged(caller, path, f"sort={sort}", size=50 if name == "listAudit" else 3)
            assert len(said) == 1
            assert said == {not sort.endswith(("due_on", "promised_on", "-updated_at"))}, name
            found[sort] = [str(row) for row in rows]
        first = found[orders[0]]
        for sort, rows in found.items():
            assert sorted(rows) == sorted(first), (name, sort)
            opposite = found.get(f"-{sort}")
            if opposite is not None:
                assert opposite == rows[::-1], (name, sort)
                tried += 1
        page = took(caller.get(f"{V1}{path}?limit=1&with_total=true"))
        assert (page["total"], page["total_is_exact"]) == (len(first), True), name
        plain = took(caller.get(f"{V1}{path}?limit=1"))
        assert (plain["total"], plain["total_is_exact"]) == (None, None)
    assert tried > len(LISTS)


def test_what_is_counted_no_further_is_said_to_be_more(anonymous, monkeypatch):
    for module in (keyset, responses):
        monkeypatch.setattr(module, "COUNTED", 5)
    page = took(anonymous.get(f"{V1}/tags?with_total=true&limit=1"))
    assert (page["total"], page["total_is_exact"]) == (5, False)
    page = took(anonymous.get(f"{V1}/tags?with_total=true&limit=1&q=人工智能产业园"))
    assert (page["total"], page["total_is_exact"]) == (1, True)


# -- changes ---------------------------------------------------------------------------------------


def test_what_changed_since_a_moment(callers, anonymous, proposal, database):
    registrar = callers["registrar"]
    before = ids(anonymous, "/proposals")
    moment = utcnow().isoformat().replace("+00:00", "Z")
    took(registrar.patch(proposal, {"case_no": "2026-77"}, version_of(registrar, proposal)))
    number = took(anonymous.get(proposal))["id"]
    assert len(before) > 1
    assert ids(anonymous, "/proposals", f"updated_since={moment}") == [number]
    later = (utcnow() + timedelta(minutes=1)).isoformat().replace("+00:00", "Z")
    for path in ("/proposals", "/recommendations", "/commitments", "/tags", "/persons",
                 "/organizations", "/sessions", "/documents", "/assignments"):  # fmt: skip
        caller = registrar if path == "/assignments" else anonymous
        assert ids_or_slugs(caller, path, f"updated_since={later}") == []


def ids_or_slugs(caller, path, query):
    found, _ = paged(caller, path, query, size=200)
    return [item.get("id", item.get("slug")) for item in found]


@pytest.mark.parametrize("sort", ["id", "updated_at"])
def test_a_mirror_misses_nothing_that_changes_while_it_pages(callers, anonymous, sort, database):
    """Each page is read, and then something that comes later in the list is changed."""
    everything = {
        item["reference"] for item in paged(anonymous, "/recommendations", "", size=200)[0]
    }
    registrar = callers["registrar"]
    seen, cursor, changed = set(), "", 0
    while True:
        page = took(anonymous.get(f"{V1}/recommendations?limit=40&sort={sort}{cursor}"))
        seen |= {item["reference"] for item in page["items"]}
        if page["next"] is None:
            break
        left = sorted(everything - seen)
        if left and changed < 3:
            one = items(registrar, "/recommendations", f"reference={left[0]}")[0]
            body = {"targets": [f"目标{changed}"], "note": "更正"}
            took(registrar.patch(f"{V1}/recommendations/{one['id']}", body, one["version"]))
            changed += 1
        cursor = f"&cursor={page['next']}"
    assert changed == 3
    assert seen == everything


def test_the_order_that_misses_some_says_so(anonymous):
    page = took(anonymous.get(f"{V1}/recommendations?limit=1&sort=-updated_at"))
    assert page["is_stable"] is False


# -- several values --------------------------------------------------------------------------------


def test_a_filter_that_stands_several_times_takes_any(anonymous, callers, lead):
    supervisor = callers["supervisor"]
    for path, name, values in (
        ("/recommendations", "stance", ("asks", "commits")),
        ("/recommendations", "document", ("D001", "D002")),
        ("/recommendations", "office", (INDUSTRY, "zhengzhou-data")),
        ("/recommendations", "proposal", ("D002-P04", "D001-P02")),
        ("/proposals", "document", ("D001", "D003")),
        ("/proposals", "kind", ("cppcc_proposal", "npc_suggestion")),
        ("/proposals", "office", (INDUSTRY, "zhengzhou-data")),
        ("/organizations", "kind", ("party", "district")),
        ("/assignments", "role", ("lead", "sole")),
        ("/offices/zhengzhou-industry/worklist", "bucket", ("overdue", "soon")),
        ("/offices/zhengzhou-industry/worklist", "kind", ("reply", "objection")),
    ):
        single = [ids_or_slugs(supervisor, path, f"{name}={value}") for value in values]
        both = ids_or_slugs(supervisor, path, "&".join(f"{name}={value}" for value in values))
        assert sorted(both, key=str) == sorted({one for own in single for one in own}, key=str)
        backwards = "&".join(f"{name}={value}" for value in reversed(values))
        assert ids_or_slugs(supervisor, path, backwards) == both


def test_of_several_tags_any_or_all(anonymous):
    first, second = "ai-industrial-park", "computing-power-center"
    one, two = (set(ids(anonymous, "/recommendations", f"tag={tag}")) for tag in (first, second))
    both = f"tag={first}&tag={second}"
    assert one
    assert two
    assert set(ids(anonymous, "/recommendations", both)) == one | two
    assert set(ids(anonymous, "/recommendations", f"{both}&tag_match=all")) == one & two
    broad = "tag=artificial-intelligence&tag=ai-industrial-park"
    direct = {
        tag: set(ids(anonymous, "/recommendations", f"tag={tag}&narrower=false"))
        for tag in ("artificial-intelligence", first)
    }
    every = set(ids(anonymous, "/recommendations", f"{broad}&narrower=false&tag_match=all"))
    assert every == set.intersection(*direct.values())
    some = set(ids(anonymous, "/recommendations", f"{broad}&narrower=false"))
    assert some == set.union(*direct.values())
    page = whole(anonymous, "/recommendations", f"{both}&progress=not_started&progress=planned"
                                                "&with_total=true")  # fmt: skip
    assert page["total"] == len(page["items"])


def test_pages_of_several_values_go_on(anonymous):
    query = "document=D001&document=D002&sort=id"
    found, _ = paged(anonymous, "/recommendations", query, size=40)
    assert [item["id"] for item in found] == ids_of_all(anonymous, "document=D001&document=D002")
    first = anonymous.get(f"{V1}/recommendations?{query}&limit=2")
    following = first.headers["Link"].split(">")[0].lstrip("<")
    assert following.count("document=") == 2
    second = took(anonymous.get(following))
    assert [item["id"] for item in second["items"]] == [item["id"] for item in found[2:4]]


def ids_of_all(caller, query):
    return [item["id"] for item in paged(caller, "/recommendations", query, size=200)[0]]


def test_what_stands_too_often_or_must_stand_once(anonymous):
    often = "&".join(f"case_no={number}" for number in range(51))
    assert refused(anonymous, f"/proposals?{often}") == {"case_no": ["may stand 50 times at most"]}
    assert refused(anonymous, "/proposals?q=a&q=b") == {"q": ["must stand only once"]}
    assert "there is no such" in refused(anonymous, "/proposals?colour=a&colour=b")["colour"][0]


def test_one_value_and_several_are_asked_for_alike():
    one, several = among(Proposal.id)([3]), among(Proposal.id)([3, 4])
    assert "proposals.id = :id_1" in str(one)
    assert "proposals.id IN" in str(several)


# -- names -----------------------------------------------------------------------------------------


def test_numbers_and_references_are_names_alike(anonymous, callers, busy):
    document, proposal = busy["document_id"], busy["proposal_id"]
    staff = callers["auditor"]
    for path, name, reference, number in (
        ("/recommendations", "document", "D002", document),
        ("/proposals", "document", "D002", document),
        ("/recommendations", "proposal", "D002-P04", proposal),
        ("/assignments", "proposal", "D002-P04", proposal),
        ("/commitments", "proposal", "D002-P04", proposal),
        ("/commitments", "recommendation", PARK, busy["recommendation_id"]),
        ("/replies", "proposal", "D002-P04", proposal),
        ("/offices/zhengzhou-industry/worklist", "proposal", "D002-P04", proposal),
    ):
        found = ids(staff, path, f"{name}={reference}")
        assert found, (path, name)
        assert ids(staff, path, f"{name}={number}") == found
    assert refused(anonymous, "/recommendations?document=D999") == {
        "document": ["there is no D999"]
    }
    assert refused(anonymous, "/proposals?document=999999999999999999")["document"]


def test_a_case_is_found_by_its_number(callers, busy, proposal):
    registrar = callers["registrar"]
    took(registrar.patch(proposal, {"case_no": "2026-0321"}, version_of(registrar, proposal)))
    for path in ("/proposals", "/recommendations", "/assignments", "/commitments", "/replies",
                 "/offices/zhengzhou-industry/worklist"):  # fmt: skip
        found = items(registrar, path, "case_no=2026-0321")
        assert found, path
        assert {item.get("proposal_id", item.get("proposal", item).get("id"))
                if "proposal" in item or "proposal_id" in item else item["id"]
                for item in found} == {busy["proposal_id"]}  # fmt: skip
        assert items(registrar, path, "case_no=2026-9999") == []
        both = items(registrar, path, "case_no=2026-9999&case_no=2026-0321")
        assert both == found
    desk = whole(registrar, "/offices/zhengzhou-industry/worklist", "case_no=2026-9999")
    assert set(desk["counts"].values()) == {0}


def test_an_office_or_a_tag_is_hinted_at_by_its_name(anonymous):
    said = refused(anonymous, "/recommendations?office=市工信局&tag=算力中心")
    assert said["office"] == ["there is no 市工信局; did you mean zhengzhou-industry (市工信局)?"]
    assert "did you mean computing-power-center" in said["tag"][0]
    assert (
        "did you mean ai-industrial-park?"
        in (refused(anonymous, "/recommendations?tag=ai-industral-park")["tag"][0])
    )
    assert refused(anonymous, "/recommendations?tag=xyzzy") == {"tag": ["there is no xyzzy"]}
    name = items(anonymous, "/sessions")[0]["name_zh"]
    assert "did you mean" in refused(anonymous, f"/proposals?session={name}")["session"][0]
    person = items(anonymous, "/persons")[0]
    said = refused(anonymous, f"/proposals?proposer={person['name']}")["proposer"][0]
    assert said.endswith(f"did you mean {person['slug']} ({person['name']})?")


def test_a_word_is_hinted_at_by_its_label_or_nearly_itself(anonymous):
    said = refused(anonymous, "/recommendations?progress=已核验")["progress"][0]
    assert said.endswith("did you mean verified?")
    said = refused(anonymous, "/recommendations?progress=implementd")["progress"][0]
    assert said.endswith("did you mean implemented?")
    assert "did you mean" not in refused(anonymous, "/recommendations?progress=x")["progress"][0]
    assert refused(anonymous, "/recommendations?sort=updated")["sort"][0].endswith("updated_at?")
    assert refused(anonymous, "/recommendations?progres=planned")["progres"][0].endswith(
        "did you mean progress?"
    )


def test_a_body_is_hinted_at_alike(callers):
    industry, one = callers["industry"], find(callers["industry"])
    english = {"Accept-Language": "en"}
    path = f"{V1}/recommendations/{one['id']}"
    answer = industry.post(f"{path}/offices", {"office": "市工信局"}, one["version"],
                           headers=english)  # fmt: skip
    assert "did you mean zhengzhou-industry" in wrong(answer)["office"][0]
    answer = industry.post(f"{path}/offices", {"ofice": INDUSTRY}, one["version"], headers=english)
    assert "did you mean office?" in wrong(answer)["ofice"][0]
    answer = industry.post(f"{path}/tags", {"add": ["人工智能产业园"]}, one["version"],
                           headers=english)  # fmt: skip
    assert "did you mean ai-industrial-park" in wrong(answer)["add"][0]


# -- single records --------------------------------------------------------------------------------


def test_a_reference_leads_to_its_record(callers, busy):
    staff = callers["auditor"]
    kinds = {}
    assignment = took(staff.get(f"{V1}/assignments/{busy['assignment_id']}"))["reference"]
    promise = took(staff.get(f"{V1}/commitments/{busy['commitment_id']}"))["reference"]
    for name in ("D002", "D002-P04", PARK, assignment, f"{assignment}-V2", promise):
        found = took(staff.get(f"{V1}/references/{name}"))
        record = took(staff.get(found["address"]))
        assert record["reference"] == found["reference"] == name
        kinds[found["record_type"]] = found["id"]
    assert set(kinds) == {
        "document", "proposal", "recommendation", "assignment", "reply", "commitment"
    }  # fmt: skip
    assert kinds["reply"] == kinds["assignment"]
    for name in ("D999", "D002-P04-R99", f"{assignment}-V99", "x", "1"):
        assert staff.get(f"{V1}/references/{name}").status_code == 404, name


def test_one_organization_and_one_session_are_as_in_their_lists(anonymous):
    for path in ("/organizations", "/sessions"):
        for item in items(anonymous, path)[:3]:
            one = anonymous.get(f"{V1}{path}/{item['slug']}")
            assert took(one) == item
            assert one.headers["ETag"].startswith(f'"v{item["version"]}.')
        assert anonymous.get(f"{V1}{path}/nothing-of-that").status_code == 404


def test_versions_of_replies_are_listed_as_far_as_they_are_public(callers, anonymous, busy):
    industry = callers["industry"]
    own = f"/assignments/{busy['assignment_id']}/replies"
    assert [item["number"] for item in items(industry, own)] == [1, 2]
    assert [item["number"] for item in items(anonymous, own)] == [2]
    assert [item["state"] for item in items(anonymous, "/replies")] == ["published"]
    assert len(items(industry, "/replies", f"office={INDUSTRY}&state=published")) == 1
    assert items(industry, "/replies", "published_before=2000-01-01") == []
    assert items(industry, "/replies", "sent_after=2000-01-01")[0]["number"] == 2


def test_lists_read_the_indexes_of_their_orders(database, callers, proposal):
    """A page in the order of change, and a case by its number, are found without a scan."""
    dispatch(callers, proposal)
    plans = {
        "ix_proposals_updated": sa.select(Proposal.id).order_by(Proposal.updated_at, Proposal.id),
        "ix_proposals_case_key": sa.select(Proposal.id).where(Proposal.case_key == "1"),
        "ix_recommendations_updated": sa.select(Recommendation.id).order_by(
            Recommendation.updated_at, Recommendation.id
        ),
    }
    for index, statement in plans.items():
        assert index in plan_of(database, statement.limit(5))


def test_a_case_number_that_is_taken_names_the_case_that_has_it(callers, proposal):
    registrar = callers["registrar"]
    took(registrar.patch(proposal, {"case_no": "2026-5"}, version_of(registrar, proposal)))
    other = next(
        f"{V1}/proposals/{item['id']}"
        for item in items(registrar, "/proposals", "document=D002")
        if item["case_no"] is None
    )
    answer = registrar.patch(other, {"case_no": "2026-5"}, version_of(registrar, other))
    assert answer.status_code == 409
    assert answer.get_json()["detail"] == "There is already a case number 2026-5 (D002-P04)."
