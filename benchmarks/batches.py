"""What a hundred rows cost in one batch beside a hundred requests, in the same run."""

import tempfile
import time
from collections.abc import Iterator
from itertools import count
from typing import Any, NamedTuple

from flask import Flask

from app import create_app
from app.accounts.services.keys import add_key
from app.core.codes import ActorKind, Role
from app.core.rules.permissions import Actor
from benchmarks.databases import migrate_and_seed, own_files
from benchmarks.measuring import Ratio, spread

V1 = "/api/v1"
ROWS = 100
ROUNDS = 5
TARGET = 2.0
OFFICE = "zhengzhou-industry"
STEPS = ("submitted", "under_review", "filed")


class Asked(NamedTuple):
    """One thing that is asked for: where, about which record, seen in which version."""

    place: str
    body: dict[str, Any]
    record: dict[str, Any] | None = None


class Clerk:
    """A program that enters proposals one by one, or in batches."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()
        database = app.extensions["database"]
        operator = Actor(ActorKind.OPERATOR, "benchmarks")
        self.intake, self.office = (
            database.write(lambda s, r=r, o=o: add_key(s, operator, name="-", roles=[r], office=o))
            for r, o in ((Role.REGISTRAR, None), (Role.OFFICE_EDITOR, OFFICE))
        )

    def sent(self, key: str, path: str, body: Any, version: int | None = None) -> Any:
        """Return what is answered; stop when anything is refused."""
        headers = {"Authorization": f"Bearer {key}"}
        if version is not None:
            headers["If-Match"] = f'"v{version}"'
        answer = self.client.post(V1 + path, json=body, headers=headers)
        if answer.status_code >= 300:
            raise RuntimeError(answer.text[:500])
        return answer.get_json()

    def singly(self, key: str, asked: list[Asked]) -> list[dict[str, Any]]:
        """Ask for everything in a request for itself, and return the records."""
        found = []
        for one in asked:
            collection, _, place = one.place.partition("/")
            named = one.record and f"/{one.record['id']}"
            path = f"/{collection}{named or ''}{'/' + place if place else ''}"
            found.append(self.sent(key, path, one.body, one.record and one.record["version"]))
        return found

    def in_batches(self, key: str, asked: list[Asked]) -> list[dict[str, Any]]:
        """Ask for everything in batches, and return what became of the rows."""
        found = []
        for first in range(0, len(asked), ROWS):
            some = asked[first : first + ROWS]
            rows = [
                {"body": one.body} | ({"record": one.record["reference"]} if one.record else {})
                for one in some
            ]
            body = {"mode": "atomic", "rows": rows}
            found += self.sent(key, f"/{some[0].place}/batch", body)["rows"]
        return found


def compared() -> Iterator[tuple[str, Ratio, str]]:
    """Yield for each kind of row how long a hundred requests take beside one batch of a hundred."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(database_url=f"sqlite:///{folder}/b.db", key_rate=0, **own_files())
        migrate_and_seed(app.extensions["database"])
        clerk, numbers, spent = Clerk(app), count(), {}
        for _ in range(ROUNDS):
            for way in (clerk.singly, clerk.in_batches):
                for name, seconds in plenary(clerk, way, numbers):
                    spent.setdefault((name, way.__name__), []).append(seconds)
    for name in ("enter", "file", "dispatch", "receive"):
        one, many = spent[name, "singly"], spent[name, "in_batches"]
        ratios = spread([a / b for a, b in zip(one, many, strict=True)])
        reached = "reached" if ratios.median >= TARGET else "MISSED"
        yield f"{name}: 100 requests / a batch of 100", ratios, f">= {TARGET} {reached}"
        yield f"{name}: seconds of a batch of 100", spread([t / times(name) for t in many]), ""


def times(name: str) -> int:
    """Return how many batches a hundred proposals need."""
    return len(STEPS) if name == "file" else 1


def plenary(clerk: Clerk, way: Any, numbers: Iterator[int]) -> Iterator[tuple[str, float]]:
    """Yield how long it takes to enter, file, dispatch and receive a hundred proposals."""
    drafts = [Asked("proposals", draft(next(numbers))) for _ in range(ROWS)]
    begun = time.perf_counter()
    records = way(clerk.intake, drafts)
    yield "enter", time.perf_counter() - begun
    begun = time.perf_counter()
    for step in STEPS:
        records = way(
            clerk.intake, [Asked("proposals/transitions", {"to": step}, r) for r in records]
        )
    yield "file", time.perf_counter() - begun
    given = {"office": OFFICE, "role": "lead"}
    begun = time.perf_counter()
    records = way(clerk.intake, [Asked("proposals/assignments", given, r) for r in records])
    yield "dispatch", time.perf_counter() - begun
    begun = time.perf_counter()
    way(clerk.office, [Asked("assignments/transitions", {"to": "received"}, r) for r in records])
    yield "receive", time.perf_counter() - begun


def draft(number: int) -> dict[str, Any]:
    """Return the body of a draft with two recommendations."""
    asked = [f"建设第{number}号试验区", f"设立第{number}号基金"]
    return {
        "kind": "npc_suggestion",
        "title": f"第{number}号建议",
        "text": f"第{number}号建议\n\n"
        + "近年来，产业快速发展。" * 100
        + "\n"
        + "；\n".join(asked),
        "session": "zhengzhou-lianghui-industry",
        "proposers": [{"proposer": "sun-hong", "role": "lead"}],
        "recommendations": [{"summary_zh": one, "quotes": [{"text": one}]} for one in asked],
    }
