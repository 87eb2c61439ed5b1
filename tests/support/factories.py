"""Plain functions that make what a test needs."""

from sqlalchemy import select

from app.accounts.services.keys import add_key
from app.audit.services.recorder import record_event
from app.core.base import columns_of
from app.core.codes import ActorKind, Role
from app.core.rules.permissions import Actor
from app.models import Organization, Recommendation, RuleProfile
from app.register.counting.services import keep_answers
from app.register.tags.services.tags import renew_vocabulary
from app.register.verification.queries import verification
from app.tasks.services.next_due import refresh

OPERATOR = Actor(ActorKind.OPERATOR, "tests")
INDUSTRY = "zhengzhou-industry"
DATA = "zhengzhou-data"
PARK = "D002-P04-R12"
"""The recommendation to build the AI industrial park; its suggested lead is INDUSTRY."""


class Undone:
    """What is written on *bind* from now on is undone in the end, or at the end of a block.

    PostgreSQL keeps a savepoint open that is only rolled back to, with its locks, and puts the
    next one into it: so there are two, of which the outer one is released.
    """

    def __init__(self, bind):
        self.outer, self.inner = bind.begin_nested(), bind.begin_nested()

    def end(self):
        """Undo it."""
        self.inner.rollback()
        self.outer.commit()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.end()


def make_actor(session, *roles, office=None):
    """Return an actor with *roles*, of *office* (a slug)."""
    found = organization(session, office) if office else None
    return Actor(
        ActorKind.INTEGRATOR,
        "测试人员",
        office_id=found.id if found else None,
        office_name=found.name_zh if found else None,
        roles=frozenset(roles),
    )


def organization(session, slug):
    """Return the organization *slug*."""
    return session.scalar(select(Organization).where(Organization.slug == slug))


def further_edition(session, slug="cppcc-common-practice", **limits):
    """Add a further edition of the rules *slug*, with more *limits*, and return its reference."""
    rows = select(RuleProfile).where(RuleProfile.slug == slug).order_by(RuleProfile.edition)
    known = list(session.scalars(rows))[-1]
    tracked = {"id", "version", "created_at", "updated_at"}
    content = {name: getattr(known, name) for name in set(columns_of(RuleProfile)) - tracked}
    content |= {"edition": known.edition + 1, "reference": f"{slug}@{known.edition + 1}"}
    made = RuleProfile(**content | {"limits": known.limits | limits})
    session.add(made)
    session.flush()
    reference = made.reference
    record_event(
        session, OPERATOR, made, "profile.created", {"reference": (None, reference)},
        )  # fmt: skip
    renew_vocabulary(session)
    return reference


def recommendation(session, reference=PARK):
    """Return the recommendation *reference*."""
    return session.scalar(select(Recommendation).where(Recommendation.reference == reference))


def make_key(database, *roles, office=None, name="测试人员"):
    """Return a key with *roles*, of *office*."""
    return database.write(
        lambda session: add_key(session, OPERATOR, name=name, roles=roles, office=office)
    )


class Caller:
    """A client with a key, which sends the version it last saw."""

    def __init__(self, client, key=None, language="en"):
        self.client = client
        self.headers = {"Accept-Language": language}
        if key:
            self.headers["Authorization"] = f"Bearer {key}"

    def get(self, path, **headers):
        return self.client.get(path, headers=self.headers | headers)

    def send(self, method, path, json, version=None, **headers):
        if version is not None:
            headers["If-Match"] = f'"v{version}"'
        sent = self.headers | headers
        return self.client.open(path, method=method, json=json, headers=sent)

    def upload(self, path, content, kind="application/octet-stream", **headers):
        """Send *content* as it is."""
        sent = self.headers | {"Content-Type": kind} | headers
        return self.client.post(path, data=content, headers=sent)

    def post(self, path, json, version=None, **headers):
        return self.send("POST", path, json, version, **headers)

    def patch(self, path, json, version=None, **headers):
        return self.send("PATCH", path, json, version, **headers)


def make_caller(client, database, *roles, office=None, language="en"):
    """Return a caller with a new key."""
    return Caller(client, make_key(database, *roles, office=office), language)


EDITOR = (Role.OFFICE_EDITOR,)
SUPERVISOR = (Role.SUPERVISOR,)
REGISTRAR = (Role.REGISTRAR,)


def find(caller, reference=PARK):
    """Return the recommendation *reference* as lists show it."""
    found = caller.get(f"/api/v1/recommendations?reference={reference}").get_json()["items"]
    return found[0]


def everything(session):
    """Return everything that verification and proof find; a writing session settles first."""
    refresh(session)
    keep_answers(session)
    return [
        *verification.index_differences(session),
        *verification.history_differences(session, None),
    ]


def differences(session):
    """Return what verification finds, but for states that a test set without an event."""
    found = everything(session)
    unexplained = ("no event explains", " on the desk ")
    return [told for told in found if not any(words in told for words in unexplained)]
