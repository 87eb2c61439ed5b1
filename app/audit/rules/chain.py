"""The chain of events, its signed checkpoints and receipts, and the check of an exported bundle.

This file needs nothing but Python 3.11: `python check.py FOLDER --public-key HEX` checks a bundle
on a machine where the register was never installed. It is copied into every bundle.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

Given = Mapping[str, Any]
"""A row by the names of its columns."""

Values = dict[str, Any]
"""The same, while it is put together."""

FIRST_HASH = "0" * 64

BEFORE_SEALS = (
    "sequence",
    "at",
    "operation",
    "record_type",
    "record_id",
    "record_reference",
    "record_version",
    "publication",
    "changes",
    "note",
    "actor_kind",
    "actor_name",
    "principal_id",
    "office_id",
    "office_name",
    "key_prefix",
    "request_id",
    "outcome",
    "previous_hash",
)
"""The columns that the hash of an event of the first scheme covers, in this order."""

CHAINED = (*BEFORE_SEALS, "scheme", "actor_seal", "approval_id", "record_hash")
"""The same of the schemes since: a principal's name is there only as its seal."""

SCHEME = 4
"""The scheme of new events: what people wrote is covered by seals, so that it can be erased."""

SEALED_SCHEMES = (2, 3)
"""The schemes whose events the columns of CHAINED make up: they differ in the record hash."""

TEXTS = ("note", "record_hash")
"""The columns that a hash of SCHEME covers by their seals alone, beside fields of *changes*."""

OF_CHANGES = "changes."
"""What stands before the name of a field of *changes* in *seals* and *salts*."""

SEALED = (*(name for name in CHAINED if name not in TEXTS), "seals")
"""The columns that the hash of an event of SCHEME covers; *changes* without the sealed fields."""

EVENT = (*CHAINED, "seals", "salts")
"""Every column that an event is checked by."""

ERASED = "（已删除）"
"""What stands in place of a name or a text that was erased."""

# -- hashes ------------------------------------------------------------------------------------


def plain_json(value: object) -> str:
    """Return *value* as JSON without spaces, characters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def event_hash(row: Given) -> str:
    """Return the SHA-256, in hex, of an event's canonical form.

    *row* holds every column of its scheme, with ``at`` as RFC 3339 text in UTC.
    """
    if row.get("scheme") == SCHEME:
        row = {**row, "changes": plain_json(unsealed(row))}
        names = SEALED
    else:
        names = CHAINED if row.get("scheme") in SEALED_SCHEMES else BEFORE_SEALS
    return hashlib.sha256(plain_json([row[name] for name in names]).encode()).hexdigest()


def unsealed(row: Given) -> Values:
    """Return the fields of an event's *changes* that its hash covers as they stand."""
    sealed = json.loads(row["seals"])
    changes = json.loads(row["changes"])
    return {name: pair for name, pair in changes.items() if OF_CHANGES + name not in sealed}


def texts_of(row: Given) -> Values:
    """Return what an event says that seals may stand for, by the name that *seals* give it."""
    changes = json.loads(row["changes"])
    found = {OF_CHANGES + name: pair for name, pair in changes.items()}
    return found | {name: row[name] for name in TEXTS if row[name] is not None}


def text_seal(salt: str, value: object) -> str:
    """Return the seal of one text of an event: of a note, a hash, or a pair of values."""
    return seal_of(salt, value if isinstance(value, str) else plain_json(value))


def without_words(value: object) -> Any:
    """Return *value* with ERASED in place of each text in it."""
    if isinstance(value, dict):
        return {name: without_words(one) for name, one in value.items()}
    if isinstance(value, list):
        return [without_words(one) for one in value]
    return ERASED if isinstance(value, str) else value


def is_plain(text: str | None) -> bool:
    """Return whether *text* is JSON as the register writes it: it says the same in one way."""
    return text is not None and text == plain_json(json.loads(text))


def is_as_sealed(row: Given) -> bool:
    """Return whether the texts of an event of SCHEME are those sealed, or were wholly erased."""
    if not all(is_plain(row[name]) for name in ("changes", "seals", "salts")):
        return False
    texts, seals, salts = texts_of(row), json.loads(row["seals"]), json.loads(row["salts"])
    if salts.keys() - seals.keys():
        return False
    if any(name in texts and name not in seals for name in TEXTS):
        return False
    for name, seal in seals.items():
        value = texts.get(name)
        if name not in salts:
            if without_words(value) != value:
                return False
        elif value is None or text_seal(salts[name], value) != seal:
            return False
    return True


def seal_of(salt: str, value: str) -> str:
    """Return what stands in the chain for a personal *value*; without *salt* it tells nothing."""
    return hashlib.sha256(f"{salt}\n{value}".encode()).hexdigest()


def checkpoint_text(
    sequence: int, event: str, at: str, number: int | None = None, resumes_after: int | None = None
) -> bytes:
    """Return what is signed of a checkpoint: up to which event, its hash, and when.

    Those of earlier releases have no *number*. One that accepts a restored backup names in
    *resumes_after* the checkpoint after which the history goes on.
    """
    if number is None:
        return f"proposal-register checkpoint\n{sequence}\n{event}\n{at}\n".encode()
    place = f"{number}\n{'' if resumes_after is None else resumes_after}"
    return f"proposal-register checkpoint 2\n{place}\n{sequence}\n{event}\n{at}\n".encode()


def signed_text(row: Given) -> bytes:
    """Return what is signed of the checkpoint in *row*, with its moment as text."""
    number, resumes_after = row.get("number"), row.get("resumes_after")
    return checkpoint_text(row["sequence"], row["hash"], row["at"], number, resumes_after)


def receipt_text(sequence: int, event: str, anchor: tuple[int, str] | None = None) -> bytes:
    """Return what is signed of a receipt: the last event of a write and its hash.

    *anchor* is the event up to which the chain was signed before, and its hash.
    """
    if anchor is None:
        return f"proposal-register receipt\n{sequence}\n{event}\n".encode()
    before = f"{anchor[0]}\n{anchor[1]}"
    return f"proposal-register receipt 2\n{sequence}\n{event}\n{before}\n".encode()


# -- Ed25519, after RFC 8032, section 5.1 --------------------------------------------------------

PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
CURVE_D = -121665 * pow(121666, PRIME - 2, PRIME) % PRIME
ROOT_OF_MINUS_ONE = pow(2, (PRIME - 1) // 4, PRIME)
Point = tuple[int, int, int, int]
"""Extended coordinates X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z."""


def add(p: Point, q: Point) -> Point:
    """Return the sum of two points."""
    a = (p[1] - p[0]) * (q[1] - q[0]) % PRIME
    b = (p[1] + p[0]) * (q[1] + q[0]) % PRIME
    c = 2 * p[3] * q[3] * CURVE_D % PRIME
    d = 2 * p[2] * q[2] % PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


def multiply(times: int, p: Point) -> Point:
    """Return *p* added up *times* times."""
    total = (0, 1, 1, 0)
    while times:
        if times & 1:
            total = add(total, p)
        p = add(p, p)
        times >>= 1
    return total


def same(p: Point, q: Point) -> bool:
    """Return whether two points are equal, whatever their Z."""
    across = (p[0] * q[2] - q[0] * p[2]) % PRIME
    return across == 0 and (p[1] * q[2] - q[1] * p[2]) % PRIME == 0


def x_of(y: int, sign: int) -> int | None:
    """Return the x of the point with this *y* and sign, or None where there is none."""
    if y >= PRIME:
        return None
    square = (y * y - 1) * pow(CURVE_D * y * y + 1, PRIME - 2, PRIME) % PRIME
    if square == 0:
        return None if sign else 0
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if (x * x - square) % PRIME:
        x = x * ROOT_OF_MINUS_ONE % PRIME
    if (x * x - square) % PRIME:
        return None
    return PRIME - x if x & 1 != sign else x


BASE_Y = 4 * pow(5, PRIME - 2, PRIME) % PRIME
BASE_X = x_of(BASE_Y, 0) or 0
BASE: Point = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % PRIME)


def packed(p: Point) -> bytes:
    """Return a point as 32 bytes."""
    inverse = pow(p[2], PRIME - 2, PRIME)
    x, y = p[0] * inverse % PRIME, p[1] * inverse % PRIME
    return (y | (x & 1) << 255).to_bytes(32, "little")


def unpacked(content: bytes) -> Point | None:
    """Return the point that 32 bytes stand for, or None."""
    if len(content) != 32:
        return None
    number = int.from_bytes(content, "little")
    y = number & ((1 << 255) - 1)
    x = x_of(y, number >> 255)
    return None if x is None else (x, y, 1, x * y % PRIME)


def number_of(*parts: bytes) -> int:
    """Return the SHA-512 of *parts* as a number below the order of the base point."""
    return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little") % ORDER


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Return whether *signature* of *message* was made with the key of *public*."""
    key, point = unpacked(public), unpacked(signature[:32])
    if len(signature) != 64 or key is None or point is None:
        return False
    s = int.from_bytes(signature[32:], "little")
    if s >= ORDER:
        return False
    challenge = number_of(signature[:32], public, message)
    return same(multiply(s, BASE), add(point, multiply(challenge, key)))


def is_signed_hex(public: str, message: bytes, signature: str) -> bool:
    """Return the same for a key and a signature in hex; False for what is no hex."""
    try:
        return is_signed(bytes.fromhex(public), message, bytes.fromhex(signature))
    except ValueError:
        return False


Check = Callable[[str, bytes, str], bool]
"""(public key in hex, text, signature in hex) → whether that key signed that text."""


def key_id(public: str) -> str:
    """Return the short name of a public key in hex."""
    return hashlib.sha256(public.encode()).hexdigest()[:16]


# -- checks ------------------------------------------------------------------------------------


def broken_links(events: Iterable[Given], state: Values) -> Iterator[str]:
    """Yield a sentence for each event that is missing, altered or out of its place.

    *state* takes the number of the last event as ``sequence`` and its hash as ``hash``.
    """
    previous, expected = FIRST_HASH, 1
    for row in events:
        if row["sequence"] != expected:
            yield f"event {expected} is missing"
        if not follows(row, previous):
            yield f"event {row['sequence']} does not fit the chain"
        previous, expected = row["hash"], row["sequence"] + 1
    state["sequence"], state["hash"] = expected - 1, previous


def follows(row: Given, previous: str) -> bool:
    """Return whether an event stands after the hash *previous* and holds what its own says."""
    try:
        whole = row["previous_hash"] == previous and event_hash(row) == row["hash"]
        return whole and not exceeds(row)
    except (LookupError, ValueError, TypeError, AttributeError):  # it is no JSON any more
        return False


def exceeds(row: Given) -> bool:
    """Return whether an event holds something that its scheme does not cover."""
    if row.get("scheme") == SCHEME:
        return not is_as_sealed(row)
    covered = CHAINED if row.get("scheme") in SEALED_SCHEMES else BEFORE_SEALS
    return any(row.get(name) is not None for name in set(EVENT) - set(covered))


def false_checkpoints(
    checkpoints: Iterable[Given],
    hashes: Mapping[int, str],
    public: str,
    check: Check = is_signed_hex,
) -> Iterator[str]:
    """Yield a sentence for each checkpoint that is forged, or that the chain contradicts.

    *hashes* holds the hash of each event that a checkpoint may name, by sequence; *check* says
    whether a text was signed.
    """
    for row in checkpoints:
        message = f"checkpoint at event {row['sequence']}"
        forged = list(false_signatures([row], public, check))
        yield from forged
        if not forged and row["sequence"] not in hashes:
            yield f"{message}: the event is missing"
        elif not forged and hashes[row["sequence"]] != row["hash"]:
            yield f"{message}: the event is another one now"


def false_signatures(
    checkpoints: Iterable[Given], public: str, check: Check = is_signed_hex
) -> Iterator[str]:
    """Yield a sentence for each checkpoint that was not signed as it stands, or with this key."""
    for row in checkpoints:
        message = f"checkpoint at event {row['sequence']}"
        if row["key_id"] != key_id(public):
            yield f"{message}: it names another key"
        uncovered = row.get("number") is None and row.get("resumes_after") is not None
        if uncovered or not check(public, signed_text(row), row["signature"]):
            yield f"{message}: not signed with the key {public[:16]}…"


def missing_numbers(checkpoints: Iterable[Given]) -> Iterator[str]:
    """Yield a sentence where a checkpoint is missing between others, which stand in their order.

    Those of earlier releases have no number; the first number counts them.
    """
    last, numbered = 0, False
    for row in checkpoints:
        number, after = row.get("number"), row.get("resumes_after")
        if number is None:
            last += 1
            if numbered:
                yield f"checkpoint at event {row['sequence']}: it has no number"
            continue
        before = number - 1 if after is None else after
        if before > last and not numbered:
            yield f"{before - last} of the first {before} checkpoints are missing"
        elif before > last:
            yield f"checkpoint {last + 1} is missing" + f", and all until {before}" * (
                before > last + 1
            )
        elif before < last or number <= before:
            yield f"checkpoint {number} stands where {last + 1} belongs"
        last, numbered = number, True


def given_up(checkpoints: Iterable[Given]) -> list[tuple[int, int]]:
    """Return the numbers between which checkpoints were given up by restores that were accepted."""
    return [
        (row["resumes_after"], row["number"])
        for row in checkpoints
        if row.get("number") is not None and row.get("resumes_after") is not None
    ]


def is_given_up(number: int | None, gaps: Iterable[tuple[int, int]]) -> bool:
    """Return whether the checkpoint *number* lies in one of *gaps*."""
    return number is not None and any(first < number < last for first, last in gaps)


def parts_of(receipt: str) -> tuple[int, str, str, tuple[int, str] | None] | None:
    """Return the event of a receipt, its hash, the signature, and what it names as signed before.

    None stands for what is no receipt; in one of an earlier release nothing is named.
    """
    words = receipt.strip().split(";")
    numbers = words[:1] + words[4:5]
    if len(words) not in (4, 6) or not all(w.isdecimal() and len(w) < 19 for w in numbers):
        return None
    anchor = (int(words[4]), words[5]) if len(words) == 6 else None
    return int(words[0]), words[1], words[3], anchor


def false_receipts(
    receipts: Iterable[str], public: str, hash_of: Callable[[int], str | None]
) -> Iterator[str]:
    """Yield a sentence for each receipt that is forged, or whose events are others now.

    *hash_of* gives the hash of an event by its sequence, None where there is none.
    """
    for receipt in receipts:
        name, parts = f"receipt {receipt.partition(';')[0][:20]}", parts_of(receipt)
        if parts is None:
            yield f"{name}: not signed with this key"
            continue
        sequence, event, signature, anchor = parts
        if not is_signed_hex(public, receipt_text(sequence, event, anchor), signature):
            yield f"{name}: not signed with this key"
        elif hash_of(sequence) != event:
            yield f"{name}: the event is missing or another one now"
        elif anchor is not None and hash_of(anchor[0]) != anchor[1]:
            yield f"{name}: event {anchor[0]}, signed before, is missing or another one now"


def false_seals(names: Iterable[Given]) -> Iterator[str]:
    """Yield a sentence for each sealed value that is not the one sealed; erased ones are none."""
    for row in names:
        if row["salt"] is not None and seal_of(row["salt"], row["value"]) != row["seal"]:
            yield f"seal {row['seal'][:16]}…: another value stands there now"


FILES = ("events.jsonl", "checkpoints.jsonl", "names.jsonl")


def lines_of(folder: Path, name: str) -> Iterator[Values]:
    """Yield the rows of one file of a bundle."""
    with (folder / name).open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def false_manifest(folder: Path, public: str) -> Iterator[str]:
    """Yield a sentence where the signed list of a bundle's files is not what lies there."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    signature = manifest.pop("signature", "")
    if not is_signed_hex(public, plain_json(manifest).encode(), signature):
        yield f"the bundle is not signed with the key {public[:16]}…"
    for name in FILES:
        if manifest["files"].get(name) != digest_of(folder / name):
            yield f"{name} is not the file that was signed"


def bundle_problems(folder: Path, public: str, receipts: Collection[str] = ()) -> list[str]:
    """Return a sentence for everything that is wrong with the bundle in *folder*.

    *receipts* are those of writes that the bundle must hold.
    """
    try:
        return list(found_in(folder, public, receipts))
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        return [f"the bundle cannot be read: {type(error).__name__} {error}"]


def found_in(folder: Path, public: str, receipts: Collection[str] = ()) -> Iterator[str]:
    """Yield what is wrong: the manifest, the chain, checkpoints, sealed names, receipts."""
    yield from false_manifest(folder, public)
    state: Values = {}
    checkpoints = list(lines_of(folder, "checkpoints.jsonl"))
    wanted = {row["sequence"] for row in checkpoints}
    for parts in filter(None, map(parts_of, receipts)):
        wanted |= {parts[0]} | ({parts[3][0]} if parts[3] else set())
    hashes: dict[int, str] = {}

    def noted() -> Iterator[Values]:
        for row in lines_of(folder, "events.jsonl"):
            if row["sequence"] in wanted:
                hashes[row["sequence"]] = row["hash"]
            yield row

    yield from broken_links(noted(), state)
    yield from false_checkpoints(checkpoints, hashes, public)
    yield from missing_numbers(checkpoints)
    yield from false_seals(lines_of(folder, "names.jsonl"))
    yield from false_receipts(receipts, public, hashes.get)


def main(words: list[str] | None = None) -> int:
    """Check a bundle, with receipts where some are given; return the exit status."""
    parser = argparse.ArgumentParser(description="Check an exported audit of a proposal register.")
    parser.add_argument("folder", type=Path, nargs="?", default=Path(__file__).parent)
    parser.add_argument("--public-key", required=True, help="in hex, from a source you trust")
    parser.add_argument(
        "--receipt", action="append", default=[], help="of a write; may be given again"
    )
    given = parser.parse_args(words)
    public = given.public_key.strip().lower()
    problems = bundle_problems(given.folder, public, given.receipt)
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problems" if problems else "the bundle is whole")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
