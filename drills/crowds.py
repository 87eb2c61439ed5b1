"""The two drills with a crowd at once: conditional writes, and many requests with one key."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import sqlalchemy as sa

from app.models import ProgressReport, Recommendation
from drills.clients import BROKEN, PREFIX, Client, Reply, Seen, look
from drills.databases import opened
from drills.servers import explained, program_of, serving
from drills.tables import Row
from drills.writers import body_of, give, new_keys

CROWD = 16
RECORDS = 3
TIMES = 8
AT_ONCE = 5
"""Idempotency keys that are sent at the same time, each TIMES times."""

LONGEST = 60
"""Seconds in which a request with an Idempotency-Key must have been answered with 201."""


@dataclass
class Count:
    """What a crowd was told: acknowledged writes by record, the versions given, refusals (412).

    *total* are those that were either done or refused.
    """

    acknowledged: Counter[int] = field(default_factory=Counter)
    versions: Counter[tuple[int, int]] = field(default_factory=Counter)
    refused: int = 0
    total: int = 0
    wrong: list[str] = field(default_factory=list)
    guard: threading.Lock = field(default_factory=threading.Lock)

    def note(self, record: int, reply: Reply) -> None:
        """Note the *reply* to a conditional write."""
        with self.guard:
            self.total += reply.status in (200, 412)
            if reply.status == 200:
                self.acknowledged[record] += 1
                self.versions[record, reply.content["version"]] += 1
            elif reply.status == 412:
                self.refused += 1
            elif reply.status != 503:
                self.wrong.append(f"unexpected answer: {reply.status} {reply.content}")


def at_once(works: Sequence[Callable[[], None]]) -> None:
    """Run all *works* at once and return when they have ended."""
    with ThreadPoolExecutor(len(works)) as pool:
        for future in [pool.submit(work) for work in works]:
            future.result()


def write_conditionally(port: int, keys: list[str], records: list[int], writes: int) -> Count:
    """Let a writer for each of *keys* change the *records* until *writes* were done or refused."""
    count = Count()

    def work(key: str, turn: int) -> None:
        known: dict[int, Seen] = {}
        with closing(Client(port, key)) as client:
            while count.total < writes and not count.wrong:
                turn += 1
                try:
                    write_once(client, known, records[turn % len(records)], count)
                except BROKEN as error:
                    count.wrong.append(f"no answer: {error!r}")

    at_once([partial(work, key, turn) for turn, key in enumerate(keys)])
    return count


def write_once(client: Client, known: dict[int, Seen], record: int, count: Count) -> None:
    """Change *record* as it was seen last; forget what was seen when that is refused."""
    seen = known.pop(record, None) or look(client, record)
    if seen is None:
        return
    body = body_of("transitions", seen, "drill")
    path, version = f"{PREFIX}/{record}/transitions", f'"v{seen.version}"'
    reply = client.ask("POST", path, body, If_Match=version)
    count.note(record, reply)
    if reply.status == 200:
        known[record] = Seen.of(reply.content)


def lost_updates(start: dict[int, int], count: Count, end: dict[int, int]) -> list[str]:
    """Return a sentence for each record whose version is not what was acknowledged."""
    wrong = [
        f"recommendation {record}: version {end[record]}, but {version} and"
        f" {count.acknowledged[record]} acknowledged"
        for record, version in start.items()
        if end[record] != version + count.acknowledged[record]
    ]
    for (record, version), times in count.versions.items():
        if times > 1:
            wrong.append(f"recommendation {record}: version {version} was given {times} times")
    return wrong


def versions(url: str, records: list[int]) -> dict[int, int]:
    """Return the version of each of *records*."""
    columns = (Recommendation.id, Recommendation.version)
    statement = sa.select(*columns).where(Recommendation.id.in_(records))
    with opened(url) as database:
        rows = database.read(lambda session: session.execute(statement).all())
    return {row.id: row.version for row in rows}


def conditional_writes(url: str, folder: Path, writes: int, planted: str | None = None) -> Row:
    """Let a crowd write to a few records at once; no write may be lost, and none done twice."""
    begun, keys = time.monotonic(), new_keys(url, CROWD)
    with serving(url, folder, program_of(planted)) as server:
        records = give(url, server.port, RECORDS)
        start = versions(url, records)
        count = write_conditionally(server.port, keys, records, writes)
    wrong = lost_updates(start, count, versions(url, records)) + count.wrong
    wrong = explained(wrong, server)
    figures = {
        "writers": CROWD,
        "records": RECORDS,
        "acknowledged": count.acknowledged.total(),
        "refused (412)": count.refused,
        "differences": len(wrong),
    }
    return Row("conditional writes", figures, time.monotonic() - begun, wrong)


@dataclass
class Repeats:
    """What came back for each Idempotency-Key: the ids of reports, and how often 409."""

    ids: dict[str, list[int]] = field(default_factory=dict)
    waited: int = 0
    wrong: list[str] = field(default_factory=list)
    guard: threading.Lock = field(default_factory=threading.Lock)


def send_repeats(port: int, key: str, record: int, number: int) -> Repeats:
    """Send *number* reports, each TIMES times at once with an Idempotency-Key of its own."""
    repeats = Repeats()
    names = [f"drill-same-{n}" for n in range(number)]
    for first in range(0, number, AT_ONCE):
        some = names[first : first + AT_ONCE] * TIMES
        send = partial(send_one, port, key, record, threading.Barrier(len(some)), repeats)
        at_once([partial(send, name) for name in some])
    return repeats


def send_one(
    port: int, key: str, record: int, barrier: threading.Barrier, repeats: Repeats, name: str
) -> None:
    """Send one report when the others are ready, and again as long as 409 says when."""
    path, body = f"{PREFIX}/{record}/reports", {"text": name}
    barrier.wait()
    end = time.monotonic() + LONGEST
    with closing(Client(port, key)) as client:
        while time.monotonic() < end:
            try:
                reply = client.ask("POST", path, body, Idempotency_Key=name)
            except BROKEN as error:
                repeats.wrong.append(f"{name}: no answer: {error!r}")
                return
            if not may_go_on(reply, name, repeats):
                return
            time.sleep(float(reply.headers["Retry-After"]))
    repeats.wrong.append(f"{name}: not done after {LONGEST} s")


def may_go_on(reply: Reply, name: str, repeats: Repeats) -> bool:
    """Note the *reply*, and return whether the same is to be sent again."""
    with repeats.guard:
        if reply.status == 201:
            repeats.ids.setdefault(name, []).append(reply.content["id"])
        elif reply.status == 409 and "Retry-After" in reply.headers:
            repeats.waited += 1
            return True
        else:
            repeats.wrong.append(f"{name}: unexpected answer: {reply.status} {reply.content}")
    return False


def doubled(repeats: Repeats, number: int, reports: int) -> list[str]:
    """Return a sentence for each key that did not lead to one and the same report."""
    wrong = [
        f"{name}: {len(set(ids))} reports in {len(ids)} answers"
        for name, ids in repeats.ids.items()
        if len(set(ids)) != 1 or len(ids) != TIMES
    ]
    if len(repeats.ids) != number or reports != number:
        wrong.append(f"{number} keys, {len(repeats.ids)} answered, {reports} reports")
    return wrong


def reports_of(url: str, record: int) -> int:
    """Return how many reports *record* has."""
    own = ProgressReport.recommendation_id == record
    statement = sa.select(sa.func.count()).select_from(ProgressReport).where(own)
    with opened(url) as database:
        return database.read(lambda session: session.scalar(statement))


def same_key(url: str, folder: Path, number: int, planted: str | None = None) -> Row:
    """Send each of *number* reports many times at once; each must be there once."""
    begun, [key] = time.monotonic(), new_keys(url, 1)
    with serving(url, folder, program_of(planted)) as server:
        [record] = give(url, server.port, 1)
        repeats = send_repeats(server.port, key, record, number)
    reports = reports_of(url, record)
    wrong = explained(doubled(repeats, number, reports) + repeats.wrong, server)
    figures = {
        "keys": number,
        "requests": number * TIMES,
        "told to wait (409)": repeats.waited,
        "reports": reports,
        "differences": len(wrong),
    }
    return Row("same key", figures, time.monotonic() - begun, wrong)
