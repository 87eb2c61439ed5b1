"""The command: `python -m benchmarks`, or `make bench`."""

import argparse

from benchmarks.audit import cost
from benchmarks.batches import compared as in_batches
from benchmarks.databases import KINDS, filled
from benchmarks.deadlines import recomputed
from benchmarks.figures import counted
from benchmarks.flatness import flat
from benchmarks.pages import opened
from benchmarks.peers import TARGETS, compare
from benchmarks.periods import lived
from benchmarks.processes import footprint
from benchmarks.reminders import passes
from benchmarks.searching import searched
from benchmarks.tables import flat_lines, footprint_lines, peer_lines, show
from benchmarks.threads import thread_lines, threads

PEER_SIZE = 100_000
"""The peers are compared at this size, or at the largest one below it."""

ALONE = {
    "deadlines": ("due dates, worked out from their papers", recomputed),
    "batches": ("batches, beside as many requests", in_batches),
    "reminders": ("reminders, where the same clocks fire", passes),
}
"""Parts that need no filled database."""

PARTS = (
    "deadlines",
    "reminders",
    "batches",
    "peers",
    "flatness",
    "audit",
    "processes",
    "threads",
    "searching",
    "periods",
    "figures",
    "pages",
)


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    numbers = lambda text: sorted(int(part) for part in text.split(","))  # noqa: E731
    names = lambda text: text.split(",")  # noqa: E731
    parser.add_argument("--sizes", type=numbers, default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--databases", type=names, default=list(KINDS))
    parser.add_argument("--parts", type=names, default=list(PARTS))
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--quick", action="store_true", help="a smoke run at 10,000")
    given = parser.parse_args()
    if given.quick:
        given.sizes, given.rounds = [2_000, 10_000], 5
    return given


def main() -> None:
    """Fill, measure and print, one database after the other."""
    given = arguments()
    for name, (title, lines) in ALONE.items():
        if name in given.parts:
            show(title, lines())
    for kind in given.databases if set(given.parts) - set(ALONE) else ():
        with filled(kind, given.sizes) as urls:
            peer_size = max((s for s in urls if s <= PEER_SIZE), default=min(urls))
            if "peers" in given.parts:
                compared = compare(urls[peer_size], given.rounds)
                show(f"{kind}: requests per second at {peer_size:,}", peer_lines(compared, TARGETS))
            if "flatness" in given.parts and len(urls) > 1:
                show(f"{kind}: cost by size", flat_lines(flat(urls, given.rounds)))
            if "audit" in given.parts:
                paid = cost(urls[peer_size], given.rounds)
                lines = [("step, with the audit / without", paid, "")]
                show(f"{kind}: cost of the audit at {peer_size:,}", iter(lines))
            served(given, kind, urls[peer_size])
            filled_anew(given, kind, urls)


def filled_anew(given: argparse.Namespace, kind: str, urls: dict[int, str]) -> None:
    """Measure what rests on an index that is filled first, and print what was found."""
    if "searching" in given.parts and len(urls) > 1:
        show(f"{kind}: pages of a search", searched(urls, given.rounds))
    if "periods" in given.parts:
        show(f"{kind}: how it stood on a day", lived(urls, given.rounds))
    if "figures" in given.parts:
        show(f"{kind}: figures", counted(urls, given.rounds))
    if "pages" in given.parts and len(urls) > 1:
        show(f"{kind}: pages", opened(urls, given.rounds))


def served(given: argparse.Namespace, kind: str, url: str) -> None:
    """Measure gunicorn on the database at *url* and print what was found."""
    if "processes" in given.parts:
        found = footprint(url, max(3, given.rounds // 8))
        show(f"{kind}: gunicorn, one worker", footprint_lines(found))
    if "threads" in given.parts:
        beside = threads(url, given.rounds)
        show(f"{kind}: gunicorn, two workers", thread_lines(beside))


if __name__ == "__main__":
    main()
