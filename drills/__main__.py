"""The command: `python -m drills`, or `make drill`."""

import argparse
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from drills import careless, crowds, kills, paper_drill
from drills.databases import copied, folder, new_template
from drills.faults import IN_DATABASE, IN_LEDGER
from drills.postgres import Postgres, own_postgres
from drills.tables import Row, tables

KINDS = ("sqlite", "postgresql")
FAULTS = (*IN_DATABASE, *IN_LEDGER, "forgetful", "unsynced")
SHORT = {"kills": 3, "postgres_kills": 2, "writes": 800, "keys": 5, "cases": 60}
MOST_SHOWN = 10
"""Problems of each drill that are printed at the end."""

Proof = Callable[[], list[str]]
"""Plants faults; returns a sentence for each that is not found."""


def arguments(words: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m drills", description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="of the server, on each database")
    parser.add_argument("--postgres-kills", type=int, default=50, help="of PostgreSQL itself")
    parser.add_argument("--writes", type=int, default=10_000, help="conditional ones")
    parser.add_argument("--keys", type=int, default=50, help="each sent 8 times at once")
    parser.add_argument("--cases", type=int, default=1100, help="entered from paper")
    parser.add_argument("--databases", type=lambda text: text.split(","), default=list(KINDS))
    parser.add_argument("--short", action="store_true", help="a smoke run of each drill")
    parser.add_argument("--plant", choices=FAULTS, help="run with this fault, which must fail")
    if parser.parse_args(words).short:
        parser.set_defaults(**SHORT)
    return parser.parse_args(words)


@dataclass(frozen=True)
class Ground:
    """Where the drills of one kind of database take place."""

    kind: str
    template: str
    place: Path

    def on_copy(self, work: Callable[..., Any], *more: Any) -> Any:
        """Run *work* with a database of its own, a folder, and *more*."""
        with copied(self.template, self.place) as url:
            return work(url, self.place, *more)

    def drill(self, name: str, proofs: list[Proof], work: Callable[..., Row], *more: Any) -> Row:
        """Prove that the drill can fail, then run it."""
        print(f"{self.kind}: {name}", flush=True)
        try:
            unproved = [told for proof in proofs for told in proof()]
            print(f"  {unproved or 'each planted fault was found'}", flush=True)
            row = self.on_copy(work, *more)
        except Exception as error:  # the other drills go on
            traceback.print_exc()
            return Row(name, {}, 0, [f"it ended early: {error}"], self.kind)
        return replace(row, kind=self.kind, problems=unproved + row.problems)


def drills_on(kind: str, given: argparse.Namespace) -> Iterator[Row]:
    """Run every drill on one *kind* of database."""
    with ExitStack() as stack:
        place = stack.enter_context(folder())
        postgres = stack.enter_context(own_postgres()) if kind == "postgresql" else None
        if kind == "postgresql" and postgres is None:
            raise SystemExit("no PostgreSQL was found")
        ground = Ground(kind, new_template(postgres and postgres.url, place), place)
        yield server_drill(ground, given)
        if postgres:
            yield postgres_drill(ground, given, postgres)
        yield conditional_drill(ground, given)
        yield same_key_drill(ground, given)
        yield year_drill(ground, given)


def server_drill(ground: Ground, given: argparse.Namespace) -> Row:
    """Kill the register."""
    proofs = [partial(ground.on_copy, p) for p in (kills.prove_checks, kills.prove_forgetful)]
    return ground.drill("server kills", proofs, kills.server_kills, given.kills, given.plant)


def postgres_drill(ground: Ground, given: argparse.Namespace, postgres: Postgres) -> Row:
    """Kill PostgreSQL itself."""
    proof = partial(ground.on_copy, kills.prove_unsynced, postgres)
    more = (postgres, given.postgres_kills, given.plant)
    return ground.drill("postgres kills", [proof], kills.postgres_kills, *more)


def conditional_drill(ground: Ground, given: argparse.Namespace) -> Row:
    """Let a crowd write to the same records."""
    proofs = [careless.prove_lost_updates]
    more = (given.writes, given.plant)
    return ground.drill("conditional writes", proofs, crowds.conditional_writes, *more)


def same_key_drill(ground: Ground, given: argparse.Namespace) -> Row:
    """Let a crowd send the same."""
    proofs = [careless.prove_doubled_reports]
    return ground.drill("same key", proofs, crowds.same_key, given.keys, given.plant)


def year_drill(ground: Ground, given: argparse.Namespace) -> Row:
    """Enter a year that began on paper."""
    proofs = [partial(ground.on_copy, paper_drill.prove_recount)]
    return ground.drill("a year from paper", proofs, paper_drill.paper_year, given.cases)


def main(words: list[str] | None = None) -> int:
    """Run every drill on each database; return 1 when anything failed."""
    given = arguments(words)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # clean up on the way out
    rows = [row for kind in given.databases for row in drills_on(kind, given)]
    print("\n".join(tables(rows)))
    print()
    for row in rows:
        for told in row.problems[:MOST_SHOWN]:
            print(f"{row.name}, {row.kind}: {told}")
    number = sum(len(row.problems) for row in rows)
    print(f"\n{number} problems")
    return 1 if number else 0


if __name__ == "__main__":
    sys.exit(main())
