"""Sixteen ways of tampering, each at many random places: is everything found?"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit import checkpointing
from app.audit.anchors import Anchor
from app.audit.queries import covered, verify_chain, verify_records, witnesses
from app.audit.rules import chain
from app.register.verification.queries import verification
from drills import (
    tampering_bundles,
    tampering_checkpoints,
    tampering_log,
    tampering_outside,
    tampering_rows,
    tampering_schema,
)
from drills.small_register import Register, small_register
from drills.tampering_tools import Attack, undone
from tests.database.postgres import running_postgres

DATABASES = ("sqlite", "postgresql")
SCRIPT_EVERY = 50
"""Every so many places a bundle is checked by its own script as well."""


# -- verifying -----------------------------------------------------------------------------------


def from_outside(register: Register, witness: str | None) -> dict[str, Any]:
    """Return what a verification is given from outside the database besides the public key."""
    return {
        "outside": register.outside if witness == "copy" else (),
        "receipts": [register.receipt] if witness == "receipt" else (),
        "anchor": register.anchor if witness == "anchor" else None,
    }


def by_log(
    session: Session, public: str, outside: Sequence, receipts: Sequence, anchor: Anchor | None
) -> list[str]:
    """Return what the chain and its checkpoints say."""
    found = list(verify_chain.broken_chain(session, public, outside))
    found += witnesses.false_anchor(session, public, anchor)
    return found + verify_chain.false_receipts(session, public, receipts)


def whole(
    session: Session, public: str, outside: Sequence, receipts: Sequence, anchor: Anchor | None
) -> list[str]:
    """Return what one whole verification says, but for the schema."""
    found = verification.history_differences(session, public, outside)
    found += verification.index_differences(session) + covered.numbers(session)
    found += witnesses.false_anchor(session, public, anchor)
    return found + verify_chain.false_receipts(session, public, receipts)


def untouched(register: Register) -> list[str]:
    """Return what is found where nobody has tampered: it must be nothing."""
    public = register.signer.public_key
    with Session(register.database.engine) as session:
        found = [
            told
            for witness in (None, *tampering_checkpoints.OUTSIDE)
            for told in whole(session, public, **from_outside(register, witness))
        ]
        found += covered.false_schema(session)
    with tempfile.TemporaryDirectory() as name:
        found += tampering_outside.by_witness(
            register, tampering_outside.copied(register, Path(name))
        )
    bundle = register.bundles[-1]
    return (
        found + chain.bundle_problems(bundle, public) + tampering_bundles.by_script(bundle, public)
    )


# -- the ways ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Way:
    """A way of tampering: what is done, and whether the log itself must show it.

    Where the *schema* is altered, that alone is looked at: what the records say need not change.
    """

    name: str
    act: Callable[..., str]
    in_log: bool = True
    schema: bool = False


WAYS = {
    "edit": Way("edit an event", tampering_log.edit),
    "swap": Way("swap two events", tampering_log.swap),
    "delete": Way("delete an event", tampering_log.delete),
    "insert": Way("insert an event", tampering_log.insert),
    "cut": Way("cut the tail", tampering_log.cut),
    "rehash": Way("edit and rehash", tampering_log.rehash),
    "drop": Way("drop the last event", tampering_log.drop_last),
    "behind": Way("behind the log's back", tampering_rows.behind, in_log=False),
    "rewrite": Way("rewrite what was signed", tampering_log.rewrite),
    "gap": Way("a checkpoint gone", tampering_checkpoints.take_from_the_middle),
    "unsigned": Way("all checkpoints gone", tampering_checkpoints.forget_all),
    "numbers": Way("numbers without event", tampering_rows.numbers, in_log=False),
    "schema": Way("alter the schema", tampering_schema.alter_schema, schema=True),
    "outside": Way("the file outside", tampering_outside.tamper_outside),
    "checkpoint": Way("forge a checkpoint", tampering_checkpoints.forge),
    "bundle": Way("forge a bundle", tampering_bundles.forge_bundle),
}


@dataclass
class Result:
    """How one way went on one database: places tried, found, and what was not found.

    *outside* are those of the found that nothing inside the database can show.
    """

    database: str
    way: str
    tried: int = 0
    found: int = 0
    outside: int = 0
    missed: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, told: str, problem: str | None) -> None:
        """Count a place where *told* was done and *problem* says why it is not found."""
        self.tried += 1
        if problem is None:
            self.found += 1
        else:
            self.missed.append(f"{told}: {problem}")


def try_way(register: Register, name: str, places: int, seed: int) -> Result:
    """Tamper in one way at so many places and verify after each."""
    result = Result(register.database.engine.dialect.name, name)
    begun = time.perf_counter()
    for number in range(places):
        dice = random.Random(f"{seed} {name} {number}")
        if name == "bundle":
            try_bundle(register, dice, number, result)
        elif name == "outside":
            try_outside(register, dice, number, result)
        else:
            try_place(register, dice, number, seed, result)
    result.seconds = time.perf_counter() - begun
    return result


def try_place(
    register: Register, dice: random.Random, number: int, seed: int, result: Result
) -> None:
    """Tamper with the database at one place."""
    way = WAYS[result.way]
    with undone(register) as connection:
        attack = Attack(connection, register, dice, number, seed)
        told = way.act(attack)
        problem = unseen(attack, way)
    result.add(f"place {number}: {told}", problem)
    result.outside += bool(attack.witnesses) and problem is None


def unseen(attack: Attack, way: Way) -> str | None:
    """Return why what was done is not found, or None.

    A verification that fails has found nothing: it names neither what is wrong nor the rest.
    """
    public = attack.register.signer.public_key
    try:
        with Session(attack.connection, autoflush=False) as session:
            if way.schema:
                return None if covered.everything(session) else "not found"
            found = whole(session, public, **from_outside(attack.register, None))
            for witness in attack.witnesses or (None,):
                if way.in_log:
                    found = by_log(session, public, **from_outside(attack.register, witness))
                if not found:
                    return f"not found by the {witness}" if witness else "not found"
    except Exception as error:
        return f"the verification failed with {type(error).__name__}: {error!s:.80}"
    return None


def try_bundle(register: Register, dice: random.Random, number: int, result: Result) -> None:
    """Tamper with a bundle at one place."""
    public = register.signer.public_key
    checks = [chain.bundle_problems]
    if number % SCRIPT_EVERY == 0:
        checks.append(tampering_bundles.by_script)
    with tempfile.TemporaryDirectory() as name:
        told = tampering_bundles.forge_bundle(dice, number, register, Path(name))
        problem = None
        for check in checks:
            try:
                problem = problem or (None if check(Path(name), public) else "not found")
            except Exception as error:
                problem = f"the check failed with {type(error).__name__}: {error!s:.80}"
    result.add(f"place {number}: {told}", problem)


def try_outside(register: Register, dice: random.Random, number: int, result: Result) -> None:
    """Tamper with the file outside at one place."""
    with tempfile.TemporaryDirectory() as name:
        reading = tampering_outside.copied(register, Path(name))
        told = tampering_outside.tamper_outside(dice, number, reading)
        found = tampering_outside.by_witness(register, reading)
    result.add(f"place {number}: {told}", None if found else "not found")


# -- faults that are planted, to see that this drill can fail ------------------------------------


def nothing(*_: Any) -> Iterator[str]:
    """Find nothing."""
    return iter(())


FAULTS = {
    "hashes that are not computed": (chain, "event_hash", lambda row: row["hash"], "edit"),
    "checkpoints that are not checked": (chain, "false_checkpoints", nothing, "rehash"),
    "records that are not compared": (verify_records, "difference", lambda *_: None, "behind"),
    "a manifest that is not checked": (chain, "false_manifest", nothing, "bundle"),
    "an anchor that is not asked": (witnesses, "lost_anchor", lambda *_: None, "rewrite"),
    "an anchor that is not asked either": (witnesses, "lost_anchor", lambda *_: None, "unsigned"),
    "numbers that may be missing": (chain, "missing_numbers", nothing, "gap"),
    "a file that may be short": (checkpointing, "check_length", lambda *_: None, "outside"),
    "a schema that is not compared": (covered, "false_schema", nothing, "schema"),
    "numbers that are not counted": (covered, "numbers", lambda *_: [], "numbers"),
}
"""What is put in whose place, and the way that must then be missed somewhere."""


def with_fault(register: Register, fault: str, places: int, seed: int) -> Result:
    """Return how a way goes while *fault* is planted."""
    module, name, broken, way = FAULTS[fault]
    with mock.patch.object(module, name, broken):
        return try_way(register, way, places, seed)


def check_drill(register: Register, seed: int) -> None:
    """Stop when this drill would not notice anything, or finds what nobody did."""
    if found := untouched(register):
        raise SystemExit(f"found where nobody has tampered: {found}")
    for fault in FAULTS:
        if not with_fault(register, fault, 20, seed).missed:
            raise SystemExit(f"the drill does not notice {fault}")


# -- running -------------------------------------------------------------------------------------


def on_server(url: str, statement: str) -> None:
    """Run one statement outside a transaction."""
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


@contextmanager
def register_in(server: str | None, folder: Path, name: str) -> Iterator[Register]:
    """Give a small register: in the database *name* of a PostgreSQL, or without one in SQLite."""
    with ExitStack() as stack:
        url = f"sqlite:///{folder / name}.db"
        if server is not None:
            on_server(server, f"DROP DATABASE IF EXISTS {name}")
            on_server(server, f"CREATE DATABASE {name}")
            stack.callback(on_server, server, f"DROP DATABASE {name} WITH (FORCE)")
            url = sa.make_url(server).set(database=name).render_as_string(hide_password=False)
        yield stack.enter_context(small_register(url, folder))


def tamper(
    places: int, seed: int, databases: Sequence[str] = DATABASES, ways: Sequence[str] = ()
) -> list[Result]:
    """Tamper in every way at so many places on each database; print and return how it went."""
    results = []
    for database in databases:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tampering-")))
            server = None
            if database == "postgresql":
                server = stack.enter_context(running_postgres())
                if server is None:
                    raise SystemExit("no PostgreSQL was found")
            register = stack.enter_context(register_in(server, folder, "register_tampering"))
            check_drill(register, seed)
            for way in ways or WAYS:
                results.append(try_way(register, way, places, seed))
                show(results[-1])
    return results


def show(result: Result) -> None:
    """Print the line of a result, and what was not found."""
    name = f"{result.database:12}{WAYS[result.way].name:24}"
    numbers = (result.tried, result.found, len(result.missed), result.outside)
    print(name + "".join(f"{number:>10}" for number in numbers) + f"{result.seconds:>9.0f} s")
    for told in result.missed:
        print(f"    NOT FOUND {result.way}, {told}")
    sys.stdout.flush()


def main(words: list[str] | None = None) -> int:
    """Tamper as the command line says; return 1 when anything is not found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--places", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--databases", default=",".join(DATABASES))
    parser.add_argument("--ways", default=",".join(WAYS))
    given = parser.parse_args(words)
    titles = ("tried", "found", "not found", "outside")
    print(f"seed {given.seed:<7}{'way':24}" + "".join(f"{title:>10}" for title in titles))
    databases, ways = given.databases.split(","), given.ways.split(",")
    results = tamper(given.places, given.seed, databases, ways)
    print("outside: found only by the copy of the checkpoints, or a receipt, outside the database")
    missed = sum(len(result.missed) for result in results)
    print(f"{missed} not found" if missed else "everything was found")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
