"""The story and the taste in the README, replayed by copy and paste against a real server."""

import json
import re
import shutil
import subprocess
import sys
from dataclasses import fields

import pytest

from app.core.config import ROOT, Settings
from tests.support.demonstration import demonstration, keys_in


def text_of(name):
    """Return a document of the project."""
    return (ROOT / name).read_text(encoding="utf-8")


def blocks_of(name):
    """Return what is to be typed in a document, and what is answered."""
    return re.findall(r"```(sh|text)\n(.*?)```", text_of(name), re.S)


BLOCKS = blocks_of("docs/story.md")


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """Serve a fresh register, and give its folder and its environment."""
    folder = tmp_path_factory.mktemp("served")
    with demonstration(folder) as environment:
        yield folder, environment


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


def taste():
    """Return what README says to type first."""
    [content] = [content for kind, content in blocks_of("README.md") if "curl" in content]
    return content


def typed(served, script, options):
    """Return what is printed when *script* is typed, each curl with more *options*."""
    folder, environment = served
    return subprocess.run(
        ["bash", "-eu"],
        input=script.replace("curl ", f"curl -sS {options} "),
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_each_line_of_the_taste_is_answered(served):
    answers = typed(served, taste(), "-w '%{http_code}\\n' -o /dev/null")
    assert answers.split() == ["200"] * taste().count("curl ")


def test_what_the_taste_asks_for_as_anyone_is_there(served):
    keys, *lines = taste().splitlines()
    lists = [line for line in lines if "/recommendations" in line]
    assert any("q=" in line for line in lists)
    for line in lists:
        assert json.loads(typed(served, f"{keys}\n{line}", ""))["items"], line


def beginning(name):
    """Return what is to be typed in the chapter on how a city begins."""
    [chapter] = [c for c in text_of(name).split("\n## ") if "enter.py" in c]
    return re.findall(r"```sh\n(.*?)```", chapter, re.S)


def test_a_city_begins_as_the_manual_says(served):
    folder, environment = served
    keys = keys_in(folder)
    known = {"KEY": keys["ADMIN"], "SECURITY": keys["SECURITY_ADMIN"]}
    known["API"] = f"http://127.0.0.1:{environment['PORT']}/api/v1"
    script = "".join(beginning("docs/operating.md"))
    assert script == "".join(beginning("docs/operating.zh-CN.md"))
    told = subprocess.run(
        ["bash", "-eu"],
        input=script,
        cwd=ROOT,
        env=environment | known,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    lines = told.stdout.splitlines()
    assert [line.rpartition(": ")[2] for line in lines[:5]] == ["entered"] * 5
    answer = ['"case_no":"001"', '"handling_state":"dispatched"', '"next_clock":"receipt"']
    assert lines[5:] == answer
    again = subprocess.run(
        [sys.executable, "examples/python/enter.py", "persons", "examples/deputies.csv"],
        cwd=ROOT,
        env=environment | known,
        capture_output=True,
        text=True,
        check=False,
    )
    assert again.returncode == 1
    assert "line 2: example-zhou-ping: 409" in again.stdout


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
