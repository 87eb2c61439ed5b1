"""The rules of the house that a machine can check."""

import ast
import gzip
import importlib
import re
import subprocess
from functools import cache
from pathlib import Path

import click
import pytest

from app import wiring
from app.config import ROOT

MAY_IMPORT = {  # every layer may also import itself, database, errors and config
    "rules": set(),
    "models": {"rules"},
    "queries": {"models", "rules"},
    "services": {"queries", "models", "rules"},
    "schemas": {"rules"},
    "seeding": {"services", "queries", "models", "rules"},
    "api": {"schemas", "services", "queries", "models", "rules"},
    "commands": {"api", "seeding", "schemas", "services", "queries", "models", "rules"},
}
SHARED = {"database", "errors", "config"}
FLASK_ALLOWED = {"api", "checkpointing", "commands", "wiring", "__init__"}

FILES = sorted((ROOT / "app").rglob("*.py"))


@cache
def tree_of(path):
    """Return the parsed code of a file."""
    return ast.parse(path.read_text())


def layer_of(path):
    parts = path.relative_to(ROOT / "app").parts
    return parts[0].removesuffix(".py")


def imports_of(path):
    """Return the modules that *path* imports, in full."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imported_layers(path):
    return {name.split(".")[1] for name in imports_of(path) if name.startswith("app.")}


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_layers_import_in_one_direction(path):
    layer = layer_of(path)
    if layer not in MAY_IMPORT:
        return
    allowed = MAY_IMPORT[layer] | {layer} | SHARED
    known = {name for name in imported_layers(path) if name in MAY_IMPORT or name in SHARED}
    assert known <= allowed, f"{path.name} imports {sorted(known - allowed)}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_only_the_outside_knows_flask(path):
    if layer_of(path) not in FLASK_ALLOWED:
        assert not any(name.split(".")[0].startswith("flask") for name in imports_of(path))


def test_every_folder_of_the_application_has_its_rule():
    folders = {p.name for p in (ROOT / "app").iterdir() if p.is_dir() and p.name != "__pycache__"}
    assert folders == set(MAY_IMPORT)


def test_every_group_of_operations_and_of_commands_is_wired():
    # what a module makes and nobody names would be missing without a word
    made = {path.stem for path in (ROOT / "app/api").glob("*.py") if defines(path, "Blueprint")}
    parts = [part for _, _, parts in (*wiring.GROUPS, wiring.HEALTH) for part in parts]
    assert {part.import_name.rpartition(".")[2] for part in parts} == made - {"docs"}
    named = {id(command) for command in wiring.COMMANDS}
    named |= {id(c) for group in wiring.COMMANDS for c in getattr(group, "commands", {}).values()}
    for path in (ROOT / "app/commands").glob("[a-z]*.py"):
        found = vars(importlib.import_module(f"app.commands.{path.stem}"))
        assert [n for n, c in found.items() if is_command(c) and id(c) not in named] == []


def is_command(thing):
    return isinstance(thing, click.Command)


def defines(path, name):
    return any(
        isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and getattr(node.value.func, "id", "") == name
        for node in tree_of(path).body
    )


def calls(name):
    """Return the files with a call of *name*, as a function or a method."""
    found = set()
    for path in FILES:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call):
                called = node.func
                word = getattr(called, "attr", None) or getattr(called, "id", None)
                if word == name:
                    found.add(str(path.relative_to(ROOT / "app")))
    return found


def test_only_database_commits():
    # migrating.py ends Alembic's own connection, which is no session of ours
    assert {f for f in calls("commit") if f != "migrating.py"} == {"database.py"}


def test_only_utcnow_reads_the_clock():
    assert calls("now") <= {"database.py"} | views("now")
    assert calls("today") <= views("today")
    assert not calls("utcfromtimestamp")
    assert not calls("time")


def views(name):
    """Return the files whose every call of *name* is that of a Call, which is utcnow()."""
    api = [path for path in FILES if path.parent.name == "api"]
    others = rf"(?<!\bcall)\.{name}\("
    return {f"api/{path.name}" for path in api if not re.search(others, path.read_text())}


def test_no_test_imports_another():
    # what several tests need stands in tests/support or tests/database
    for path in sorted((ROOT / "tests").rglob("*.py")):
        modules = {name for name in imports_of(path) if name.startswith("tests.")}
        assert [n for n in modules if re.search(r"\.test_\w+$", n)] == [], path


def is_docstring(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def test_functions_are_short():
    long = []
    for path in FILES:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef):
                code = [n for n in node.body if not is_docstring(n)]
                body = node.end_lineno - code[0].lineno + 1 if code else 0
                if body > 32:
                    long.append(f"{path.name}:{node.name} {body}")
    assert not long


def tracked():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("no checkout of git")
    return [ROOT / name for name in listed.stdout.splitlines()]


def test_no_file_names_a_package_index_or_a_machine():
    hosts = ("py" + "pi.org", "pythonhosted" + ".org", "registry." + "npmjs")
    pattern = re.compile("|".join(re.escape(host) for host in hosts) + r"|/work/|/root/|/home/\w")
    found = []
    for path in tracked():
        if path.suffix in {".js", ".css", ".png"} or not path.is_file():
            continue
        if path.resolve() == Path(__file__).resolve():
            continue
        if pattern.search(text_of(path)):
            found.append(path.name)
    assert not found


def text_of(path):
    """Return the text in a file, unpacked where it is packed."""
    content = path.read_bytes()
    return (gzip.decompress(content) if path.suffix == ".gz" else content).decode()
