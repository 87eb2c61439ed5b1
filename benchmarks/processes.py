"""A whole process: how soon gunicorn with one worker answers, and the memory both take."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.core.config import ROOT
from benchmarks.measuring import Ratio, spread
from benchmarks.peers import LIST

PATIENCE = 30
WARMING = 200
"""Lists that the worker answers before its memory is read a second time."""


@dataclass
class Footprint:
    """Seconds to the first answer, and mebibytes: resident, over all starts."""

    seconds: Ratio
    master: Ratio
    worker: Ratio
    worker_warm: Ratio


@contextmanager
def server(url: str, *options: str) -> Iterator[tuple[subprocess.Popen, int]]:
    """Run gunicorn on the database at *url*; give the process and its port.

    It has one worker, and else what gunicorn.conf.py says, where *options* say nothing else.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    named = ["--workers", "1", "--bind", f"127.0.0.1:{port}", "--log-level", "error", *options]
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", *named, "wsgi:app"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": url, "LOG_LEVEL": "WARNING", "KEY_RATE": "0"},
    )
    try:
        yield process, port
    finally:
        process.terminate()
        process.wait(PATIENCE)


def get(port: int, target: str) -> int:
    """Send one request and return its status."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", target)
        response = connection.getresponse()
        response.read()
    finally:
        connection.close()
    return response.status


def wait_for(port: int) -> None:
    """Return as soon as /livez answers."""
    begun = time.monotonic()
    while time.monotonic() - begun < PATIENCE:
        try:
            if get(port, "/livez") == 200:
                return
        except OSError:
            time.sleep(0.005)
    raise SystemExit("the server did not start")


def resident(process_id: int) -> float:
    """Return the resident memory of a process in MiB, as Linux tells it."""
    status = Path(f"/proc/{process_id}/status").read_text().splitlines()
    line = next(line for line in status if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024


def children(process_id: int) -> list[int]:
    """Return the processes that *process_id* has started."""
    listed = Path(f"/proc/{process_id}/task/{process_id}/children").read_text()
    return [int(number) for number in listed.split()]


def footprint(url: str, starts: int) -> Footprint | None:
    """Start the server *starts* times; return None where there is no /proc to read."""
    if not Path("/proc/self/status").exists():
        return None
    found = [started(url) for _ in range(starts)]
    return Footprint(*(spread([values[n] for values in found]) for n in range(4)))


def started(url: str) -> tuple[float, float, float, float]:
    """Start the server once; return seconds, and the memory of master, worker, worker later."""
    begun = time.perf_counter()
    with server(url) as (process, port):
        wait_for(port)
        took = time.perf_counter() - begun
        [worker] = children(process.pid)
        fresh = resident(process.pid), resident(worker)
        for _ in range(WARMING):
            get(port, f"{LIST.path}?{LIST.query}")
        return took, *fresh, resident(worker)
