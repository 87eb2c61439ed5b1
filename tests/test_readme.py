"""The README's story, replayed by copy and paste against a real server."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from app.config import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
STORY = README.split("<!-- story -->")[1].split("<!-- end of story -->")[0]
BLOCKS = re.findall(r"```(sh|text)\n(.*?)```", STORY, re.S)


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


@pytest.fixture
def served(tmp_path):
    """Serve a fresh register as `make run` does, and give its folder and port."""
    port = free_port()
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'var' / 'register.db'}",
        "AUDIT_KEY": str(tmp_path / "var" / "audit-key"),
        "FILES_URL": str(tmp_path / "var" / "files"),
        "PORT": str(port),
        "PYTHONPATH": str(ROOT),
    }
    flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
    keys = str(tmp_path / "var" / "demo-keys.txt")
    for words in (["migrate"], ["seed", "load", "--quiet"], ["demo-keys", keys]):
        subprocess.run([*flask, *words], cwd=ROOT, env=environment, check=True, capture_output=True)
    server = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "wsgi:app"]
    process = subprocess.Popen(
        server, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/readyz", process)
        yield tmp_path, environment
    finally:
        process.terminate()
        process.wait(timeout=30)


def test_the_story_ends_verified(served):
    assert shutil.which("curl"), "the story needs curl"
    folder, environment = served
    script, wanted = [], []
    for kind, content in BLOCKS:
        if kind == "sh":
            script.append(content)
        else:
            wanted += content.splitlines()
    told = subprocess.run(
        ["bash", "-eu"],
        input="".join(script),
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    lines = told.stdout.splitlines()
    assert lines[: len(wanted)] == wanted
    assert '"progress": "verified"' in lines


def test_both_readmes_tell_the_same_story_with_the_same_settings():
    chinese = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
    story = chinese.split("<!-- story -->")[1].split("<!-- end of story -->")[0]
    assert re.findall(r"```(sh|text)\n(.*?)```", story, re.S) == BLOCKS
    names = re.compile(r"^\| `([A-Z_`, ]+)` \|", re.M)
    assert names.findall(chinese) == names.findall(README)
    assert len(chinese.split("\n## ")) == len(README.split("\n## "))
