"""Drafts: entered with their text, cosigned, submitted, filed; nothing public before that."""

from datetime import date, timedelta
from functools import partial

import pytest

from app.accounts.services.keys import KeyInput, add_key
from app.core.codes import Role, Scope
from app.deadlines.rules.rulebook import RuleBook
from app.handling.assignments.services.context import Work
from app.handling.worklists.services import tick
from app.register.people.queries.reference_data import read_book
from tests.support.casework import TODAY, V1, dispatch, step, to, took, version_of, whole
from tests.support.drafts import FIRST, SECOND, TEXT, content, enter, filed, move, one
from tests.support.factories import DATA, INDUSTRY, OPERATOR, Caller
from tests.support.files import told
from tests.support.replies import SENT, body
from tests.support.replies import move as sign

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.one_database]


def paths_of(draft):
    """Return every path under which words of *draft* stand."""
    document = f"{V1}/documents/{draft['document']['id']}"
    parts = [f"{V1}/recommendations/{row['id']}" for row in draft["recommendations"]]
    return [one(draft), document, f"{document}/text", *parts]


def test_each_recommendation_stands_in_its_words(callers, people, database):
    draft = enter(callers, content(people[:1]))
    assert (draft["handling_state"], draft["publication"]) == ("draft", "internal")
    assert draft["reference"] == "N2026-0001-P01"
    assert draft["title_is_printed"]
    first, second = (
        callers["registrar"].get(f"{V1}/recommendations/{row['id']}").get_json()
        for row in draft["recommendations"]
    )
    assert first["reference"] == "N2026-0001-P01-R01"
    assert first["lead_office"]["slug"] == INDUSTRY
    assert first["lead_status"] == "suggested"
    assert [tag["slug"] for tag in first["tags"]] == ["computing-power-center"]
    spans = [*first["passages"], *second["passages"]]
    assert [TEXT[span["start"] : span["end"]] for span in spans] == [s["text"] for s in spans]
    assert spans[2]["start"] == TEXT.rindex("统筹布局")
    text = callers["registrar"].get(f"{V1}/documents/{draft['document']['id']}/text")
    assert text.data == TEXT.encode()
    whole(database)


def test_nothing_is_public_before_it_is_filed_and_published(callers, people, client, database):
    draft = enter(callers, content(people))
    for caller in (client, callers["industry"], callers["data"]):
        assert {caller.get(path).status_code for path in paths_of(draft)} == {404}
        for path in ("documents", "proposals", "recommendations"):
            listed = caller.get(f"{V1}/{path}?limit=200").get_json()["items"]
            assert not [row for row in listed if row["reference"].startswith("N2026")]
        persons = caller.get(f"{V1}/persons?limit=200").get_json()["items"]
        assert "new-deputy" not in [row["slug"] for row in persons]
        found = caller.get(f"{V1}/tags/computing-power-center/progress").get_json()
        assert draft["document"]["id"] not in [row["document"]["id"] for row in found["documents"]]
    assert {callers["dispatcher"].get(path).status_code for path in paths_of(draft)} == {200}

    registrar = callers["registrar"]
    public = {"publication": "published"}
    answer = registrar.patch(one(draft), public, version_of(registrar, one(draft)))
    assert "before it is filed" in told(answer)["publication"]
    filed(callers, draft)
    assert client.get(one(draft)).status_code == 404
    dispatch(callers, one(draft))
    assert {callers["industry"].get(path).status_code for path in paths_of(draft)} == {200}
    assert client.get(one(draft)).status_code == 404
    took(registrar.patch(one(draft), public, version_of(registrar, one(draft))))
    assert {client.get(path).status_code for path in paths_of(draft)} == {200}
    assert client.get(f"{V1}/persons/new-deputy").status_code == 200
    assert client.get(one(draft)).get_json()["cosignatures"] is None
    whole(database)


def test_a_case_without_recommendations_is_seen_by_the_office_that_was_given_it(
    callers, people, client, database
):
    known = f"{V1}/persons/{people[0]}"
    reached = {"phone": "0371-1"}
    took(callers["registrar"].patch(known, reached, version_of(callers["registrar"], known)))
    draft = enter(callers, content(people[:1], recommendations=[]))
    filed(callers, draft, without_recommendations=True)
    assert {callers["industry"].get(path).status_code for path in paths_of(draft)} == {404}
    given = dispatch(callers, one(draft))
    assignment = f"{V1}/assignments/{given['id']}"
    more = [f"{one(draft)}/assignments", f"{one(draft)}/files", assignment]
    paths = [*paths_of(draft), *more, known]
    assert {callers["industry"].get(path).status_code for path in paths} == {200}
    assert {client.get(path).status_code for path in paths[:-1]} == {404}
    assert {callers["data"].get(path).status_code for path in paths[:-1]} == {404}
    for listed in ("proposals", "documents"):
        rows = callers["industry"].get(f"{V1}/{listed}?limit=200").get_json()["items"]
        others = callers["data"].get(f"{V1}/{listed}?limit=200").get_json()["items"]
        extra = {row["reference"] for row in rows} - {row["reference"] for row in others}
        assert [name[:10] for name in extra] == ["N2026-0001"]
    person = callers["industry"].get(known).get_json()
    assert person["phone"] == "0371-1"
    took(step(callers["industry"], given, "received"))
    took(step(callers["dispatcher"], given, "withdrawn", reason="另行安排"))
    assert {callers["industry"].get(path).status_code for path in paths[:-1]} == {404}
    whole(database)


def test_an_office_that_watches_over_a_case_without_recommendations_sees_it(callers, people):
    draft = enter(callers, content(people[:1], recommendations=[]))
    filed(callers, draft, without_recommendations=True)
    assert {callers["data"].get(path).status_code for path in paths_of(draft)} == {404}
    registrar = callers["registrar"]
    named = {"supervisor": DATA}
    took(registrar.patch(one(draft), named, version_of(registrar, one(draft))))
    assert {callers["data"].get(path).status_code for path in paths_of(draft)} == {200}


def test_a_key_that_writes_reads_its_own_drafts_and_nothing_more(callers, people, client, database):
    def key(role, *scopes, office=None):
        make = partial(add_key, actor=OPERATOR, name="一", roles=[role], office=office)
        wanted = KeyInput(scopes=scopes)
        return Caller(client, database.write(lambda session: make(session, wanted=wanted)))

    writer = key(Role.REGISTRAR, Scope.WRITE)
    draft = enter({"registrar": writer}, content(people[:1]))
    assert {writer.get(path).status_code for path in paths_of(draft)} == {200}
    known = f"{V1}/persons/{people[0]}"
    reached = {"phone": "0371-1"}
    took(writer.patch(known, reached, version_of(writer, known)))
    assert writer.get(known).get_json()["phone"] is None
    assert callers["registrar"].get(known).get_json()["phone"] == "0371-1"
    hidden = {"publication": "restricted"}
    took(
        callers["registrar"].patch(one(draft), hidden, version_of(callers["registrar"], one(draft)))
    )
    assert {writer.get(path).status_code for path in paths_of(draft)} == {404}
    assert writer.get(f"{V1}/audit").status_code == 403
    assert key(Role.AUDITOR, Scope.WRITE).get(f"{V1}/audit").status_code == 403


def test_joint_proposers_sign_until_a_day(callers, people, today, client, database):
    until = TODAY + timedelta(days=7)
    draft = enter(callers, content(people, cosign_until=until.isoformat()))
    registrar = callers["registrar"]

    def sign(person, **more):
        body = {"proposer": person, "paper": "联名回执", **more}
        path = f"{one(draft)}/cosignatures"
        return registrar.post(path, body, version_of(registrar, one(draft)))

    assert "lead" in told(sign(people[0]))["proposer"]
    shown = took(sign(people[1]))
    assert shown["cosignatures"][0]["proposer"]["slug"] == people[1]
    assert sign(people[1], agrees=False).status_code == 409
    assert "no nobody" in told(sign("nobody"))["proposer"]
    waits = move(callers, draft, "submitted")
    assert waits.status_code == 409
    assert "新代表" in waits.get_json()["detail"]

    today["day"] = until + timedelta(days=1)
    late = sign(people[2])
    assert late.status_code == 409
    assert until.isoformat() in late.get_json()["detail"]
    submitted = took(move(callers, draft, "submitted"))
    assert [row["slug"] for row in submitted["proposers"]] == people[:2]
    found = registrar.get(f"{V1}/recommendations?q=新代表&limit=200").get_json()["items"]
    assert draft["recommendations"][0]["id"] not in [row["id"] for row in found]
    assert sign(people[1]).status_code == 409
    whole(database)


def test_words_over_several_lines_are_found_and_names_are_not_kept(
    callers, people, today, database
):
    words = TEXT[TEXT.index("一、") : TEXT.index("布局人才")]
    asked = FIRST | {"quotes": [{"text": words}]}
    until = TODAY + timedelta(days=1)
    body = content(people, recommendations=[asked], cosign_until=until.isoformat())
    draft = enter(callers, body)
    today["day"] = until + timedelta(days=1)
    took(move(callers, draft, "submitted"))
    registrar = callers["registrar"]

    def found(words):
        rows = registrar.get(f"{V1}/recommendations?q={words}&limit=200").get_json()["items"]
        return draft["recommendations"][0]["id"] in [row["id"] for row in rows]

    took(registrar.patch(one(draft), {"title": "另一标题"}, version_of(registrar, one(draft))))
    assert [found(w) for w in ("新代表", "关于加快", "设立人才", "一、加快", "另一标题")] == [
        False, False, True, True, True,
    ]  # fmt: skip
    whole(database)


def test_who_will_not_sign_is_left_out_at_once(callers, people, database):
    until = (TODAY + timedelta(days=7)).isoformat()
    draft = enter(callers, content(people[:2], cosign_until=until))
    body = {"proposer": people[1], "paper": "来电", "agrees": False}
    path = f"{one(draft)}/cosignatures"
    took(callers["registrar"].post(path, body, version_of(callers["registrar"], one(draft))))
    submitted = took(move(callers, draft, "submitted"))
    assert [row["slug"] for row in submitted["proposers"]] == people[:1]
    whole(database)


def test_nobody_signs_what_nobody_was_asked_to(callers, people):
    draft = enter(callers, content(people[:2]))
    body = {"proposer": people[1], "paper": "回执"}
    path, version = f"{one(draft)}/cosignatures", draft["version"]
    assert "nobody is asked" in told(callers["registrar"].post(path, body, version))["proposer"]


def test_another_text_takes_the_place_of_a_draft(callers, people, database):
    draft = enter(callers, content(people[:1]))
    for target in ("submitted", "under_review"):
        took(move(callers, draft, target))
    body = content(people[:1], text=TEXT + "三、补充。", replaces=draft["reference"])
    answer = callers["registrar"].post(f"{V1}/proposals", body)
    assert "cannot be rewritten" in told(answer)["replaces"]
    took(move(callers, draft, "returned_for_edit", reason="请补充第三条"))
    again = enter(callers, body)
    assert again["reference"] == "N2026-0002-P01"
    former = callers["registrar"].get(one(draft)).get_json()
    assert former["handling_state"] == "withdrawn"
    text = callers["registrar"].get(f"{V1}/documents/{draft['document']['id']}/text")
    assert text.data == TEXT.encode()
    whole(database)


def desk(callers, kind):
    """Return what waits on the dispatchers' desk about proposals."""
    rows = callers["dispatcher"].get(f"{V1}/me/worklist?kind={kind}").get_json()
    assert sum(rows["counts"].values()) == len(rows["items"])
    return [(row["proposal"]["reference"], row["due_on"]) for row in rows["items"]]


def test_intake_waits_for_the_review_then_for_the_dispatch(callers, people, today, database):
    lead = {"proposer": people[0], "role": "lead", "capacity_confirmed": True}
    draft = enter(callers, content([], session="national-lianghui-2024", proposers=[lead]))
    name = draft["reference"]
    took(move(callers, draft, "submitted"))
    assert desk(callers, "review") == [(name, None)]
    today["day"] = TODAY + timedelta(days=3)
    for target in ("under_review", "filed"):
        took(move(callers, draft, target))
    assert (desk(callers, "review"), desk(callers, "dispatch")) == ([], [(name, None)])
    shown = callers["registrar"].get(one(draft)).get_json()
    told = [(task["kind"], task["began_on"], task["ended_on"]) for task in shown["tasks"]]
    begun, ended = TODAY.isoformat(), today["day"].isoformat()
    assert told == [("review", begun, ended), ("dispatch", begun, None)]
    dispatch(callers, one(draft))
    assert desk(callers, "dispatch") == []
    whole(database)


@pytest.fixture
def qingdao(monkeypatch):
    """Handle every proposal by the rules of Qingdao, which limit the dispatch."""
    chosen = lambda book, *where: book.profile("qingdao-npc-2021")  # noqa: E731
    monkeypatch.setattr(RuleBook, "choose", chosen)


def test_the_dispatch_is_due_so_long_after_the_submission(
    callers, people, today, database, qingdao
):
    """Qingdao counts five working days; the seeds have no session of it, so it is chosen here."""
    draft = enter(callers, content(people[:1]))
    took(move(callers, draft, "submitted"))
    today["day"] = TODAY + timedelta(days=2)
    for target in ("under_review", "filed"):
        took(move(callers, draft, target))
    assert desk(callers, "dispatch") == [(draft["reference"], "2026-03-09")]
    shown = callers["registrar"].get(one(draft)).get_json()
    assert "5个工作日" in shown["tasks"][1]["explanation"][0]["zh"]

    day = date(2026, 3, 10)
    book = database.read(read_book)
    database.write(lambda session: tick(Work(session, book, day)))
    database.write(lambda session: tick(Work(session, book, day)))
    (notice,) = callers["dispatcher"].get(f"{V1}/me/inbox").get_json()["items"]
    assert (notice["point"], notice["proposal"]["reference"]) == ("overdue", draft["reference"])
    registrar = callers["registrar"]
    took(
        registrar.patch(one(draft), {"publication": "published"}, version_of(registrar, one(draft)))
    )
    whole(database)


def test_what_is_raised_again_while_it_is_promised_is_told(
    callers, people, proposal, client, database
):
    lead = took(step(callers["industry"], dispatch(callers, proposal), "received"))
    reply = body(callers, proposal, promise={"text": "年底前建成算力中心", "on": "2026-12-31"})
    took(to(callers["industry"], lead, "replies", reply))
    took(sign(callers["dispatcher"], lead, 1, "checked"))
    took(sign(callers["head"], lead, 1, "sent", **SENT))
    park = {"tags": ["ai-industrial-park"]}

    draft = enter(callers, content(people[:1], recommendations=[FIRST | park]))
    filed(callers, draft)
    (told_office,) = inbox(callers["head"], "raised_again")
    (told_supervisor,) = inbox(callers["supervisor"], "raised_again", desk="supervisors")
    assert told_office["commitment_reference"] == told_supervisor["commitment_reference"]
    assert told_office["raised_in"] is None  # it is not dispatched to this office, nor public
    assert told_supervisor["raised_in"] == draft["reference"]
    registrar, public = callers["registrar"], {"publication": "published"}
    took(registrar.patch(one(draft), public, version_of(registrar, one(draft))))
    assert inbox(callers["head"], "raised_again")[0]["raised_in"] == draft["reference"]

    other = enter(callers, content(people[:1], text=TEXT + "三。", recommendations=[SECOND]))
    filed(callers, other)
    assert len(inbox(callers["head"], "raised_again")) == 1
    whole(database)


def inbox(caller, point, **filters):
    query = "&".join(f"{n}={v}" for n, v in filters.items())
    rows = caller.get(f"{V1}/me/inbox?{query}").get_json()["items"]
    return [row for row in rows if row["point"] == point]


def test_what_is_merged_brings_its_earlier_day(callers, people, today, database, qingdao):
    first = enter(callers, content(people[:1]))
    filed(callers, first)
    today["day"] = TODAY + timedelta(days=2)
    second = enter(callers, content(people[1:2], text=TEXT + "三、补充。"))
    filed(callers, second)
    days = [(first["reference"], "2026-03-09"), (second["reference"], "2026-03-11")]
    assert desk(callers, "dispatch") == days
    took(move(callers, first, "merged", into=second["reference"]))
    assert desk(callers, "dispatch") == [(second["reference"], "2026-03-09")]
    third = enter(callers, content(people[:1], text=TEXT + "四、再补充。"))
    filed(callers, third)
    took(move(callers, third, "merged", into=second["reference"]))
    assert desk(callers, "dispatch") == [(second["reference"], "2026-03-09")]
    whole(database)


def test_what_was_submitted_earlier_brings_its_day_from_the_review(
    callers, people, today, qingdao, database
):
    first = enter(callers, content(people[:1]))
    for target in ("submitted", "under_review"):
        took(move(callers, first, target))
    today["day"] = TODAY + timedelta(days=2)
    second = enter(callers, content(people[1:2], text=TEXT + "三、补充。"))
    filed(callers, second)
    took(move(callers, first, "merged", into=second["reference"]))
    assert desk(callers, "dispatch") == [(second["reference"], "2026-03-09")]
    today["day"] = date(2026, 3, 20)
    dispatch(callers, one(second), on="2026-03-06")
    tasks = callers["registrar"].get(one(second)).get_json()["tasks"]
    assert (tasks[-1]["ended_on"], tasks[-1]["outcome"]) == ("2026-03-06", "done")
    whole(database)


def test_what_is_not_filed_is_waited_for_no_more(callers, people, database):
    draft = enter(callers, content(people[:1]))
    for target, more in (
        ("submitted", {}),
        ("under_review", {}),
        ("not_filed", {"reason_code": "empty"}),
    ):
        took(move(callers, draft, target, **more))
    assert (desk(callers, "review"), desk(callers, "dispatch")) == ([], [])
    again = enter(callers, content(people[:1], text=TEXT + "三、补充。"))
    took(move(callers, again, "submitted"))
    took(move(callers, again, "withdrawn", reason="提案人撤回"))
    assert desk(callers, "review") == []
    tasks = callers["registrar"].get(one(again)).get_json()["tasks"]
    assert [task["outcome"] for task in tasks] == ["void"]
    whole(database)


def test_what_was_never_filed_is_never_public(callers, people, client):
    draft = enter(callers, content(people[:1]))
    took(move(callers, draft, "withdrawn", reason="提案人撤回"))
    registrar, public = callers["registrar"], {"publication": "published"}
    answer = registrar.patch(one(draft), public, version_of(registrar, one(draft)))
    assert "before it is filed" in told(answer)["publication"]
    assert {client.get(path).status_code for path in paths_of(draft)} == {404}


def test_the_same_text_stands_again_for_a_draft_that_is_replaced(callers, people, client, database):
    draft = enter(callers, content(people[:1]))
    again = enter(callers, content(people[1:2], replaces=draft["reference"]))
    assert again["reference"] == "N2026-0001-P02"
    assert again["document"]["id"] == draft["document"]["id"]
    filed(callers, again)
    registrar = callers["registrar"]
    for shown, publication in ((again, "published"), (draft, "restricted")):
        body = {"publication": publication}
        took(registrar.patch(one(shown), body, version_of(registrar, one(shown))))
    assert {client.get(path).status_code for path in paths_of(again)} == {200}
    assert client.get(one(draft)).status_code == 404
    whole(database)


def test_the_same_text_is_entered_once(callers, people):
    enter(callers, content(people))
    again = callers["registrar"].post(f"{V1}/proposals", content(people))
    assert again.status_code == 409
    assert "N2026-0001" in again.get_json()["detail"]


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("session", {"session": "nowhere"}),
        ("proposers", {"proposers": []}),
        ("proposers.0.proposer", {"proposers": [{"proposer": "nobody", "role": "lead"}]}),
        ("cosign_until", {"cosign_until": "2026-03-01"}),
        ("replaces", {"replaces": "D000-P99"}),
        ("replaces", {"replaces": "D002-P04"}),
        ("text", {"text": " \n "}),
        ("text", {"text": "零\u200b宽"}),
        ("title", {"title": ""}),
        ("recommendations.0.quotes", {"recommendations": [FIRST | {"quotes": []}]}),
        ("recommendations.0.tags", {"recommendations": [FIRST | {"tags": ["nothing"]}]}),
        (
            "recommendations.1.suggested_office",
            {"recommendations": [FIRST, SECOND | {"suggested_office": "nobody"}]},
        ),
        (
            "recommendations.0.suggested_office",
            {"recommendations": [FIRST | {"suggested_office": "zhengzhou-npc"}]},
        ),
        (
            "recommendations.0.quotes.0.text",
            {"recommendations": [FIRST | {"quotes": [{"text": "统筹布局"}]}]},
        ),
        (
            "recommendations.0.quotes.0.text",
            {"recommendations": [FIRST | {"quotes": [{"text": "没有这句话"}]}]},
        ),
        (
            "recommendations.0.quotes.0.nth",
            {"recommendations": [FIRST | {"quotes": [{"text": "统筹布局", "nth": 3}]}]},
        ),
    ],
)
def test_what_is_wrong_with_a_draft_is_named(callers, people, field, more):
    answer = callers["registrar"].post(f"{V1}/proposals", content(people[:1]) | more)
    assert field in told(answer)
    listed = callers["registrar"].get(f"{V1}/proposals?limit=200").get_json()["items"]
    assert not [row for row in listed if row["reference"].startswith("N2026")]


def test_exactly_one_proposer_leads(callers, people):
    for roles in (["cosigner"], ["lead", "lead"]):
        who = [{"proposer": s, "role": r} for s, r in zip(people, roles, strict=False)]
        answer = callers["registrar"].post(f"{V1}/proposals", content(people, proposers=who))
        assert "exactly one" in told(answer)["proposers"]
    who = [{"proposer": people[0], "role": role} for role in ("lead", "seconder")]
    answer = callers["registrar"].post(f"{V1}/proposals", content(people, proposers=who))
    assert "twice" in told(answer)["proposers"]


def test_a_person_is_added_once(callers, people, database):
    new = {"slug": "new-deputy", "name": "别人", "capacity": "npc_deputy", "body": "zhengzhou-npc"}
    assert callers["registrar"].post(f"{V1}/persons", new).status_code == 409
    assert callers["industry"].post(f"{V1}/persons", new).status_code == 403
    assert callers["registrar"].get(f"{V1}/persons/new-deputy").get_json()["name"] == "新代表"
    assert callers["industry"].get(f"{V1}/persons/new-deputy").status_code == 404
    whole(database)
