"""A tiny register that loses updates and ignores keys: the planted fault of the crowds."""

import json
import re
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from drills.crowds import CROWD, doubled, lost_updates, send_repeats, write_conditionally

THINKING = 0.002
"""Seconds between reading and writing: what a lock would protect."""


class Careless:
    """A WSGI program with records that have a version, and reports."""

    def __init__(self, records: list[int]) -> None:
        self.versions = dict.fromkeys(records, 1)
        self.reports: list[str] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer like the register, without looking at If-Match or Idempotency-Key."""
        found = re.search(r"/recommendations/(\d+)(?:/(\w+))?", environ["PATH_INFO"])
        record, kind = int(found[1]), found[2]
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        status, content = "200 OK", self.shown(record)
        if kind == "transitions":
            content = self.move(record)
        elif kind == "reports":
            status, content = "201 Created", self.report(json.loads(body)["text"])
        start_response(status, [("Content-Type", "application/json")])
        return [json.dumps(content).encode()]

    def shown(self, record: int) -> dict[str, Any]:
        """Return a record as the register shows it."""
        return {"version": self.versions[record], "progress": "planned", "tags": []}

    def move(self, record: int) -> dict[str, Any]:
        """Read, think, and write what was read, and one more."""
        content = self.shown(record)
        time.sleep(THINKING)
        content["version"] += 1
        self.versions[record] = content["version"]
        return content

    def report(self, text: str) -> dict[str, Any]:
        """Add a report."""
        self.reports.append(text)
        return {"id": len(self.reports), "text": text}


class Threaded(ThreadingMixIn, WSGIServer):
    """A WSGI server with a thread for each request."""

    daemon_threads = True
    request_queue_size = 128


class Silent(WSGIRequestHandler):
    """A handler that writes no log."""

    def log_message(self, *words: Any) -> None:
        """Write nothing."""


@contextmanager
def careless(records: list[int]) -> Iterator[tuple[Careless, int]]:
    """Give a running careless register and its port."""
    program = Careless(records)
    with make_server("127.0.0.1", 0, program, Threaded, Silent) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield program, server.server_port
        finally:
            server.shutdown()
            thread.join()


def careless_writes(writes: int = 100) -> list[str]:
    """Return which lost updates are found of the careless register."""
    with careless([1, 2]) as (program, port):
        start = dict(program.versions)
        count = write_conditionally(port, ["nobody"] * CROWD, [1, 2], writes)
        return lost_updates(start, count, program.versions)


def careless_keys(number: int = 5) -> list[str]:
    """Return which doubled reports are found of the careless register."""
    with careless([1]) as (program, port):
        repeats = send_repeats(port, "nobody", 1, number)
        return doubled(repeats, number, len(program.reports))


def prove_lost_updates() -> list[str]:
    """Return a sentence when lost updates are not found."""
    return [] if careless_writes() else ["a register that loses updates was not found out"]


def prove_doubled_reports() -> list[str]:
    """Return a sentence when doubled reports are not found."""
    return [] if careless_keys() else ["a register that ignores keys was not found out"]
