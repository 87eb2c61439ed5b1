"""One side of `benchmarks.versions`: do what comes in by lines, each a number and an operation.

Only names that every version of the benchmarks has are imported, since this file also runs on the
code of an older commit.
"""

import sys

from benchmarks.databases import filled
from benchmarks.flatness import Subject


def main(kind: str, size: str) -> None:
    """Name the operations in a line, then answer each line when its calls are done."""
    with filled(kind, [int(size)]) as urls:
        operations = Subject(urls[int(size)]).operations()
        print("\t".join(operations), flush=True)
        for line in sys.stdin:
            times, name = line.rstrip("\n").split(" ", 1)
            operations[name](int(times))
            print("done", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
