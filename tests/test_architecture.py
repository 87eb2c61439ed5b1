"""The rules of the house that a machine can check."""

import ast
import gzip
import importlib
import re
import subprocess
from collections import Counter
from functools import cache
from pathlib import Path

import click
import pytest

from app import wiring
from app.console import assets
from app.console.parts import PAGES
from app.core.config import ROOT
from app.http.contract import docs, problem_pages

LAYERS = ("codes", "rules", "models", "queries", "services", "schemas", "api")
"""The layers inside an area: a folder each, or a file where that is enough."""

MAY_IMPORT = {  # every layer may also import itself, codes, and what stands in no layer
    "codes": set(),
    "rules": set(),
    "models": {"rules"},
    "queries": {"models", "rules"},
    "services": {"queries", "models", "rules"},
    "schemas": {"rules"},
    "api": {"schemas", "services", "queries", "models", "rules"},
}
AREAS = (
    "core",
    "audit",
    "accounts",
    "deadlines",
    "tasks",
    "register",
    "handling",
    "history",
    "figures",
    "console",
)
"""The areas, lowest first: each may import itself and what stands below it."""

OUTSIDE = {"commands", "hooks", "seeding", "wiring", "__init__"}
"""What may import every area."""

FLASK_ALLOWED = {"http", "commands", "console", "wiring", "__init__"}
"""What may know Flask beside every api; the checkpoints are signed beside the requests."""

FULLEST, LONGEST = 16, 300
TOO_LONG = {"chain.py"}
"""The checker that goes into every exported bundle is one file."""

FILES = sorted((ROOT / "app").rglob("*.py"))


@cache
def tree_of(path):
    """Return the parsed code of a file."""
    return ast.parse(path.read_text())


def parts_of(path):
    return path.relative_to(ROOT / "app").with_suffix("").parts


def layer_in(parts):
    """Return the layer that a path or a module names, or None."""
    return next((part for part in parts if part in LAYERS), None)


def area_of(path):
    """Return the area, or whatever else stands at the top of the program."""
    return parts_of(path)[0]


def imports_of(path):
    """Return the modules that *path* imports, in full."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def modules_of(path):
    """Return the modules of the program that *path* imports, each as its parts."""
    for name in imports_of(path):
        parts = tuple(name.split("."))
        if parts[0] == "app" and len(parts) > 1 and is_module(parts):
            yield parts[1:]


@cache
def is_module(parts):
    place = ROOT.joinpath(*parts)
    return place.with_suffix(".py").exists() or (place / "__init__.py").exists()


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_layers_import_in_one_direction(path):
    layer = layer_in(parts_of(path))
    if layer is None or area_of(path) in OUTSIDE:
        return
    allowed = MAY_IMPORT[layer] | {layer, "codes", None}
    above = {".".join(m) for m in modules_of(path) if layer_in(m) not in allowed}
    assert not above, f"{path.name} is of the layer {layer}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_areas_import_downwards(path):
    # models are read by all; http stands between all services and all of api
    layer, area = layer_in(parts_of(path)), area_of(path)
    for module in modules_of(path):
        other, its_layer = module[0], layer_in(module)
        if area == "http":
            assert its_layer != "api" or other == "http", module
        elif area in AREAS and layer != "models" and its_layer != "models":
            assert other != "http" or layer == "api" or area == "console", module
            if other in AREAS:
                assert AREAS.index(other) <= AREAS.index(area), module


def test_every_part_of_the_program_has_its_place():
    top = {area_of(path) for path in FILES}
    assert top == {*AREAS, "http", "models", *OUTSIDE}


def test_no_folder_is_too_full_and_no_file_too_long():
    counts = Counter(path.parent for path in FILES if path.stem != "__init__")
    assert {str(folder): n for folder, n in counts.items() if n > FULLEST} == {}
    long = {path.name for path in FILES if path.read_text().count("\n") > LONGEST}
    assert long <= TOO_LONG


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_only_the_outside_knows_flask(path):
    allowed = area_of(path) in FLASK_ALLOWED or layer_in(parts_of(path)) == "api"
    if not allowed and path.stem != "checkpointing":
        assert not any(name.split(".")[0].startswith("flask") for name in imports_of(path))


def test_every_group_of_operations_and_of_commands_is_wired():
    # what a module makes and nobody names would be missing without a word
    made = {module_of(path) for path in FILES if defines(path, "Blueprint")}
    parts = [part for _, _, parts in (*wiring.GROUPS, wiring.HEALTH) for part in parts]
    others = {docs.__name__, problem_pages.__name__, assets.__name__}
    assert {part.import_name for part in parts} | others == made
    pages = {module_of(path) for path in FILES if defines(path, "Pages")}
    assert {part.import_name for part in PAGES} == pages
    named = {id(command) for command in wiring.COMMANDS}
    named |= {id(c) for group in wiring.COMMANDS for c in getattr(group, "commands", {}).values()}
    for path in (ROOT / "app/commands").glob("[a-z]*.py"):
        found = vars(importlib.import_module(f"app.commands.{path.stem}"))
        assert [n for n, c in found.items() if is_command(c) and id(c) not in named] == []


def module_of(path):
    return ".".join(("app", *parts_of(path)))


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
    assert {Path(f).name for f in calls("commit")} == {"database.py", "migrating.py"}


def test_only_utcnow_reads_the_clock():
    clock = {f for f in calls("now") if Path(f).name == "clock.py" and "rules" not in f}
    assert calls("now") <= clock | views("now")
    assert calls("today") <= views("today")
    assert not calls("utcfromtimestamp")
    assert not calls("time")


def views(name):
    """Return the files whose every call of *name* is that of a Call, which is utcnow()."""
    outside = [p for p in FILES if area_of(p) == "http" or layer_in(parts_of(p)) == "api"]
    others = rf"(?<!\bcall)\.{name}\("
    own = [path for path in outside if not re.search(others, path.read_text())]
    return {str(path.relative_to(ROOT / "app")) for path in own}


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
