"""Lists by lateness: random clocks, filters and viewers, against plain Python over what is shown.

For each viewer the items of a list equal the single records as that viewer is shown them; a filter
leaves those of them that it says, in the order that it says, and the total is their number.
"""

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from app.core.clock import utcnow
from app.core.codes import (
    AssignmentRole,
    AssignmentState,
    Clock,
    CommitmentState,
    LeadStatus,
    OfficeRole,
    Progress,
    PromiseStrength,
    Role,
)
from app.http.security.rate_limits import Limits
from app.models import (
    Assignment,
    Commitment,
    Organization,
    Proposal,
    Recommendation,
    RecommendationOffice,
    RecommendationTag,
    Task,
)
from app.tasks.rules.task_clocks import INTERNAL_CLOCKS
from tests.support import answering
from tests.support.casework import TODAY, V1
from tests.support.factories import DATA, EDITOR, INDUSTRY, Caller, make_caller
from tests.support.lateness import set_due, values

FINANCE = "zhengzhou-finance"
OFFICES = (INDUSTRY, DATA, FINANCE)
ASIDE = ("returned", "withdrawn")
QUERIES = 4
"""How many random filters each viewer asks each list for."""


@pytest.fixture
def viewers(app, client, database):
    settings = replace(app.extensions["settings"], key_rate=0)
    app.extensions["limits"] = Limits(lambda: database, settings)
    roles = {
        "reader": ((Role.READER,), None),
        "industry": (EDITOR, INDUSTRY),
        "finance": (EDITOR, FINANCE),
        "supervisor": ((Role.SUPERVISOR,), "zhengzhou-government"),
        "registrar": ((Role.REGISTRAR,), None),
    }
    made = {n: make_caller(client, database, *r, office=o) for n, (r, o) in roles.items()}
    return made | {"anonymous": Caller(client)}


@pytest.fixture
def cases(database):
    """Dispatch a few proposals, let some be answered with a promise, and return the proposals."""

    def work(session):
        rows = sa.select(Proposal).where(
            Proposal.reference.startswith("D001"),
            sa.exists().where(Recommendation.proposal_id == Proposal.id),
        )
        proposals = session.scalars(rows.order_by(Proposal.id).limit(9)).all()
        for number, proposal in enumerate(proposals):
            if number < 4:
                answering.replied(session, proposal, "sent")
            else:
                answering.given(session, proposal, OFFICES[number % 3], "lead", None)
        return [proposal.id for proposal in proposals]

    return database.write(work)


class Shaken:
    """A register whose clocks, offices and states were set at random, by *seed*."""

    def __init__(self, database, seed):
        self.random = random.Random(seed)
        self.database = database
        database.write(self.shake)

    def shake(self, session):
        """Set every column that lists of lateness read."""
        self.offices = dict(
            session.execute(
                sa.select(Organization.slug, Organization.id).where(Organization.slug.in_(OFFICES))
            ).all()
        )
        for model in (Recommendation, Proposal, Assignment, Commitment):
            for number in session.scalars(sa.select(model.id).order_by(model.id)).all():
                columns = self.due() | getattr(self, model.__name__.lower())()
                own = {n: v for n, v in columns.items() if n in model.__table__.c}
                self.set(session, model, own, model.__table__.c.id == number)
        self.ended(session)
        self.beside(session)
        self.outcomes(session)

    @staticmethod
    def set(session, model, columns, *where):
        if columns:
            session.execute(sa.update(model.__table__).where(*where).values(columns))

    def day(self):
        return TODAY + timedelta(days=self.random.randint(-30, 30))

    def due(self):
        """Return the columns of the next clock, if any."""
        if self.random.random() < 0.4:
            return values(None, None)
        clock = self.random.choice(sorted(map(str, Clock)))
        later = (self.day(), "own_day") if self.random.random() < 0.5 else (None, None)
        return values(self.day(), clock, later)

    def recommendation(self):
        ended = "withdrawn" if self.random.random() < 0.1 else None
        columns = {"ended_as": ended}
        if self.random.random() < 0.3:
            status = self.random.choice(["suggested", "given", "taken_on"])
            office = self.offices[self.random.choice(OFFICES)]
            columns |= {"lead_status": status, "lead_office_id": office}
        return columns

    def proposal(self):
        case_no = self.random.choice([None, "2026-1", "2026-2"])
        return {"case_no": case_no, "case_key": case_no}

    def assignment(self):
        state = self.random.choice([*2 * ["pending", "received", "answered"], *ASIDE])
        role = self.random.choice(["lead", "joint", "sole"])
        return {"state": state, "is_open": state in ("pending", "received"), "role": role}

    def commitment(self):
        states, strengths = sorted(map(str, CommitmentState)), sorted(map(str, PromiseStrength))
        return {
            "state": self.random.choice(states),
            "strength": self.random.choice(strengths),
            "promised_on": self.random.choice([None, self.day()]),
        }

    def ended(self, session):
        index = RecommendationTag.__table__
        gone = sa.select(Recommendation.id).where(Recommendation.ended_as.is_not(None))
        session.execute(sa.update(index).values(is_ended=index.c.recommendation_id.in_(gone)))

    def beside(self, session):
        numbers = session.scalars(sa.select(Recommendation.id).order_by(Recommendation.id)).all()
        for number in self.random.sample(numbers, 30):
            for office in self.random.sample(OFFICES, 2):
                own = (number, self.offices[office])
                row = session.get(RecommendationOffice, own) or RecommendationOffice(
                    recommendation_id=own[0], office_id=own[1]
                )
                row.role = self.random.choice(["joint", "separate"])
                row.withdrawn_at = self.random.choice([None, utcnow()])
                session.add(row)

    def outcomes(self, session):
        answers = Task.kind.in_(["reply", "co_opinion", "rehandle"])
        for number in session.scalars(sa.select(Task.id).where(answers)).all():
            outcome = self.random.choice([None, "done", "late", "void"])
            self.set(session, Task, {"outcome": outcome}, Task.__table__.c.id == number)


def hide(database, viewers, cases):
    """Let every third of the proposals be internal."""
    for number in cases[::3]:
        path = f"{V1}/proposals/{number}"
        version = viewers["registrar"].get(path).get_json()["version"]
        viewers["registrar"].patch(path, {"publication": "internal"}, version)


def everything(caller, path, query, limit):
    """Return the items of all pages, and the total that the first names."""
    answer = caller.get(f"{V1}{path}?limit={limit}&with_total=true&{query}")
    assert answer.status_code == 200, answer.text
    total, items = answer.get_json()["total"], answer.get_json()["items"]
    while link := answer.headers.get("Link"):
        answer = caller.get(link[1 : link.index(">")])
        items += answer.get_json()["items"]
    return items, total


def slug(item, name):
    return item[name]["slug"] if item[name] else None


def has_office(item, office):
    others = [other["slug"] for n in ("joint_offices", "separate_offices") for other in item[n]]
    return office in (slug(item, "lead_office"), *others)


def is_overdue(item, wanted):
    due = item["next_due_on"]
    return (due is not None and date.fromisoformat(due) < TODAY) == (wanted == "true")


DAYS = [(TODAY + timedelta(days=n)).isoformat() for n in (-20, -1, 0, 1, 20)]
FLAGS = ("true", "false")
LATE = {
    "overdue": (FLAGS, is_overdue),
    "due_before": (DAYS, lambda i, day: i["next_due_on"] is not None and i["next_due_on"] < day),
    "due_after": (DAYS, lambda i, day: i["next_due_on"] is not None and i["next_due_on"] > day),
}
OUTCOME = {"in_time": "done", "late": "late"}


def same(name):
    """Return the condition that a value of an item is the one wanted."""
    return lambda item, wanted: item[name] == wanted


LISTS = {  # path → its filters: the values to draw from, and what each keeps
    "/recommendations": {
        "ended": (FLAGS, lambda i, v: (i["ended_as"] is not None) == (v == "true")),
        "office": (OFFICES, has_office),
        "progress": (sorted(map(str, Progress)), same("progress")),
        "lead_status": (sorted(map(str, LeadStatus)), same("lead_status")),
        "proposal": (("30", "31"), lambda i, v: i["proposal"]["id"] == int(v)),
    },
    "/proposals": {"document": (("1", "2"), lambda i, v: i["document"]["id"] == int(v))},
    "/assignments": {
        "office": (OFFICES, lambda i, v: slug(i, "office") == v),
        "state": (sorted(map(str, AssignmentState)), same("state")),
        "role": (sorted(map(str, AssignmentRole)), same("role")),
        "clock": (sorted(map(str, Clock)), same("next_clock")),
        "open": (FLAGS, lambda i, v: (i["state"] in ("pending", "received")) == (v == "true")),
        "answered": (("in_time", "late"), lambda i, v: i["outcome"] == OUTCOME[v]),
        "case_no": (("2026-1", "2026-2"), lambda i, v: i["proposal"]["case_no"] == v),
    },
    "/commitments": {
        "office": (OFFICES, lambda i, v: slug(i, "office") == v),
        "state": (sorted(map(str, CommitmentState)), same("state")),
        "strength": (sorted(map(str, PromiseStrength)), same("strength")),
        "promised_before": (DAYS, lambda i, v: "" < (i["promised_on"] or "") < v),
        "promised_after": (DAYS, lambda i, v: (i["promised_on"] or "") > v),
    },
}  # fmt: skip
SORTS = {
    "id": lambda i: i["id"],
    "-id": lambda i: -i["id"],
    "due_on": lambda i: (i["next_due_on"] or "9999-12-31", i["id"]),
}
WITHOUT = {"/assignments": ("anonymous",)}
"""Path → who may not list it at all."""


def drawn(rng, path):
    """Return random filters of a list, a sort and the size of a page."""
    known = {**LATE, **LISTS[path]}
    names = rng.sample(sorted(known), rng.randint(0, 3))
    filters = {name: rng.choice(known[name][0]) for name in names}
    return filters, rng.choice(sorted(SORTS)), rng.choice([7, 60, 200])


def keeps(path, filters, item):
    """Return whether *item* is one that *filters* leave."""
    known = {**LATE, **LISTS[path]}
    return all(known[name][1](item, value) for name, value in filters.items())


def all_of(caller, path):
    """Return everything that *caller* sees of a list."""
    items, total = everything(caller, path, "", 200)
    if path == "/recommendations":
        more, _ = everything(caller, path, "ended=true", 200)
        items, total = items + more, total + len(more)
    assert len(items) == total
    return items


@pytest.mark.share
@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("seed", [1, 2])
def test_list_total_and_single_records_agree(database, viewers, cases, today, path, seed):
    hide(database, viewers, cases)
    shaken = Shaken(database, seed)
    for name, caller in viewers.items():
        if name in WITHOUT.get(path, ()):
            continue
        every = all_of(caller, path)
        for item in shaken.random.sample(every, min(5, len(every))):
            alone = caller.get(f"{V1}{path}/{item['id']}").get_json()
            shared = item.keys() & alone.keys() - {"proposal"}
            assert {n: item[n] for n in shared} == {n: alone[n] for n in shared}, (name, item["id"])
        for _ in range(QUERIES):
            filters, sort, limit = drawn(shaken.random, path)
            wanted = {"ended": "false", **filters} if path == "/recommendations" else filters
            expected = sorted((i for i in every if keeps(path, wanted, i)), key=SORTS[sort])
            query = "&".join(f"{n}={v}" for n, v in {**filters, "sort": sort}.items())
            items, total = everything(caller, path, query, limit)
            found = [item["id"] for item in items]
            assert found == [item["id"] for item in expected], (name, query)
            assert total == len(expected), (name, query)


def late_inside(database, model, case):
    """Let the office of industry have *case*, about which a joint opinion is late."""
    own = Recommendation.proposal_id if model is Recommendation else Proposal.id
    number = database.read(lambda s: s.scalar(sa.select(sa.func.min(model.id)).where(own == case)))
    set_due(database, model, number, TODAY - timedelta(days=9), Clock.JOINT_OPINION)
    given = Assignment.__table__
    again = sa.update(given).where(given.c.proposal_id == case).values(state="received")
    database.write(lambda session: session.execute(again))


CLOCKED = {"/recommendations": Recommendation, "/proposals": Proposal}


@pytest.mark.parametrize("path", CLOCKED)
def test_each_viewer_is_shown_its_own_clock(database, viewers, cases, today, path):
    Shaken(database, 3)
    model = CLOCKED[path]
    late_inside(database, model, cases[0])
    rows = database.read(lambda s: {r.id: r for r in s.execute(sa.select(model.__table__))})
    had = (
        sa.select(Organization.slug, Assignment.proposal_id)
        .join(Organization, Organization.id == Assignment.office_id)
        .where(Assignment.state.not_in(ASIDE))
    )
    parts = database.read(lambda s: {tuple(row) for row in s.execute(had)})
    offices = {"industry": INDUSTRY, "finance": FINANCE}
    seen = set()
    for name, caller in viewers.items():
        for item in all_of(caller, path):
            row = rows[item["id"]]
            case = row.proposal_id if path == "/recommendations" else row.id
            takes_part = (offices.get(name), case) in parts
            inside = name in ("supervisor", "registrar") or takes_part
            due = (row.next_due_on, row.next_clock) if inside else (
                row.public_due_on, row.public_clock
            )  # fmt: skip
            day = due[0].isoformat() if due[0] else None
            assert (item["next_due_on"], item["next_clock"]) == (day, due[1]), name
            seen.add((name, inside, item["next_clock"] in INTERNAL_CLOCKS))
    assert {("industry", True, True), ("industry", False, False)} <= seen
    assert not any(clock for _, inside, clock in seen if not inside)


def test_the_office_of_a_proposal_is_who_was_given_it_or_has_a_part(database, viewers, cases):
    shaken = Shaken(database, 4)

    def expected(session, office):
        number = shaken.offices[office]
        own = set(
            session.scalars(
                sa.select(Assignment.proposal_id).where(
                    Assignment.office_id == number, Assignment.state.not_in(ASIDE)
                )
            )
        )
        for row in session.scalars(sa.select(Recommendation)):
            beside = session.get(RecommendationOffice, (row.id, number))
            leads = row.lead_office_id == number and row.lead_status in ("given", "taken_on")
            if leads or (beside is not None and beside.withdrawn_at is None):
                own.add(row.proposal_id)
        return own

    for office in OFFICES:
        items, total = everything(viewers["registrar"], "/proposals", f"office={office}", 40)
        wanted = database.read(lambda s, o=office: expected(s, o))
        assert {item["id"] for item in items} == wanted
        assert total == len(wanted) > 0


@pytest.mark.parametrize("office_role", sorted(map(str, OfficeRole)))
def test_the_filter_by_office_knows_every_part(database, viewers, office_role):
    if office_role == "lead":
        return
    number = 7

    def join(session):
        office = session.scalar(sa.select(Organization.id).where(Organization.slug == FINANCE))
        session.add(
            RecommendationOffice(recommendation_id=number, office_id=office, role=office_role)
        )

    database.write(join)
    items, _ = everything(viewers["anonymous"], "/recommendations", f"office={FINANCE}", 200)
    item = next(i for i in items if i["id"] == number)
    shown = [n for n in ("joint", "separate") if any(
        o["slug"] == FINANCE for o in item[f"{n}_offices"]
    )]  # fmt: skip
    assert shown == ([office_role] if office_role != "below" else [])
