"""A fresh register with its demonstration keys, served as `make run` does."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager

from app.core.config import ROOT


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def wait_for(address, process):
    for _ in range(200):
        try:
            with urllib.request.urlopen(address, timeout=1) as answer:
                return answer.status
        except OSError:
            assert process.poll() is None, "the server ended"
            time.sleep(0.05)
    raise AssertionError("the server does not answer")


@contextmanager
def demonstration(folder):
    """Serve a fresh register whose files lie in *folder*, and give the environment it has."""
    port = free_port()
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{folder / 'var' / 'register.db'}",
        "AUDIT_KEY": str(folder / "var" / "audit-key"),
        "FILES_URL": str(folder / "var" / "files"),
        "PORT": str(port),
        "PYTHONPATH": str(ROOT),
    }
    flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
    keys = str(folder / "var" / "demo-keys.txt")
    for words in (["migrate"], ["seed", "load", "--quiet"], ["demo-keys", keys]):
        subprocess.run([*flask, *words], cwd=ROOT, env=environment, check=True, capture_output=True)
    server = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "wsgi:app"]
    process = subprocess.Popen(
        server, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/readyz", process)
        yield environment
    finally:
        process.terminate()
        process.wait(timeout=30)


def keys_in(folder):
    """Return the demonstration keys in *folder*, by their names."""
    lines = (folder / "var" / "demo-keys.txt").read_text(encoding="utf-8")
    return dict(re.findall(r"^(\w+)=(\S+)$", lines, re.M))
