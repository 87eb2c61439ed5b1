"""A fresh register with its demonstration keys, served as `make run` does."""

import atexit
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from functools import cache
from pathlib import Path

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


def environment_of(folder):
    """Return the environment of a register whose files lie in *folder*."""
    return {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{folder / 'var' / 'register.db'}",
        "AUDIT_KEY": str(folder / "var" / "audit-key"),
        "FILES_URL": str(folder / "var" / "files"),
        "DEMO_KEYS": str(folder / "var" / "demo-keys.txt"),
        "PYTHONPATH": str(ROOT),
    }


@cache
def made():
    """Return the folder of a fresh register, made once and never served: others are its copies."""
    folder = Path(tempfile.mkdtemp(prefix="register-demonstration-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
    keys = str(folder / "var" / "demo-keys.txt")
    done = {"cwd": ROOT, "env": environment_of(folder), "check": True, "capture_output": True}
    for words in (["migrate"], ["seed", "load", "--quiet"], ["demo-keys", keys]):
        subprocess.run([*flask, *words], **done)
    return folder


@contextmanager
def demonstration(folder):
    """Serve a fresh register whose files lie in *folder*, and give the environment it has."""
    shutil.copytree(made() / "var", folder / "var")
    port = free_port()
    environment = environment_of(folder) | {"PORT": str(port)}
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
