"""Callers who write without a pause and note what was acknowledged, refused, or never answered."""

import itertools
import random
import secrets
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

from app.core.codes import Role
from drills.clients import BROKEN, PREFIX, Client, Reply, Seen, look
from drills.databases import opened
from tests.support.factories import INDUSTRY, make_key

NEXT = {"not_started": "planned", "planned": "in_progress", "in_progress": "stalled"}
"""Where a recommendation is moved next; from stalled it goes back to planned."""

TAG = "innovation-platforms"
OPERATIONS = {
    "reports": "recommendation.reported",
    "transitions": "recommendation.progress_changed",
    "tags": "recommendation.tagged",
}
"""Last word of the path → the operation that the event must have."""

PAUSE = 0.05
"""Seconds that a writer waits when it had no answer, or the register could not do it now."""

WINDOW = 4
"""Records that are written to at the same time, so that the writers meet one another."""


@dataclass(frozen=True)
class Write:
    """What an answer acknowledged: which request, and what the record is said to be since.

    The receipt names the event, its hash and a signature.
    """

    request: str
    record: int
    operation: str
    version: int | None
    told: Any
    receipt: str = ""


@dataclass
class Ledger:
    """What the writers were told, in the order in which it came.

    *interrupted* are requests without a whole answer, *unknown* those whose answer says that it
    is not known whether they were done.
    """

    acknowledged: list[Write] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    interrupted: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)
    guard: threading.Lock = field(default_factory=threading.Lock)

    def note(self, request: str, record: int, kind: str, reply: Reply) -> None:
        """Note the *reply* to a write of one *kind* that was sent as *request*."""
        with self.guard:
            self.answers[reply.status] += 1
            if reply.status in (200, 201):
                self.acknowledged.append(acknowledged(request, record, kind, reply))
            elif reply.kind == "outcome-unknown":
                self.unknown.append(request)
            elif reply.status in (412, 503):
                self.refused.append(request)
            else:
                self.unexpected.append(f"{request}: {reply.status} {reply.content}")


def acknowledged(request: str, record: int, kind: str, reply: Reply) -> Write:
    """Return what a *reply* of success says of the record."""
    operation, receipt = OPERATIONS[kind], reply.headers.get("Audit-Receipt", "")
    if kind == "reports":
        return Write(request, record, operation, None, reply.content["text"], receipt)
    seen = Seen.of(reply.content)
    told = seen.progress if kind == "transitions" else seen.tags
    return Write(request, record, operation, seen.version, told, receipt)


def body_of(kind: str, seen: Seen, mark: str) -> dict[str, Any]:
    """Return a body that changes what was *seen*; *mark* stands in it as a text of its own."""
    if kind == "reports":
        return {"text": mark}
    if kind == "transitions":
        target = NEXT.get(seen.progress, "planned")
        return {"axis": "progress", "to": target, "reason": mark}
    return {"remove" if TAG in seen.tags else "add": [TAG], "note": mark}


@dataclass
class Crew:
    """Writers at work on *records*, a few at a time, between go() and pause()."""

    port: int
    keys: list[str]
    records: list[int]
    ledger: Ledger = field(default_factory=Ledger)
    going: threading.Event = field(default_factory=threading.Event)
    permits: threading.Semaphore = field(init=False)
    ended: bool = False
    start: int = 0
    name: str = field(default_factory=lambda: f"drill-{secrets.token_hex(4)}")
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        self.permits = threading.Semaphore(len(self.keys))

    def go(self) -> None:
        """Let the writers go on, with the next few records."""
        self.start = (self.start + WINDOW) % len(self.records)
        self.going.set()

    def pause(self) -> None:
        """Let no writer begin another write, and return when none is at it."""
        self.going.clear()
        for _ in self.keys:
            self.permits.acquire()
        self.permits.release(len(self.keys))

    def work(self, key: str) -> None:
        """Write with a *key* until the crew ends."""
        known: dict[int, Seen] = {}
        with closing(Client(self.port, key)) as client:
            while self.going.wait() and not self.ended:
                record = random.choice((self.records * 2)[self.start : self.start + WINDOW])
                try:
                    with self.permits:
                        if self.going.is_set():  # pause() may have come in between
                            self.write(client, known, record)
                except BROKEN:
                    known.clear()
                    time.sleep(PAUSE)

    def write(self, client: Client, known: dict[int, Seen], record: int) -> None:
        """Write once to *record*, as the writer knows it; raise one of BROKEN."""
        seen = known.pop(record, None) or look(client, record)
        if seen is None:
            time.sleep(PAUSE)
            return
        kind, mark = random.choice(list(OPERATIONS)), f"{self.name}-{next(self.numbers)}"
        wanted = {} if kind == "reports" else {"If_Match": f'"v{seen.version}"'}
        body = body_of(kind, seen, mark)
        try:
            reply = client.ask(
                "POST", f"{PREFIX}/{record}/{kind}", body, X_Request_ID=mark, **wanted
            )
        except BROKEN:
            self.ledger.interrupted.append(mark)
            raise
        self.ledger.note(mark, record, kind, reply)
        if reply.status == 200:
            known[record] = Seen.of(reply.content)


@contextmanager
def crew_at(port: int, keys: list[str], records: list[int]) -> Iterator[Crew]:
    """Give a crew with a writer for each key, paused; end it at the end."""
    crew = Crew(port, keys, records)
    with ThreadPoolExecutor(len(keys)) as pool:
        works = [pool.submit(crew.work, key) for key in keys]
        try:
            yield crew
        finally:
            crew.ended = True
            crew.going.set()
    for work in works:
        work.result()  # what stopped a writer stops the drill


def new_keys(url: str, number: int) -> list[str]:
    """Make *number* keys of one office."""
    with opened(url) as database:
        return [make_key(database, Role.OFFICE_EDITOR, office=INDUSTRY) for _ in range(number)]


def give(url: str, port: int, number: int) -> list[int]:
    """Let a registrar give *number* recommendations to the office of the writers.

    Return their ids.
    """
    with opened(url) as database:
        key = make_key(database, Role.REGISTRAR)
    path = f"{PREFIX}?progress=not_started&limit={number}"
    with closing(Client(port, key)) as client:
        items = client.ask("GET", path).content["items"]
        for item in items:
            path, body = f"{PREFIX}/{item['id']}/offices", {"office": INDUSTRY}
            reply = client.ask("POST", path, body, If_Match=f'"v{item["version"]}"')
            if reply.status != 200:
                raise RuntimeError(f"cannot give {item['id']}: {reply.status} {reply.content}")
    return [item["id"] for item in items]
