"""Threads: two processes as gunicorn.conf.py has them, beside two that answer one at a time."""

import http.client
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing

from benchmarks.measuring import Ratio, Work, interleaved, ratio, spread
from benchmarks.peers import LIST
from benchmarks.processes import get, server, wait_for

CLASSES = {
    "gthread": ("--workers", "2"),
    "sync": ("--workers", "2", "--worker-class", "sync", "--threads", "1"),
}
CALLERS = 8
SLOW = 2
"""Callers who begin a request and never end it."""

ASKED = 10
PATIENT = 1.0
"""Seconds that another caller waits for an answer."""


def threads(url: str, rounds: int) -> tuple[Ratio, dict[str, int]]:
    """Return how much longer lists take without threads, and who still answers beside the slow.

    The second says for each class how many of ASKED requests were answered in time.
    """
    with ExitStack() as stack:
        ports = {name: stack.enter_context(server(url, *o))[1] for name, o in CLASSES.items()}
        for port in ports.values():
            wait_for(port)
        pool = stack.enter_context(ThreadPoolExecutor(CALLERS))
        works = {name: lists(pool, port) for name, port in ports.items()}
        paid = ratio(interleaved(works, rounds), "sync", "gthread")
        return paid, {name: answered(port) for name, port in ports.items()}


def lists(pool: ThreadPoolExecutor, port: int) -> Work:
    """Return what sends a number of lists from several callers at once."""
    target = f"{LIST.path}?{LIST.query}"
    return lambda times: list(pool.map(lambda _: get(port, target), range(times)))


def answered(port: int) -> int:
    """Return how many of ASKED requests are answered while slow callers hold connections."""
    with ExitStack() as stack:
        for _ in range(SLOW):
            slow = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            slow.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        return sum(map(is_answered, [port] * ASKED))


def is_answered(port: int) -> bool:
    """Return whether a request is answered in time."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENT)) as connection:
        try:
            connection.request("GET", "/livez")
            return connection.getresponse().status == 200
        except OSError:
            return False


def thread_lines(found: tuple[Ratio, dict[str, int]]) -> Iterator[tuple[str, Ratio, str]]:
    """Yield the lines of the table."""
    paid, beside = found
    yield f"a list, {CALLERS} callers at once, sync / gthread", paid, ""
    for name, number in beside.items():
        yield f"{name}: answered beside {SLOW} slow callers, of {ASKED}", spread([number]), ""
