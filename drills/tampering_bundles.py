"""Tampering with an exported bundle."""

import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.audit.rules import chain
from drills.small_register import Register
from drills.tampering_checkpoints import OTHER

EVENTS, CHECKPOINTS, _ = chain.FILES
MANIFEST = "manifest.json"
GARBAGE = ("null", "[]", "{}", "5", '"text"', '{"sequence":null}', "no JSON")


def lines_in(path: Path) -> list[str]:
    """Return the lines of a file, with their ends."""
    return path.read_text(encoding="utf-8").splitlines(keepends=True)


def put(path: Path, lines: list[str]) -> None:
    """Write *lines* as the file."""
    path.write_text("".join(lines), encoding="utf-8")


def as_line(row: Any) -> str:
    """Return a row as a line of a bundle."""
    return chain.plain_json(row) + "\n"


def another(dice: random.Random, value: Any) -> Any:
    """Return another JSON value than *value*, at times of another type."""
    kinds: dict[type, tuple[Any, ...]] = {
        int: (value + 1, value - 1) if isinstance(value, int) else (),
        str: (f"{value}0", str(value)[1:], "") if isinstance(value, str) else (),
    }
    odd = (None, [], 7, "text", {})
    choices = kinds.get(type(value), ()) if dice.random() < 0.8 else odd
    return dice.choice([v for v in choices if v != value] or [v for v in odd if v != value])


# -- what is done to a file ----------------------------------------------------------------------


def alter_line(dice: random.Random, path: Path, register: Register) -> str:
    """Alter one value of a line, or put garbage in its place."""
    lines = lines_in(path)
    place = dice.randrange(len(lines))
    row = json.loads(lines[place])
    name = dice.choice(list(row))
    row[name] = another(dice, row[name])
    spoilt = dice.random() < 0.1
    lines[place] = dice.choice(GARBAGE) + "\n" if spoilt else as_line(row)
    put(path, lines)
    return f"line {place + 1}: {lines[place][:-1] if spoilt else f'{name} = {row[name]!r:.40}'}"


def delete_line(dice: random.Random, path: Path, register: Register) -> str:
    """Delete a line."""
    lines = lines_in(path)
    place = dice.randrange(len(lines))
    put(path, lines[:place] + lines[place + 1 :])
    return f"line {place + 1} deleted"


def insert_line(dice: random.Random, path: Path, register: Register) -> str:
    """Insert a line that stands elsewhere already, as it is or altered."""
    lines = lines_in(path)
    row = json.loads(dice.choice(lines))
    if dice.random() < 0.5:
        name = dice.choice(list(row))
        row[name] = another(dice, row[name])
    place = dice.randrange(len(lines) + 1)
    put(path, [*lines[:place], as_line(row), *lines[place:]])
    return f"line inserted at {place + 1}"


def exchange_lines(dice: random.Random, path: Path, register: Register) -> str:
    """Exchange two lines."""
    lines = lines_in(path)
    one, other = dice.sample(range(len(lines)), 2)
    lines[one], lines[other] = lines[other], lines[one]
    put(path, lines)
    return f"lines {one + 1} and {other + 1} exchanged"


def cut_lines(dice: random.Random, path: Path, register: Register) -> str:
    """Cut the end of a file off, at times in the middle of a line."""
    content = path.read_text(encoding="utf-8")
    place = dice.randrange(len(content))
    if dice.random() < 0.7:
        place = content.rfind("\n", 0, place) + 1
    path.write_text(content[:place], encoding="utf-8")
    return f"cut at character {place}"


def exchange_files(dice: random.Random, path: Path, register: Register) -> str:
    """Exchange two files."""
    other = path.parent / dice.choice([name for name in chain.FILES if name != path.name])
    one, two = path.read_bytes(), other.read_bytes()
    path.write_bytes(two)
    other.write_bytes(one)
    return f"exchanged with {other.name}"


def older_file(dice: random.Random, path: Path, register: Register) -> str:
    """Put the file of an older bundle there, or its truly signed manifest."""
    older = dice.choice(register.bundles[:-1])
    name = dice.choice((path.name, MANIFEST))
    shutil.copy(older / name, path.parent / name)
    return f"{name} from the older {older.name}"


def rewrite_chain(dice: random.Random, path: Path, register: Register) -> str:
    """Edit an event, make all hashes after it fit, and sign all checkpoints with another key."""
    rows = list(chain.lines_of(path.parent, EVENTS))
    place = dice.randrange(len(rows))
    rows[place]["note"] = "so it was not"
    for row in rows[place:]:
        number = row["sequence"]
        row["previous_hash"] = rows[number - 2]["hash"] if number > 1 else chain.FIRST_HASH
        row["hash"] = chain.event_hash(row)
    put(path.parent / EVENTS, [as_line(row) for row in rows])
    signed = list(chain.lines_of(path.parent, CHECKPOINTS))
    for row in signed:
        row["hash"] = rows[row["sequence"] - 1]["hash"]
        row |= {"signature": OTHER.sign(chain.signed_text(row)), "key_id": OTHER.key_id}
    put(path.parent / CHECKPOINTS, [as_line(row) for row in signed])
    return f"event {place + 1} edited and all hashes after it"


def alter_manifest(dice: random.Random, path: Path, register: Register) -> str:
    """Alter one value of the manifest, or take it away, or put garbage in its place."""
    file = path.parent / MANIFEST
    manifest = json.loads(file.read_text(encoding="utf-8"))
    name = dice.choice(list(manifest))
    kind = dice.choice(("altered", "altered", "taken away", "garbage"))
    if kind == "altered":
        manifest[name] = another(dice, manifest[name])
    elif kind == "taken away":
        del manifest[name]
    content = dice.choice(GARBAGE) if kind == "garbage" else json.dumps(manifest, indent=1)
    file.write_text(content, encoding="utf-8")
    return f"manifest: {name if kind != 'garbage' else content} {kind}"


CHANGES: tuple[Callable[[random.Random, Path, Register], str], ...] = (
    alter_line,
    delete_line,
    insert_line,
    exchange_lines,
    cut_lines,
    exchange_files,
    older_file,
    rewrite_chain,
    alter_manifest,
)


# -- how it is covered up ------------------------------------------------------------------------


def cover(dice: random.Random, folder: Path) -> str:
    """Leave the manifest, or list the files as they are now, or sign it with another key."""
    kind = dice.choice(("left", "fitting", "signed with another key", "with the other key in it"))
    file = folder / MANIFEST
    if kind == "left":
        return kind
    manifest = json.loads(file.read_text(encoding="utf-8"))
    manifest["files"] = {name: chain.digest_of(folder / name) for name in chain.FILES}
    if kind == "with the other key in it":
        manifest["public_key"] = OTHER.public_key
    if kind != "fitting":
        del manifest["signature"]
        manifest["signature"] = OTHER.sign(chain.plain_json(manifest).encode())
    file.write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    return kind


def contents(folder: Path) -> list[bytes]:
    """Return what lies in a bundle."""
    return [(folder / name).read_bytes() for name in (*chain.FILES, MANIFEST)]


def forge_bundle(dice: random.Random, number: int, register: Register, folder: Path) -> str:
    """Make *folder* a copy of the newest bundle and tamper with it; say what was done."""
    true = register.bundles[-1]
    while True:
        shutil.copytree(true, folder, dirs_exist_ok=True)
        change = CHANGES[number % len(CHANGES)]
        name = dice.choice(chain.FILES)
        told = change(dice, folder / name, register)
        if change is not alter_manifest:
            told = f"{name}: {told}; manifest {cover(dice, folder)}"
        if contents(folder) != contents(true):
            return told


def by_script(folder: Path, public: str) -> list[str]:
    """Return what the check that lies in the bundle says, run as it is far from the register."""
    words = [sys.executable, "-I", str(folder / "check.py"), str(folder), "--public-key", public]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.stderr:
        raise RuntimeError(done.stderr.splitlines()[-1])
    return done.stdout.splitlines()[:-1]
