"""The two drills that kill: the register's own processes, and those of PostgreSQL."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from drills.checks import Findings, Place, findings, number_done
from drills.databases import opened
from drills.faults import plant_for_good, unproved
from drills.postgres import UNSYNCED, Postgres
from drills.servers import Server, explained, program_of, serving, wait_until
from drills.tables import Row
from drills.writers import OPERATIONS, WINDOW, Crew, crew_at, give, new_keys

WRITERS = 6
RECORDS = 100
"""Recommendations taken on, a few of which are written to between two kills."""

WRITING = (0.0, 0.7)
"""Seconds from the first acknowledged write to the kill, at least and at most."""

AWAY = (0.0, 0.3)
"""Seconds that PostgreSQL stays away."""

WHOLE_EVERY = 20
"""Kills after which the whole database is verified, not only what came since the last one."""

ENOUGH, KINDS = 30, len(OPERATIONS)
"""Acknowledged writes in which a fault shows, and how many kinds of them there are."""

TRIES = 8
"""Kills of a PostgreSQL that does not sync: each loses what its last page of the log held."""

Kill = Callable[["Scene"], None]
"""Kills something in the midst of writing; returns when all is well again and nobody writes."""


@dataclass
class Scene:
    """A running register, the callers who write to it, and what was found so far."""

    server: Server
    crew: Crew
    found: Findings = field(default_factory=Findings)
    place: Place = field(default_factory=Place)
    database_goes: bool = False

    def judge(self, *, whole: bool = False, since: Place | None = None) -> Findings:
        """Check what came since the last time, or *since* another place; note what is found."""
        verify = self.server.verified if whole else None
        place = since or self.place
        with opened(self.server.url) as database:
            told = database.examine(
                lambda session: findings(session, self.crew.ledger, place, verify)
            )
        self.found.add(told)
        return told

    def done_unseen(self) -> int:
        """Return how many writes were done without an answer that said so."""
        ledger = self.crew.ledger
        with opened(self.server.url) as database:
            return database.read(lambda s: number_done(s, ledger.interrupted + ledger.unknown))


@contextmanager
def scene(
    url: str, folder: Path, program: str = "wsgi:app", records: int = WINDOW
) -> Iterator[Scene]:
    """Give a register with callers who wait for the word to begin."""
    keys = new_keys(url, WRITERS)
    with serving(url, folder, program) as server:
        taken = give(url, server.port, records)
        with crew_at(server.port, keys, taken) as crew:
            yield Scene(server, crew)


def records_for(kills: int) -> int:
    """Return how many recommendations to take on, so that none gets too many reports."""
    return min(RECORDS, WINDOW * max(1, kills))


def write_a_while(crew: Crew) -> None:
    """Let the crew write for a random time after the first answer; it goes on."""
    before = len(crew.ledger.acknowledged)
    crew.go()
    wait_until(lambda: len(crew.ledger.acknowledged) > before, "nothing is acknowledged")
    time.sleep(random.uniform(*WRITING))


def kill_server(now: Scene) -> None:
    """Kill the register in the midst of writing, and start it again."""
    write_a_while(now.crew)
    now.server.kill()
    now.crew.pause()
    now.server.start()


def kill_postgres(postgres: Postgres, settings: tuple[str, ...] = ()) -> Kill:
    """Return what kills *postgres* while the register stays and its callers go on."""

    def kill(now: Scene) -> None:
        write_a_while(now.crew)
        postgres.kill()
        time.sleep(random.uniform(*AWAY))
        postgres.start(settings)
        before = len(now.crew.ledger.acknowledged)
        wait_until(
            lambda: now.server.is_ready() and len(now.crew.ledger.acknowledged) > before,
            "the register does not recover by itself",
        )
        now.crew.pause()

    return kill


def run(now: Scene, name: str, kills: int, kill: Kill, planted: str | None) -> Row:
    """Kill and check *kills* times, then check everything from the beginning."""
    begun = time.monotonic()
    for number in range(1, kills + 1):
        kill(now)
        told = now.judge(whole=number % WHOLE_EVERY == 0)
        for sentence in told.sentences():
            print(f"    kill {number}: {sentence}", flush=True)
        if number % 10 == 0:
            print(f"  {name}: {number} kills, {shown(now)}", flush=True)
    plant_for_good(now.server.url, now.crew.ledger, planted)
    now.judge(whole=True, since=Place())
    return row(now, name, kills, time.monotonic() - begun)


def shown(now: Scene) -> str:
    """Return how far a drill is."""
    ledger = now.crew.ledger
    return (
        f"{len(ledger.acknowledged):,} writes acknowledged, "
        f"{len(ledger.interrupted)} interrupted, {len(problems(now))} problems"
    )


def problems(now: Scene) -> list[str]:
    """Return a sentence for everything that is wrong so far."""
    return [*now.found.sentences(), *(f"unexpected answer: {told}" for told in strange(now))]


def strange(now: Scene) -> list[str]:
    """Return the answers that should not have been given.

    That an outcome is not known may be said only where the database went away.
    """
    ledger = now.crew.ledger
    return ledger.unexpected + ([] if now.database_goes else ledger.unknown)


def row(now: Scene, name: str, kills: int, seconds: float) -> Row:
    """Return what a drill found, as a row of the summary."""
    ledger, found = now.crew.ledger, now.found
    figures = {
        "kills": kills,
        "acknowledged": len(ledger.acknowledged),
        "interrupted": len(ledger.interrupted),
        "unknown": len(ledger.unknown),
        "of these done": now.done_unseen(),
        "412": ledger.answers[412],
        "503": ledger.answers[503],
        "lost": len(found.lost),
        "event, no change": len(found.without_change),
        "change, no event": len(found.without_event),
        "chain": "broken" if found.chain else "whole",
        "false answers": len(found.false_answers) + len(strange(now)),
        "verification": len(found.verification),
    }
    return Row(name, figures, seconds, explained(problems(now), now.server))


def server_kills(url: str, folder: Path, kills: int, planted: str | None = None) -> Row:
    """Kill the register on the database at *url*, again and again."""
    with scene(url, folder, program_of(planted), records_for(kills)) as now:
        return run(now, "server kills", kills, kill_server, planted)


def postgres_kills(
    url: str, folder: Path, postgres: Postgres, kills: int, planted: str | None = None
) -> Row:
    """Kill *postgres*, which holds the database at *url*, again and again."""
    settings = UNSYNCED if planted == "unsynced" else ()
    try:
        with scene(url, folder, program_of(planted), records_for(kills)) as now:
            now.database_goes = True
            return run(now, "postgres kills", kills, kill_postgres(postgres, settings), planted)
    finally:
        if settings:
            restart(postgres)


def prove_checks(url: str, folder: Path) -> list[str]:
    """Write a little, kill, plant each fault; return a sentence for each that is not found."""
    with scene(url, folder) as now:
        write_some(now.crew)
        now.server.kill()
        now.crew.pause()
    return unproved(url, now.crew.ledger, now.server.verified)


def prove_forgetful(url: str, folder: Path) -> list[str]:
    """Kill a register that forgets; return a sentence when nothing is found to be lost."""
    with scene(url, folder, program_of("forgetful")) as now:
        write_some(now.crew)
        kill_server(now)
        lost = now.judge().lost
    return [] if lost else ["a register that forgets was not found out"]


def prove_unsynced(url: str, folder: Path, postgres: Postgres) -> list[str]:
    """Kill a PostgreSQL that acknowledges too early; return a sentence when nothing is found."""
    kill = kill_postgres(postgres, UNSYNCED)
    with scene(url, folder) as now:
        kill(now)  # the register starts with a durable one only
        is_found = any(loses(now, kill) for _ in range(TRIES))
    restart(postgres)
    return [] if is_found else ["a PostgreSQL that does not sync was not found out"]


def restart(postgres: Postgres) -> None:
    """Let *postgres* be a durable one again."""
    postgres.kill()
    postgres.start()


def loses(now: Scene, kill: Kill) -> bool:
    """Kill, and return whether something acknowledged was lost."""
    kill(now)
    return bool(now.judge().lost)


def write_some(crew: Crew) -> None:
    """Let the crew write until it has done enough, and something of each kind."""
    written = crew.ledger.acknowledged
    crew.go()
    wait_until(
        lambda: len(written) >= ENOUGH and len({w.operation for w in list(written)}) == KINDS,
        "the writers get too little acknowledged",
    )
