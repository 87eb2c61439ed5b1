"""Nobody gains by an account alone; and many accounts are made in one act."""

import json

import pytest
import sqlalchemy as sa

from app.accounts.rules.accounts import MOST_AT_ONCE
from app.accounts.services import approvals, keys, principals
from app.core.codes import ActorKind, ApprovalState, Role, Scope
from app.core.rules.permissions import Actor
from app.models import AccessKey, Approval, Event, Principal, Replay
from tests.support.accounts import V1, approved, code_of, exchanged, new_account
from tests.support.exchanges import account_of, admins
from tests.support.factories import INDUSTRY, Caller, everything
from tests.support.problems import told

pytestmark = pytest.mark.one_database

__all__ = ["admins"]

KEY = {"scopes": ["read", "write"], "networks": ["127.0.0.0/8"], "days": 365}
PERSON = {"kind": "person", "name": "张三", "roles": ["office_head"], "office": INDUSTRY,
          "subject": "zhang"}  # fmt: skip
DESK = {"name": "工信局接口", "roles": ["office_editor"], "office": INDUSTRY, "key": KEY}


def batch(caller, *accounts, **more):
    return caller.post(f"{V1}/principals/batch", {"accounts": [*accounts], **more})


def decided(caller, asked, decision="approve"):
    path = f"{V1}/approvals/{asked.get_json()['id']}/decision"
    return caller.post(path, {"decision": decision})


# -- what one person may do ----------------------------------------------------------------------


GAINS = {
    "a further role": {"roles": ["reader", "dispatcher"]},
    "another role": {"roles": ["supervisor"]},
    "an office": {"office": INDUSTRY},
    "being let in again": {"disabled": False},
}


@pytest.mark.parametrize("gain", GAINS)
def test_what_an_account_gains_takes_two(admins, database, gain):
    one, two = admins["one"], admins["two"]
    path = f"{V1}/principals/{new_account(one, two, name='甲', roles=['reader'])['id']}"
    if "disabled" in GAINS[gain]:
        assert one.patch(path, {"disabled": True}, 1).status_code == 200
    before = one.get(path).get_json()
    asked = one.patch(path, GAINS[gain], before["version"])
    assert (asked.status_code, asked.get_json()["kind"]) == (202, "grant_admin")
    assert one.get(path).get_json() == before
    told(decided(one, asked), 403)
    approved(two, asked)
    assert one.get(path).get_json()["version"] == before["version"] + 1
    assert database.read(everything) == []


def test_no_office_is_a_gain_too(admins):
    one, two = admins["one"], admins["two"]
    account = new_account(one, two, name="甲", roles=["supervisor"], office=INDUSTRY)
    path = f"{V1}/principals/{account['id']}"
    assert one.patch(path, {"office": None}, 1).status_code == 202
    assert one.patch(path, {"office": INDUSTRY}, 1).status_code == 200  # as it is


def test_one_person_takes_away_and_shuts_out_at_once(admins):
    one, two = admins["one"], admins["two"]
    account = new_account(one, two, name="甲", roles=["dispatcher", "supervisor"])
    path = f"{V1}/principals/{account['id']}"
    assert one.patch(path, {"roles": ["supervisor"]}, 1).get_json()["roles"] == ["supervisor"]
    assert one.patch(path, {"roles": ["reader"]}, 2).get_json()["roles"] == ["reader"]
    assert one.patch(path, {"disabled": True}, 3).get_json()["disabled_at"]


# -- one hand ------------------------------------------------------------------------------------


def alone(database, maker, **more):
    """Return a key of a security administrator whom the account *maker* made alone, as an earlier
    release let it."""

    def make(session):
        actor = Actor(ActorKind.INTEGRATOR, "甲", principal_id=maker, roles=frozenset())
        account = principals.create_principal(
            session,
            actor,
            principals.AccountInput(
                kind=ActorKind.INTEGRATOR, name="乙", roles=[Role.SECURITY_ADMIN]
            ),
        )
        key = keys.create_key(session, actor, account, keys.KeyInput(scopes=tuple(Scope), **more))
        return keys.add_secret(session, actor, key, "key.secret_issued")

    return database.write(make)


def test_an_account_that_one_made_alone_is_no_second_person(admins, client, database):
    one, two = admins["one"], admins["two"]
    made = Caller(client, alone(database, account_of(database, one)))
    body = {"name": "丙", "roles": ["reader"]}
    asked, back = one.post(f"{V1}/principals", body), made.post(f"{V1}/principals", body)
    problem = told(decided(made, asked), 403)
    assert "in one hand" in problem["detail"]
    told(decided(one, back), 403)
    assert decided(made, asked, "reject").status_code == 200  # who stops something gains nothing
    assert decided(two, back).status_code == 200


def test_an_account_leaves_the_hand_that_made_it_by_two_and_a_new_key(admins, client, database):
    one, two = admins["one"], admins["two"]
    first = Caller(client, alone(database, account_of(database, one)))
    path = f"{V1}/principals/{account_of(database, first)}"
    approved(two, one.patch(path, {"roles": ["security_admin", "reader"], "note": "核实"}, 1))
    asked = one.post(f"{path}/keys", {"scopes": ["read", "write", "administer"], "reason": "换"})
    new = exchanged(client, code_of(asked, approved(two, asked))).get_json()
    made = Caller(client, new["secret"])
    body = {"name": "丙", "roles": ["reader"]}
    waiting = one.post(f"{V1}/principals", body)
    told(decided(made, waiting), 403)  # the key that one drew still opens it
    [old, _] = one.get(f"{path}/keys").get_json()["items"]
    assert made.post(f"{V1}/keys/{old['id']}/revocation", {}).status_code == 200
    assert decided(made, waiting).status_code == 200


def test_an_account_that_two_made_is_a_second_person(admins, client, database):
    one, two = admins["one"], admins["two"]
    scopes = ["read", "write", "administer"]
    body = {"name": "乙", "roles": ["security_admin"], "reason": "增员", "key": {"scopes": scopes}}
    asked = one.post(f"{V1}/principals", body)
    key = exchanged(client, code_of(asked, approved(two, asked))).get_json()
    waiting = one.post(f"{V1}/principals", {"name": "丙", "roles": ["reader"]})
    assert decided(Caller(client, key["secret"]), waiting).status_code == 200


# -- many at once --------------------------------------------------------------------------------


def test_many_accounts_are_made_in_one_act(admins, client, database):
    one, two = admins["one"], admins["two"]
    rows = [{**DESK, "name": f"接口{number}"} for number in range(30)]
    asked = batch(one, PERSON, *rows, reason="各单位开户")
    halves = asked.get_json()["halves"]
    assert [half["account"] for half in halves] == list(range(1, 31))
    shown = two.get(f"{V1}/approvals/{asked.get_json()['id']}").get_json()["payload"]["accounts"]
    assert [row["name"] for row in shown] == ["张三", *(row["name"] for row in rows)]
    assert shown[0]["subject"].endswith("|zhang")
    assert shown[1]["key"] == KEY
    done = approved(two, asked)
    assert [half["account"] for half in done["halves"]] == list(range(1, 31))
    made = done["principals"]
    assert len(made) == 31
    person = one.get(f"{V1}/principals/{made[0]}").get_json()
    assert (person["kind"], person["name"], person["roles"]) == ("person", "张三", ["office_head"])
    for place in (0, 29):
        key = exchanged(client, code_of(asked, done, place)).get_json()
        assert key["principal_id"] == made[place + 1]
        me = Caller(client, key["secret"]).get(f"{V1}/me").get_json()
        assert me["name"] == rows[place]["name"]
    assert database.read(everything) == []


def test_five_hundred_accounts_are_asked_for_and_no_more(admins, database):
    rows = [{**DESK, "name": f"接口{number}"} for number in range(MOST_AT_ONCE)]
    asked = batch(admins["one"], *rows)
    assert len(asked.get_json()["halves"]) == MOST_AT_ONCE
    told(batch(admins["one"], *rows, DESK), 422, "accounts")


WRONG = {
    "an office that is none": ({**DESK, "office": "nothing"}, "office"),
    "no office": ({"name": "甲", "roles": ["office_editor"]}, "office"),
    "roles that do not go together": ({**DESK, "roles": ["auditor", "registrar"]}, "roles"),
    "a person without a subject": ({k: v for k, v in PERSON.items() if k != "subject"}, "subject"),
    "a subject of no person": ({**DESK, "subject": "x"}, "subject"),
    "a key of a person": ({**PERSON, "subject": "li", "key": KEY}, "key"),
    "the same subject twice": (PERSON, "subject"),
    "no network": ({**DESK, "key": {**KEY, "networks": ["10.0.0.1"]}}, "key.networks"),
    "too many days": ({**DESK, "key": {**KEY, "days": 366}}, "key.days"),
    "a name that is blank": ({**DESK, "name": " "}, "name"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_named_by_its_place_and_field(admins, what):
    row, field = WRONG[what]
    problem = told(
        batch(admins["one"], PERSON, DESK, row, reason="开户"), 422, f"accounts.2.{field}"
    )
    assert {error["field"] for error in problem["errors"]} == {f"accounts.2.{field}"}
    assert admins["one"].get(f"{V1}/approvals").get_json()["items"] == []


def test_all_accounts_are_made_or_none(admins, database):
    one, two = admins["one"], admins["two"]
    asked = batch(one, DESK, PERSON)
    approved(two, one.post(f"{V1}/principals", PERSON))
    before = one.get(f"{V1}/principals?limit=200").get_json()["items"]
    told(decided(two, asked), 409)
    assert one.get(f"{V1}/principals?limit=200").get_json()["items"] == before
    told(one.post(f"{V1}/principals", PERSON), 422, "subject")
    assert database.read(everything) == []


def test_names_of_accounts_that_wait_stand_in_no_event_and_go_with_the_decision(admins, database):
    one, two = admins["one"], admins["two"]
    rare = {**PERSON, "name": "姓名很少见", "subject": "rare-1234"}

    def texts(*models):
        rows = database.read(
            lambda s: [s.execute(sa.select(*m.__table__.columns)).all() for m in models]
        )
        return json.dumps(rows, default=str, ensure_ascii=False)

    for decision, who in (("reject", two), ("withdraw", one), ("approve", two)):
        asked = one.post(f"{V1}/principals", rare)
        assert "姓名很少见" in two.get(f"{V1}/approvals/{asked.get_json()['id']}").text
        assert "姓名很少见" not in texts(Event)
        assert "rare-1234" not in texts(Event)
        assert decided(who, asked, decision).status_code == 200
        assert "姓名很少见" not in texts(Event, Approval, Replay)
        assert "rare-1234" not in texts(Event, Approval, Replay)
    assert "姓名很少见" in texts(Principal)
    assert database.read(everything) == []


def test_names_of_a_request_that_expired_go_with_the_next_one(admins, database, monkeypatch):
    one = admins["one"]
    number = one.post(f"{V1}/principals", PERSON).get_json()["id"]
    later = approvals.utcnow() + approvals.PATIENCE
    monkeypatch.setattr("app.core.clock.clock", lambda: later)
    one.post(f"{V1}/principals", {**PERSON, "name": "李四"})
    kept = database.read(lambda s: s.get_one(Approval, number))
    assert kept.personal is None
    assert approvals.state_of(kept, later) is ApprovalState.EXPIRED
    assert database.read(everything) == []


def test_names_that_were_exchanged_behind_the_log_are_noticed_and_not_carried_out(admins, database):
    asked = admins["one"].post(f"{V1}/principals", PERSON)
    number = asked.get_json()["id"]

    def exchange_names(session):
        kept = session.get_one(Approval, number).personal
        values = {"personal": [{**kept[0], "subject": "mallory"}]}
        session.execute(sa.update(Approval).where(Approval.id == number).values(values))

    database.write(exchange_names)
    [sentence] = database.read(everything)
    assert f"approval {number}: the names that wait" in sentence
    told(decided(admins["two"], asked), 409)


def test_a_key_that_was_asked_for_before_there_were_codes_is_asked_for_anew(admins, database):
    account = new_account(admins["one"], admins["two"], name="平台", roles=["reader"])

    def ask(session):
        number = account_of(database, admins["one"])
        roles = frozenset({Role.SECURITY_ADMIN})
        actor = Actor(ActorKind.INTEGRATOR, "", principal_id=number, roles=roles)
        record = session.get_one(Principal, account["id"])
        payload = {"scopes": ["write"], "networks": [], "days": 9, "version": record.version}
        about = principals.about(record)
        return approvals.ask(session, actor, "write_key", about, payload, "同步").id

    number = database.write(ask)
    path = f"{V1}/approvals/{number}/decision"
    told(admins["two"].post(path, {"decision": "approve"}), 409)
    mine = sa.select(AccessKey.id).where(AccessKey.principal_id == account["id"])
    assert database.read(lambda s: s.scalars(mine).all()) == []
