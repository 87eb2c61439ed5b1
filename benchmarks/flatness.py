"""Whether an operation costs the same however many recommendations there are."""

import itertools
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from flask import Flask

from app import create_app
from app.accounts.services.keys import add_key
from app.core.codes import ActorKind, Role
from app.core.rules.permissions import Actor
from app.http.paging import write_cursor
from app.models import Organization, Recommendation, RecommendationTag, Tag
from app.register.recommendations.schemas.recommendation_filters import RecommendationFilterSchema
from benchmarks.calls import Request, Wsgi
from benchmarks.databases import own_files
from benchmarks.measuring import Ratio, Work, interleaved, ratio
from benchmarks.peers import LIST

RECORDS = 2_000
"""How many different records one database is asked for, at most."""

R = Recommendation
ACCEPTANCE = {"accepted": "partly_accepted", "partly_accepted": "accepted"}
PROGRESS = {"in_progress": "stalled", "stalled": "in_progress"}
TAG = "artificial-intelligence"
BY_DUE_DAY = Request("/api/v1/recommendations", "sort=due_on&overdue=true&limit=50")


class Subject:
    """Our program on one database, with what the operations need to know of it."""

    def __init__(self, url: str) -> None:
        self.app: Flask = create_app(
            database_url=url, log_level="WARNING", key_rate=0, **own_files()
        )
        self.program = Wsgi(self.app)
        self.database = self.app.extensions["database"]
        self.random = random.Random(7)

    def operations(self) -> dict[str, Work]:
        """Return the operations, those that change something last."""
        return {
            "list by tag and progress, first page": self.repeated(LIST),
            "list by tag and progress, deep page": self.repeated(self.deep()),
            "list by due day": self.repeated(BY_DUE_DAY),
            "list by due day, of an office": self.repeated(self.own(BY_DUE_DAY)),
            "one record": self.each(self.records()),
            "tag progress": self.repeated(Request(f"/api/v1/tags/{TAG}/progress")),
            "worklist": self.repeated(self.desk()),
            "worklist by kind and role": self.repeated(self.desk("&kind=implement&role=lead")),
            "worklist, what is due later": self.repeated(self.desk("&bucket=later")),
            "step": self.each(self.steps()),
        }

    def own(self, request: Request) -> Request:
        """Return *request* as the office makes it that handles most."""
        office, _ = self.handled()
        return replace(request, headers=(("Authorization", f"Bearer {self.key_of(office)}"),))

    def desk(self, query: str = "") -> Request:
        """Return the request of the desk of the office that handles most."""
        office, _ = self.handled()
        key = self.key_of(office)
        path = f"/api/v1/offices/{office}/worklist"
        return Request(path, f"limit=50{query}", headers=(("Authorization", f"Bearer {key}"),))

    def key_of(self, office: str) -> str:
        """Return a new key of an editor of *office*."""
        return self.database.write(
            lambda session: add_key(
                session,
                Actor(ActorKind.OPERATOR, "benchmarks"),
                name="benchmarks",
                roles=[Role.OFFICE_EDITOR],
                office=office,
            )
        )

    def repeated(self, request: Request) -> Work:
        """Return the work of one request again and again."""
        self.checked(request)
        return lambda times: self.program.repeat(request, times)

    def each(self, requests: Iterator[Callable[[], None]]) -> Work:
        """Return the work of ever new requests."""

        def work(times: int) -> None:
            for run in itertools.islice(requests, times):
                run()

        return work

    def deep(self) -> Request:
        """Return the request of a page in the last tenth of the list."""
        narrow = RecommendationTag
        tag_id = sa.select(Tag.id).where(Tag.slug == TAG).scalar_subquery()
        last = sa.select(sa.func.max(Recommendation.id)).scalar_subquery()
        statement = sa.select(sa.func.min(narrow.recommendation_id)).where(
            narrow.tag_id == tag_id,
            narrow.progress == "in_progress",
            narrow.recommendation_id > last * 9 / 10,
        )
        with self.database.reading() as session:
            key = session.scalar(statement)
        query = dict(pair.split("=") for pair in LIST.query.split("&"))
        with self.app.test_request_context(LIST.path):
            cursor = write_cursor([key], RecommendationFilterSchema().load(query))
        return Request(LIST.path, f"{LIST.query}&cursor={cursor}")

    def records(self) -> Iterator[Callable[[], None]]:
        """Yield the readings of many single records."""
        statement = sa.select(sa.func.max(Recommendation.id))
        with self.database.reading() as session:
            last = session.scalar(statement)
            drawn = self.random.sample(range(1, last + 1), min(RECORDS, last))
            wanted = Recommendation.id.in_(drawn), Recommendation.publication == "published"
            ids = list(session.scalars(sa.select(Recommendation.id).where(*wanted)))
        self.random.shuffle(ids)
        for number in itertools.cycle(ids):
            request = Request(f"/api/v1/recommendations/{number}")
            yield lambda request=request: self.checked(request)

    def checked(self, request: Request) -> None:
        """Send *request*; stop when it is refused."""
        reply = self.program.ask(request)
        if reply.status != 200:
            raise SystemExit(f"{request.path}: {reply.status} {reply.body.decode()}")

    def steps(self) -> Iterator[Callable[[], None]]:
        """Yield steps on ever other records of one office, on both axes in turn."""
        office, rows = self.handled()
        key = self.key_of(office)
        for number in itertools.count():
            row = rows[number % len(rows)]
            axis = ("progress", "acceptance")[number % 2]
            yield lambda row=row, axis=axis: self.step(key, row, axis)

    def handled(self) -> tuple[str, list[dict[str, Any]]]:
        """Return the office that handles most, and its records that can move to and fro.

        Their number is odd, so that each of them comes to move on both axes.
        """
        movable = (
            R.lead_status == "taken_on", R.progress.in_(list(PROGRESS)),
            R.acceptance.in_(list(ACCEPTANCE)),
        )  # fmt: skip
        office = (
            sa.select(Organization.id, Organization.slug)
            .join(R, R.lead_office_id == Organization.id)
            .where(*movable)
            .group_by(Organization.id, Organization.slug)
            .order_by(sa.func.count().desc())
            .limit(1)
        )
        columns = (R.id, R.version, R.progress, R.acceptance)
        with self.database.reading() as session:
            number, slug = session.execute(office).one()
            found = sa.select(*columns).where(*movable, R.lead_office_id == number)
            rows = [dict(row) for row in session.execute(found.order_by(R.id)).mappings()]
        self.random.shuffle(rows)
        odd = (min(RECORDS, len(rows)) - 1) // 2 * 2 + 1
        return slug, rows[:odd]

    def step(self, key: str, row: dict[str, Any], axis: str) -> None:
        """Move one record to and fro, in the version that it has now."""
        target = (PROGRESS if axis == "progress" else ACCEPTANCE)[row[axis]]
        self.checked(
            Request(
                f"/api/v1/recommendations/{row['id']}/transitions",
                method="POST",
                body=json.dumps({"axis": axis, "to": target, "reason": "measured"}).encode(),
                headers=(("Authorization", f"Bearer {key}"), ("If-Match", f'"v{row["version"]}"')),
            )
        )
        row |= {"version": row["version"] + 1, axis: target}


def flat(urls: dict[int, str], rounds: int) -> dict[str, dict[tuple[int, int], Ratio]]:
    """Return for each operation how much more it costs at a larger size than at the next smaller.

    The databases are open at the same time and take turns; steps come last.
    """
    subjects = {size: Subject(url).operations() for size, url in sorted(urls.items())}
    found: dict[str, dict[tuple[int, int], Ratio]] = {}
    for name in next(iter(subjects.values())):
        works = {str(size): operations[name] for size, operations in subjects.items()}
        times = interleaved(works, rounds)
        found[name] = {
            (small, large): ratio(times, str(large), str(small))
            for small, large in itertools.pairwise(subjects)
        }
    return found
