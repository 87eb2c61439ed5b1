"""One record of each kind and one caller of each kind, for the table of permissions."""

from dataclasses import dataclass, field, replace

import sqlalchemy as sa

from app.accounts.rules.keys import id_in
from app.accounts.services import accounts, approvals, exchanges, keys, principals
from app.core.clock import utcnow
from app.core.codes import (
    ActorKind,
    ApprovalKind,
    ApprovalState,
    AssignmentRole,
    Axis,
    OfficeRole,
    Role,
    Scope,
)
from app.core.rules.permissions import Actor
from app.handling.assignments.services.context import Work
from app.handling.assignments.services.dispatch import DispatchInput, dispatch
from app.handling.proposals.services import proposals
from app.models import AccessKey, KeySecret, Person, Proposal, Recommendation
from app.register.people.queries.reference_data import read_book
from app.register.recommendations.services import recommendation_offices, recommendations
from app.register.tags.services.tags import create_tag, tag
from tests.support.factories import DATA, INDUSTRY, OPERATOR, Caller, make_actor, organization
from tests.support.imports import import_of_nothing

GOVERNMENT = "zhengzhou-government"
ELSEWHERE = "198.51.100.0/24"
CALLERS = {
    "reader": (Role.READER, INDUSTRY),
    "editor": (Role.OFFICE_EDITOR, INDUSTRY),
    "head": (Role.OFFICE_HEAD, INDUSTRY),
    "joint": (Role.OFFICE_EDITOR, DATA),
    "registrar": (Role.REGISTRAR, None),
    "dispatcher": (Role.DISPATCHER, None),
    "supervisor": (Role.SUPERVISOR, GOVERNMENT),
    "auditor": (Role.AUDITOR, None),
    "security": (Role.SECURITY_ADMIN, None),
    "system": (Role.SYSTEM_ADMIN, None),
    "read_key": (Role.OFFICE_EDITOR, INDUSTRY),
    "elsewhere": (Role.OFFICE_EDITOR, INDUSTRY),
}
THIRD = {"reopen": Role.SUPERVISOR, "erase_person": Role.REGISTRAR}
MINE = {"registrar": "erase_person", "supervisor": "reopen", "security": "grant_admin"}

OBJECTS = {  # proposal → who leads, and who may see it
    "own": ("D000-P02", INDUSTRY, "published"),
    "other": ("D000-P05", DATA, "published"),
    "unassigned": ("D000-P06", None, "published"),
    "internal_own": ("D000-P07", INDUSTRY, "internal"),
    "internal_other": ("D000-P08", DATA, "internal"),
    "restricted": ("D000-P09", INDUSTRY, "restricted"),
}
ENDED = "D000-P10"
ABSENT = 999_999


@dataclass
class Scene:
    """What the table speaks of: callers by name, objects by name."""

    callers: dict = field(default_factory=dict)
    own_keys: dict = field(default_factory=dict)
    objects: dict = field(default_factory=dict)
    someone: int = 0
    second_keys: dict = field(default_factory=dict)
    their_key: tuple = ()
    new_key: tuple = ()
    codes: dict = field(default_factory=dict)
    approvals: dict = field(default_factory=dict)
    mine: dict = field(default_factory=dict)
    store: object = None


@dataclass
class Thing:
    """A recommendation with its proposal, its person and its tag."""

    id: int
    reference: str
    summary: str
    proposal: int
    proposal_reference: str
    title: str
    person: str
    tag: str
    lead: str
    assignment: int


def build(client, database):
    """Return the scene, made on *database*."""
    scene = Scene()
    database.write(lambda session: fill(session, scene, client))
    return scene


def fill(session, scene, client):
    """Make everything the table speaks of."""
    registrar = make_actor(session, Role.REGISTRAR)
    for name, (reference, lead, publication) in OBJECTS.items():
        scene.objects[name] = thing(session, registrar, name, reference, lead, publication)
    for name, (role, office) in CALLERS.items():
        scopes = [Scope.READ] if name == "read_key" else list(Scope)
        networks = [ELSEWHERE] if name == "elsewhere" else []
        made = key_of(session, name, role, office, scopes, networks)
        scene.own_keys[name] = made[1:]
        scene.second_keys[name] = second_key(session, made[1])
        scene.callers[name] = Caller(client, made[0])
    scene.callers["anonymous"] = Caller(client)
    scene.callers["bad_key"] = Caller(client, keys.rules.new_secret("aaaaaaaaaa"))
    _, *their = key_of(session, "someone", Role.READER, None, [Scope.READ], [])
    scene.their_key = tuple(their)
    scene.someone = session.get_one(AccessKey, their[0]).principal_id
    someone = session.get_one(principals.Principal, scene.someone)
    scene.new_key = (
        keys.create_key(session, OPERATOR, someone, keys.KeyInput(scopes=[Scope.READ])).id,
        0,
    )
    ask_everything(session, scene)


def key_of(session, name, role, office, scopes, networks):
    """Return a key with two live secrets: its text, its number, the number of the older secret."""
    account = principals.create_principal(
        session,
        OPERATOR,
        principals.AccountInput(kind=ActorKind.INTEGRATOR, name=name, roles=[role], office=office),
    )
    key = keys.create_key(
        session, OPERATOR, account, keys.KeyInput(scopes=scopes, networks=networks)
    )
    keys.issue_secret(session, OPERATOR, key)
    older = session.scalar(sa.select(KeySecret.id).where(KeySecret.key_id == key.id))
    secret = keys.issue_secret(session, OPERATOR, key)
    assert id_in(secret) == key.public_id
    return secret, key.id, older


def second_key(session, number):
    """Return another key of the holder of a key, and its one secret."""
    account = session.get_one(principals.Principal, session.get_one(AccessKey, number).principal_id)
    key = keys.create_key(session, OPERATOR, account, keys.KeyInput(scopes=list(Scope)))
    keys.issue_secret(session, OPERATOR, key)
    return key.id, session.scalar(sa.select(KeySecret.id).where(KeySecret.key_id == key.id))


def thing(session, registrar, name, reference, lead, publication):
    """Return the first recommendation of a proposal, led, planned, tagged and published so."""
    proposal = session.scalar(sa.select(Proposal).where(Proposal.reference == reference))
    rows = sa.select(Recommendation).where(Recommendation.proposal_id == proposal.id)
    record = session.scalars(rows.order_by(Recommendation.number)).first()
    if lead:
        assign(session, registrar, record, lead)
    label = {"slug": f"scene-{name.replace('_', '-')}", "name_zh": name, "name_en": name}
    own = create_tag(session, registrar, {**label, "definition": "一", "synonyms": []})
    tag(session, registrar, [record], add=[own.slug])
    plan(session, record, lead or INDUSTRY)
    given = dispatched(session, proposal, lead or "zhengzhou-finance")
    if publication != "published":  # last, as what is restricted cannot be dispatched
        proposals.edit_proposal(session, registrar, proposal, {"publication": publication})
    return Thing(
        record.id, record.reference, record.summary_zh, proposal.id, reference, proposal.title,
        person_of(session, proposal), own.slug, lead or record_lead(session, record), given.id,
    )  # fmt: skip


def dispatched(session, proposal, office):
    """Return the assignment by which *office* was given *proposal*."""
    work = Work(session, read_book(session), utcnow().date())
    given = DispatchInput(organization(session, office), AssignmentRole.LEAD, work.today)
    return dispatch(make_actor(session, Role.DISPATCHER), proposal, given, work)


def record_lead(session, record):
    """Return the slug of the office that is suggested to lead."""
    from app.models import Organization

    return session.get_one(Organization, record.lead_office_id).slug


def assign(session, registrar, record, lead):
    """Let *lead* lead, and the data office join where it does not lead."""
    recommendation_offices.assign(
        session, registrar, record, organization(session, lead), OfficeRole.LEAD
    )
    if lead == INDUSTRY:
        office = organization(session, DATA)
        recommendation_offices.assign(session, registrar, record, office, OfficeRole.JOINT)


def plan(session, record, lead):
    """Move *record* to planned, as its lead office, or behind the rules where none has it."""
    if record.lead_status == "taken_on":
        actor = make_actor(session, Role.OFFICE_EDITOR, office=lead)
        grounds = recommendations.RecommendationTransition()
        recommendations.move(session, actor, record, Axis.PROGRESS, "planned", grounds=grounds)
    else:
        record.progress = "planned"
        session.flush()


def person_of(session, proposal):
    """Give the one proposer of *proposal* contact data, and return their slug."""
    from app.models import Proposer
    from app.register.people.services.persons import edit_person

    own = sa.select(Proposer.person_id).where(Proposer.proposal_id == proposal.id)
    person = session.get_one(Person, session.scalar(own))
    contact = {"phone": "0371-1", "email": "a@example.org", "address": "某街一号"}
    contact |= {"unit": "某单位", "member_number": person.slug}
    edit_person(session, make_actor(session, Role.REGISTRAR), person, contact)
    return person.slug


def ask_everything(session, scene):
    """Let a third person ask one thing of each kind, and those who can ask, ask one themselves."""
    rows = sa.select(Recommendation).where(Recommendation.reference.startswith(ENDED))
    ended = session.scalars(rows.order_by(Recommendation.id)).first()
    ended.progress = "verified"
    session.flush()
    person = session.scalar(sa.select(Person).where(Person.slug == scene.objects["own"].person))
    abouts = {
        "reopen": (("recommendation", ended.id, ended.reference),
                   {"version": ended.version, "to": "in_progress", "note": None}),
        "erase_person": (("person", person.id, person.slug), {"version": person.version}),
        "erase_principal": (("principal", scene.someone, "someone"), {"version": 1}),
        "grant_admin": (("principal", scene.someone, "someone"),
                        {"version": 1, "values": {"roles": ["auditor"]}}),
    }  # fmt: skip
    for kind, (about, payload) in abouts.items():
        role = THIRD.get(kind, Role.SECURITY_ADMIN)
        _, key, _ = key_of(session, f"third {kind}", role, None, list(Scope), [])
        asker = actor_with(session, key, role)
        made = approvals.ask(session, asker, ApprovalKind(kind), about, payload, "有理由")
        scene.approvals[kind] = made.id
    _, key, _ = key_of(session, "third import", Role.REGISTRAR, None, list(Scope), [])
    asker = actor_with(session, key, Role.REGISTRAR)
    scene.approvals["import"] = approvals.ask_for(session, asker, import_of_nothing()).id
    ask_for_keys(session, scene)
    for name, kind in MINE.items():
        asker = actor_with(session, scene.own_keys[name][0], CALLERS[name][0])
        made = approvals.ask(session, asker, ApprovalKind(kind), *abouts[kind], "有理由")
        scene.mine[name] = made.id


KEY = {"scopes": [Scope.READ, Scope.WRITE], "networks": [], "days": 9}


def ask_for_keys(session, scene):
    """Let a third person ask for an account and for keys, of which two are approved.

    Of these one was exchanged already. Something is asked too by an account that the security
    administrator made alone.
    """
    security = actor_with(session, scene.own_keys["security"][0], Role.SECURITY_ADMIN)
    _, key, _ = key_of(session, "third of keys", Role.SECURITY_ADMIN, None, list(Scope), [])
    asker = actor_with(session, key, Role.SECURITY_ADMIN)
    someone = session.get_one(principals.Principal, scene.someone)
    for name in ("good", "used"):
        made, asked = accounts.ask_for_key(session, asker, someone, KEY, "有理由")
        done = approvals.decide(session, security, made, ApprovalState.APPROVED)
        scene.codes[name] = [asked[0].half, done.halves[0].half]
    exchanges.exchange(session, scene.codes["used"], None)
    made, _ = accounts.ask_for_key(session, asker, someone, KEY, "有理由")
    scene.approvals["write_key"] = made.id
    account = {"kind": "integrator", "name": "新人", "roles": ["reader"], "key": KEY}
    made, _ = accounts.ask_for_account(session, asker, account, "有理由")
    scene.approvals["create_principals"] = made.id
    alone = principals.create_principal(
        session,
        security,
        principals.AccountInput(
            kind=ActorKind.INTEGRATOR, name="alone", roles=[Role.SECURITY_ADMIN]
        ),
    )
    asker = replace(asker, principal_id=alone.id, name_seal=alone.name_seal)
    seen = {"version": someone.version}
    kind, about = ApprovalKind.ERASE_PRINCIPAL, principals.about(someone)
    made = approvals.ask(session, asker, kind, about, seen, "有理由")
    scene.approvals["made_alone"] = made.id


def actor_with(session, key_id, role):
    """Return the holder of a key as an actor."""
    number = session.get_one(AccessKey, key_id).principal_id
    plain = Actor(ActorKind.INTEGRATOR, "", principal_id=number, roles=frozenset({role}))
    mark = session.get_one(principals.Principal, number).name_seal
    return replace(plain, name_seal=mark)
