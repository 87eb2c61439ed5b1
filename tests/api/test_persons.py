"""Persons: entered once, corrected with their history, told apart; merged where entered twice."""

import json

import pytest
import sqlalchemy as sa

from app.models import Event, Person, Replay, SealedValue
from tests.support.casework import V1, told_anew, took, version_of, whole
from tests.support.drafts import content, filed
from tests.support.factories import DATA, EDITOR, REGISTRAR, everything, make_caller
from tests.support.problems import told
from tests.support.trust import decide

pytestmark = pytest.mark.one_database

PERSON = {
    "slug": "wang-wei",
    "name": "王伟",
    "capacity": "npc_deputy",
    "body": "zhengzhou-npc",
}
OTHER = PERSON | {"slug": "wang-wei-2"}
KNOWN = {
    "delegation": "中原代表团",
    "unit": "郑州某装备公司总工程师",
    "member_number": "A-017",
    "phone": "0371-55",
}


@pytest.fixture
def registrar(client, database):
    return make_caller(client, database, *REGISTRAR)


@pytest.fixture
def other_registrar(client, database):
    return make_caller(client, database, *REGISTRAR)


@pytest.fixture
def made(registrar):
    """Give the answer to entering a person of whom all is known."""
    return took(registrar.post(f"{V1}/persons", PERSON | KNOWN | {"terms": [15, 16]}))


def path(person):
    return f"{V1}/persons/{person}"


def edit(registrar, person, **values):
    return registrar.patch(path(person), values, version_of(registrar, path(person)))


def merge(registrar, person, into, reason="重复登记，身份证件核对一致"):
    body = {"into": into, "reason": reason}
    return registrar.post(f"{path(person)}/merge", body, version_of(registrar, path(person)))


def proposed(registrar, person, title="关于加快算力中心建设的建议", **more):
    """Let *person* propose something, and return the proposal."""
    text = f"{title}\n一、加快建设郑州算力中心，统筹布局智算资源。\n二、设立人才基金，统筹布局。\n"
    return took(
        registrar.post(f"{V1}/proposals", content([person], title=title, text=text, **more))
    )


def published(registrar, draft):
    """File and publish *draft*."""
    filed({"registrar": registrar}, draft)
    one = f"{V1}/proposals/{draft['id']}"
    took(registrar.patch(one, {"publication": "published"}, version_of(registrar, one)))


def found(caller, query):
    """Return the numbers of the proposals that *query* finds."""
    return {row["id"] for row in took(caller.get(f"{V1}/proposals?{query}"))["items"]}


def events(database, person):
    """Return the events of *person* as (operation, changes, note)."""

    def read(session):
        own = (Event.record_type == "person", Event.record_reference == person)
        rows = session.scalars(sa.select(Event).where(*own).order_by(Event.sequence))
        return [(row.operation, json.loads(row.changes), row.note) for row in rows]

    return database.read(read)


# -- entered and corrected -----------------------------------------------------------------------


def test_a_person_is_entered_with_what_tells_them_apart(registrar, made, client, database):
    assert {name: made[name] for name in KNOWN} == KNOWN
    assert (made["terms"], made["merged_into"], made["sector"]) == ([15, 16], None, None)
    editor = make_caller(client, database, *EDITOR, office=DATA)
    draft = proposed(registrar, "wang-wei")
    assert editor.get(path("wang-wei")).status_code == 404
    published(registrar, draft)
    for caller in (client, editor):
        shown = caller.get(path("wang-wei")).get_json()
        assert (shown["delegation"], shown["terms"]) == ("中原代表团", [15, 16])
        assert (shown["unit"], shown["member_number"], shown["phone"]) == (None, None, None)
    [row] = client.get(f"{V1}/persons?q=王伟").get_json()["items"]
    assert row["delegation"] == "中原代表团"
    assert not {"unit", "member_number", "phone", "member_key"} & row.keys()
    whole(database)
    told_anew(database)


def test_a_corrected_name_leaves_what_was_printed_and_stands_in_the_history(
    registrar, made, database
):
    draft = proposed(registrar, "wang-wei")
    took(edit(registrar, "wang-wei", name="王玮", note="身份证件为“玮”"))
    [proposer] = registrar.get(f"{V1}/proposals/{draft['id']}").get_json()["proposers"]
    assert (proposer["as_printed"], proposer["name"]) == ("王伟", "王玮")
    hits = registrar.get(f"{V1}/recommendations?q=王伟").get_json()["items"]
    assert {row["proposal"]["id"] for row in hits} == {draft["id"]}
    assert found(registrar, "proposer=wang-wei") == {draft["id"]}
    last = events(database, "wang-wei")[-1]
    assert last == ("person.edited", {"name": ["王伟", "王玮"]}, "身份证件为“玮”")
    again = edit(registrar, "wang-wei", name="王玮")
    assert again.get_json()["version"] == 2, "nothing differs, so nothing is written"
    whole(database)


def test_what_is_personal_stands_in_no_event(registrar, made, database):
    took(edit(registrar, "wang-wei", unit="另一单位", delegation=None, terms=[16]))
    shown = registrar.get(path("wang-wei")).get_json()
    assert (shown["unit"], shown["delegation"], shown["terms"]) == ("另一单位", None, [16])
    texts = json.dumps(events(database, "wang-wei"), ensure_ascii=False)
    assert not [value for value in (*KNOWN.values(), "另一单位") if value in texts]
    assert '"terms": [[15, 16], [16]]' in texts
    whole(database)
    told_anew(database)


def test_nobody_but_a_registrar_corrects_or_merges(client, made, registrar, database):
    took(registrar.post(f"{V1}/persons", OTHER | {"is_namesake": True}))
    editor = make_caller(client, database, *EDITOR, office=DATA)
    assert editor.patch(path("wang-wei"), {"name": "王玮"}, 1).status_code in (403, 404)
    body = {"into": "wang-wei-2", "reason": "重复"}
    assert editor.post(f"{path('wang-wei')}/merge", body, 1).status_code in (403, 404)


# -- told apart ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["王伟", " 王 伟 ", "王\u3000伟"])
def test_another_of_the_same_name_is_a_conflict_that_names_the_other(registrar, made, name):
    refused = registrar.post(f"{V1}/persons", OTHER | {"name": name})
    assert refused.status_code == 409
    detail = refused.get_json()["detail"]
    assert "wang-wei" in detail
    assert "is_namesake" in detail
    took(registrar.post(f"{V1}/persons", OTHER | {"name": name, "is_namesake": True}))


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"delegation": "金水代表团"}, 201),
        ({"delegation": " 中原 代表团"}, 409),
        ({"unit": "郑州某医院院长"}, 201),
        ({"member_number": "A-018"}, 201),
        ({"sector": "科技界"}, 409),
        ({"body": "zhengzhou-cppcc", "capacity": "cppcc_member"}, 201),
        ({"name": "王炜"}, 201),
    ],
)
def test_what_is_known_of_both_and_differs_tells_them_apart(registrar, made, more, status):
    assert registrar.post(f"{V1}/persons", OTHER | more).status_code == status


def test_a_name_is_not_corrected_into_somebody_elses_unless_it_is_said(registrar, made, database):
    took(registrar.post(f"{V1}/persons", OTHER | {"name": "王玮"}))
    refused = edit(registrar, "wang-wei-2", name="王伟")
    assert (refused.status_code, "wang-wei" in refused.get_json()["detail"]) == (409, True)
    took(edit(registrar, "wang-wei-2", name="王伟", is_namesake=True))
    took(edit(registrar, "wang-wei-2", phone="0371-1"))
    whole(database)


@pytest.mark.parametrize("number", ["A-017", " ａ-017", "a - 017"])
def test_a_member_number_is_one_persons_however_it_is_typed(registrar, made, number):
    new = OTHER | {"name": "李娜", "member_number": number}
    refused = registrar.post(f"{V1}/persons", new)
    assert (refused.status_code, "wang-wei" in refused.get_json()["detail"]) == (409, True)
    elsewhere = {"body": "zhengzhou-cppcc", "capacity": "cppcc_member"}
    took(registrar.post(f"{V1}/persons", new | elsewhere))
    took(registrar.post(f"{V1}/persons", new | {"slug": "li-na", "member_number": "A-018"}))
    refused = edit(registrar, "li-na", member_number=number)
    assert (refused.status_code, "wang-wei" in refused.get_json()["detail"]) == (409, True)
    took(edit(registrar, "wang-wei", member_number=None))
    took(edit(registrar, "li-na", member_number=number))


# -- entered twice -------------------------------------------------------------------------------


@pytest.fixture
def twice(registrar, made):
    """Give the proposals of a person who was entered twice, as (the one, the other)."""
    more = {"is_namesake": True, "email": "w@example.org", "member_number": "9"}
    took(registrar.post(f"{V1}/persons", OTHER | more))
    one = proposed(registrar, "wang-wei")["id"]
    return one, proposed(registrar, "wang-wei-2", "关于算力的另一件建议")["id"]


def test_what_either_proposed_is_the_one_that_stays(registrar, twice, client, database):
    one, other = twice
    assert found(registrar, "proposer=wang-wei") == {one}
    merged = took(merge(registrar, "wang-wei-2", "wang-wei"))
    assert (merged["slug"], merged["merged_into"]) == ("wang-wei-2", "wang-wei")
    for slug in ("wang-wei", "wang-wei-2"):
        assert found(registrar, f"proposer={slug}") == {one, other}
        listed = registrar.get(f"{V1}/recommendations?proposer={slug}").get_json()["items"]
        assert {row["proposal"]["id"] for row in listed} == {one, other}
    [proposer] = registrar.get(f"{V1}/proposals/{other}").get_json()["proposers"]
    assert (proposer["slug"], proposer["as_printed"]) == ("wang-wei", "王伟")
    published(registrar, {"id": other})
    assert client.get(path("wang-wei")).get_json()["merged_into"] is None
    assert client.get(path("wang-wei-2")).get_json()["merged_into"] == "wang-wei"
    assert client.get(f"{V1}/proposals?proposer=wang-wei").get_json()["items"][0]["id"] == other
    whole(database)
    told_anew(database)


def test_what_was_known_of_either_is_known_of_the_one_that_stays(registrar, twice):
    took(merge(registrar, "wang-wei-2", "wang-wei"))
    shown = registrar.get(path("wang-wei")).get_json()
    assert (shown["email"], shown["member_number"]) == ("w@example.org", "A-017")
    new = PERSON | {"slug": "li-na", "name": "李娜", "member_number": "9"}
    took(registrar.post(f"{V1}/persons", new))


def test_a_merger_stands_in_the_history_of_both(registrar, twice, database):
    took(merge(registrar, "wang-wei-2", "wang-wei", "同一人"))
    last = events(database, "wang-wei-2")[-1]
    assert last == ("person.merged", {"merged_into": [None, "wang-wei"]}, "同一人")
    operation, changes, note = events(database, "wang-wei")[-1]
    assert (operation, changes["joined"], note) == ("person.joined", [None, "wang-wei-2"], "同一人")


def test_one_who_was_entered_three_times_is_one(registrar, twice, database):
    third = took(registrar.post(f"{V1}/persons", OTHER | {"slug": "third", "is_namesake": True}))
    took(merge(registrar, third["slug"], "wang-wei-2"))
    took(merge(registrar, "wang-wei-2", "wang-wei"))
    assert registrar.get(path("third")).get_json()["merged_into"] == "wang-wei"
    assert events(database, "third")[-1][1] == {"merged_into": ["wang-wei-2", "wang-wei"]}
    assert found(registrar, "proposer=third") == set(twice)
    whole(database)


def test_what_cannot_be_merged_is_said(registrar, twice):
    member = OTHER | {"slug": "member", "body": "zhengzhou-cppcc", "capacity": "cppcc_member"}
    took(registrar.post(f"{V1}/persons", member))
    for into in ("wang-wei-2", "member", "nobody"):
        told(merge(registrar, "wang-wei-2", into), 422, "into")
    body = {"into": "wang-wei"}
    told(registrar.post(f"{path('wang-wei-2')}/merge", body, 1), 422, "reason")
    took(merge(registrar, "wang-wei-2", "wang-wei"))
    problem = told(merge(registrar, "wang-wei", "wang-wei-2"), 422, "into")
    assert "wang-wei" in problem["errors"][0]["message"]
    refused = merge(registrar, "wang-wei-2", "wang-wei")
    assert (refused.status_code, "wang-wei" in refused.get_json()["detail"]) == (409, True)
    assert edit(registrar, "wang-wei-2", phone="1").status_code == 409


def test_who_was_merged_proposes_nothing_more_under_that_name(registrar, twice):
    took(merge(registrar, "wang-wei-2", "wang-wei"))
    draft = registrar.post(f"{V1}/proposals", content(["wang-wei-2"]))
    problem = told(draft, 422, "proposers.0.proposer")
    assert "wang-wei" in problem["errors"][0]["message"]
    same = registrar.post(
        f"{V1}/proposals",
        content(["wang-wei"], text=registrar_text(registrar, twice[1]), recommendations=[]),
    )
    assert same.status_code == 409, "the same text stands as theirs already"


def registrar_text(registrar, proposal):
    """Return the whole text of *proposal*."""
    document = registrar.get(f"{V1}/proposals/{proposal}").get_json()["document"]["id"]
    return registrar.get(f"{V1}/documents/{document}/text").get_data(as_text=True)


# -- erased --------------------------------------------------------------------------------------


def test_all_that_is_personal_goes_with_an_erasure_under_either_name(
    registrar, other_registrar, twice, database
):
    took(merge(registrar, "wang-wei-2", "wang-wei"))
    asked = registrar.post(f"{path('wang-wei-2')}/erasure", {"reason": "本人要求"}).get_json()
    assert decide(other_registrar, asked).status_code == 200
    for slug in ("wang-wei", "wang-wei-2"):
        shown = registrar.get(path(slug)).get_json()
        assert {shown[name] for name in (*KNOWN, "email", "sector")} == {None}

    def left(session):
        people = session.execute(sa.select(Person.delegation, Person.sector, Person.member_key))
        own = SealedValue.subject_type == "person"
        return [v for row in people for v in row] + session.scalars(
            sa.select(SealedValue.value).where(own)
        ).all()

    assert set(database.read(left)) == {None}
    whole(database)


def test_kept_answers_go_with_an_erasure(registrar, other_registrar, database):
    again = {"Idempotency-Key": "k"}
    took(registrar.post(f"{V1}/persons", PERSON | KNOWN, **again))
    asked = registrar.post(f"{path('wang-wei')}/erasure", {"reason": "本人要求"}).get_json()
    kept = sa.select(Replay.body).where(Replay.key == "k")
    assert KNOWN["phone"] in database.read(lambda session: session.scalar(kept))
    assert decide(other_registrar, asked).status_code == 200
    assert database.read(lambda session: session.scalar(kept)) is None


def test_what_is_shown_of_a_person_is_what_was_sealed(registrar, made, database):
    def change(session, **values):
        with session.begin_nested() as undone:
            session.execute(sa.update(Person).where(Person.slug == "wang-wei").values(**values))
            told = everything(session)
            undone.rollback()
        return told

    for values in ({"delegation": "别的代表团"}, {"sector": "科技界"}, {"member_key": "x"}):
        told_of = database.write(lambda session, values=values: change(session, **values))
        assert told_of == ["person wang-wei: what is shown of them is not what was sealed"]
    for values in ({"terms": [1]}, {"merged_into_id": 1}):
        found_of = database.write(lambda session, values=values: change(session, **values))
        assert any("no event explains" in sentence for sentence in found_of)


# -- in which capacity ---------------------------------------------------------------------------


@pytest.fixture
def seats(registrar):
    """Let there be a plenary of the CPPCC and one of the congress, and someone in each body."""
    for body in ("npc", "cppcc"):
        sitting = {"slug": f"{body}-plenary", "body": f"zhengzhou-{body}", "kind": "plenary",
                   "name_zh": "第十六届第二次会议", "term": 16, "meeting": 2}  # fmt: skip
        took(registrar.post(f"{V1}/sessions", sitting))
    took(registrar.post(f"{V1}/persons", PERSON | {"terms": [15]}))
    member = {"slug": "member", "name": "赵敏", "capacity": "cppcc_member",
              "body": "zhengzhou-cppcc", "terms": [15, 16]}  # fmt: skip
    took(registrar.post(f"{V1}/persons", member))


CPPCC = {"kind": "cppcc_proposal", "session": "cppcc-plenary"}
NPC = {"kind": "npc_suggestion", "session": "npc-plenary"}


@pytest.mark.parametrize(
    ("person", "where", "why"),
    [
        ("wang-wei", CPPCC, "is a deputy"),
        ("member", NPC, "is a member of the CPPCC"),
        ("wang-wei", CPPCC | {"kind": "plenary_speech"}, "not in the body"),
        ("wang-wei", NPC, "term 16"),
        ("liu-li", CPPCC | {"kind": "plenary_speech"}, "not in the body"),
    ],
)
def test_whether_they_propose_there_is_asked(registrar, seats, database, person, where, why):
    refused = registrar.post(f"{V1}/proposals", content([person], **where))
    problem = told(refused, 422, "proposers.0.capacity_confirmed")
    assert why in problem["errors"][0]["message"]
    draft = content([person], **where)
    draft["proposers"][0]["capacity_confirmed"] = True
    made = took(registrar.post(f"{V1}/proposals", draft))

    def first(session):
        own = (Event.operation == "proposal.created", Event.record_id == made["id"])
        return json.loads(session.scalar(sa.select(Event.changes).where(*own)))

    assert database.read(first)["capacity_confirmed"] == [[], [person]]
    whole(database)


@pytest.mark.parametrize(
    ("person", "where"),
    [
        ("member", CPPCC),
        ("member", CPPCC | {"kind": "public_opinion"}),
        ("member", {"kind": "cppcc_proposal", "session": "zhengzhou-lianghui-industry"}),
        ("wang-wei", {"kind": "npc_bill", "session": "zhengzhou-lianghui-industry"}),
        ("zhengzhou-cppcc-economy", CPPCC),
    ],
)
def test_who_sits_there_is_asked_nothing(registrar, seats, person, where):
    took(registrar.post(f"{V1}/proposals", content([person], **where)))
