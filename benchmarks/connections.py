"""What it saves to keep a connection: the same list on one connection, and on a new one each time.

The command: `python -m benchmarks.connections`. Both take their turns against one served process.
"""

import http.client
from collections.abc import Callable

from benchmarks.databases import filled
from benchmarks.measuring import Work, interleaved, ratio
from benchmarks.peers import LIST
from benchmarks.processes import PATIENCE, get, server, wait_for

SIZE, ROUNDS = 1_000, 30
TARGET = f"{LIST.path}?{LIST.query}"


def kept(port: int) -> Work:
    """Return the work of requests on one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)

    def work(times: int) -> None:
        for _ in range(times):
            connection.request("GET", TARGET)
            connection.getresponse().read()

    return work


def repeated(call: Callable[[], object]) -> Work:
    """Return the work of a *call* again and again."""

    def work(times: int) -> None:
        for _ in range(times):
            call()

    return work


def main() -> None:
    """Measure and print."""
    with filled("sqlite", [SIZE]) as urls, server(urls[SIZE]) as (_, port):
        wait_for(port)
        both = {"new": repeated(lambda: get(port, TARGET)), "kept": kept(port)}
        found = interleaved(both, ROUNDS)
    times = ratio(found, "new", "kept")
    print(f"seconds on a new connection / on a kept one: {times}")


if __name__ == "__main__":
    main()
