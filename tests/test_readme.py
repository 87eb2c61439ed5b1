"""The story and the taste in the README, replayed by copy and paste against a real server."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import fields

import pytest

from app.core.config import ROOT, Settings


def text_of(name):
    """Return a document of the project."""
    return (ROOT / name).read_text(encoding="utf-8")


def blocks_of(name):
    """Return what is to be typed in a document, and what is answered."""
    return re.findall(r"```(sh|text)\n(.*?)```", text_of(name), re.S)


BLOCKS = blocks_of("docs/story.md")


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


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """Serve a fresh register as `make run` does, and give its folder and port."""
    tmp_path = tmp_path_factory.mktemp("served")
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


def test_each_line_of_the_taste_is_answered(served):
    folder, environment = served
    [taste] = [content for kind, content in blocks_of("README.md") if "curl" in content]
    told = subprocess.run(
        ["bash", "-eu"],
        input=taste.replace("curl ", "curl -sS -w '%{http_code}\\n' -o /dev/null "),
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split() == ["200"] * taste.count("curl ")


PAIRS = (
    ("README.md", "README.zh-CN.md"),
    ("docs/story.md", "docs/story.zh-CN.md"),
    ("docs/operating.md", "docs/operating.zh-CN.md"),
)


@pytest.mark.parametrize(("english", "chinese"), PAIRS)
def test_both_languages_say_the_same(english, chinese):
    commands = re.compile(r"#.*")
    both = [[(k, commands.sub("", c)) for k, c in blocks_of(name)] for name in (english, chinese)]
    if english != "docs/operating.md":  # its examples name folders and files in words
        assert both[0] == both[1]
    assert len(text_of(chinese).split("\n## ")) == len(text_of(english).split("\n## "))


def test_every_setting_is_documented_in_both_languages():
    for name, title in (("operating.md", "All settings"), ("operating.zh-CN.md", "全部设置")):
        _, table = text_of(f"docs/{name}").split(f"\n## {title}\n")
        cells = "".join(re.findall(r"^\| (`[^|]+) \|", table, re.M))
        names = {name.lower() for name in re.findall(r"`([A-Z_]+)`", cells)}
        assert names - {"host", "port", "workers", "threads"} == {f.name for f in fields(Settings)}


def test_the_readme_is_short():
    for name in ("README.md", "README.zh-CN.md"):
        assert len(text_of(name).splitlines()) <= 120
