"""What a change costs: the working tree beside a commit, each in a process of its own.

The command: `python -m benchmarks.versions COMMIT`. Each side fills a database by its own code
and then does what it is told through a pipe, so that both take their turns in every round.
"""

import argparse
import io
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.databases import KINDS
from benchmarks.measuring import Ratio, Work, interleaved, ratio
from benchmarks.tables import show, verdict

ROOT = Path(__file__).resolve().parents[1]
NO_LOSS = 0.95
"""The least that an operation may reach of the speed it had."""


def main() -> None:
    """Measure and print, one kind of database after the other."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.versions", description=__doc__)
    parser.add_argument("commit", help="what the working tree is held against")
    parser.add_argument("--size", type=int, default=20_000)
    parser.add_argument("--databases", type=lambda text: text.split(","), default=list(KINDS))
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--named", default="", help="measure only operations with this in the name")
    given = parser.parse_args()
    for kind in given.databases:
        with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
            unpack(given.commit, Path(folder))
            before = stack.enter_context(measured(Path(folder), kind, given.size))
            now = stack.enter_context(measured(ROOT, kind, given.size))
            both = {n: (before[n], now[n]) for n in now if n in before and given.named in n}
            lines = compared(both, given.rounds)
            show(f"{kind}: speed now / at {given.commit}, at {given.size:,}", lines)


def unpack(commit: str, folder: Path) -> None:
    """Write the files of *commit* into *folder*."""
    packed = subprocess.run(["git", "archive", commit], cwd=ROOT, check=True, capture_output=True)
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
        archive.extractall(folder, filter="data")


@contextmanager
def measured(tree: Path, kind: str, size: int) -> Iterator[dict[str, Work]]:
    """Give the operations of the program in *tree*, on a database of its own."""
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    environment.pop("TEST_DATABASE_URL", None)
    script = str(ROOT / "benchmarks" / "measured.py")
    with subprocess.Popen(
        [sys.executable, "-P", script, kind, str(size)],
        cwd=tree, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        given, answered = process.stdin, process.stdout
        assert given is not None
        assert answered is not None

        def work(name: str) -> Work:
            def repeat(times: int) -> None:
                print(f"{times} {name}", file=given, flush=True)
                if not answered.readline():
                    raise SystemExit(f"{tree.name}: {name} was not done")

            return repeat

        names = answered.readline().rstrip("\n").split("\t")
        yield {name: work(name) for name in names if name}
        given.close()


def compared(both: dict[str, tuple[Work, Work]], rounds: int) -> Iterator[tuple[str, Ratio, str]]:
    """Yield for each operation how many are done now while one was done before."""
    for name, (before, now) in both.items():
        times = interleaved({"before": before, "now": now}, rounds)
        found = ratio(times, "before", "now")
        yield name, found, verdict(NO_LOSS, found.median >= NO_LOSS, ">=")


if __name__ == "__main__":
    main()
