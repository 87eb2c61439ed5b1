"""The house in figures: `python -m tools.house` prints each beside what it was.

What was is what someone found who read the project to take it over; a dash where nobody counted.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LAYERS = ("codes", "rules", "models", "queries", "services", "schemas", "api")
LONGEST_FUNCTION, LONGEST_FILE, FULLEST_FOLDER, MOST_PARAMETERS = 30, 300, 16, 6
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def text_of(path: Path) -> str:
    """Return what stands in a file."""
    return path.read_text(encoding="utf-8")


@cache
def tree_of(path: Path) -> ast.Module:
    """Return the parsed code in a file."""
    return ast.parse(text_of(path))


def files(folder: str) -> list[Path]:
    """Return the Python files below a folder of the project."""
    return sorted((ROOT / folder).rglob("*.py"))


def nodes(folder: str, *kinds: type[ast.AST]) -> Iterator[tuple[Path, ast.AST]]:
    """Yield every node of these *kinds* below *folder*, with its file."""
    for path in files(folder):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, kinds):
                yield path, node


def functions() -> Iterator[tuple[Path, Function]]:
    """Yield every function of the program."""
    for path, node in nodes("app", ast.FunctionDef, ast.AsyncFunctionDef):
        if isinstance(node, Function):
            yield path, node


def length(function: Function) -> int:
    """Return how many lines a function has, its docstring among them."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def parameters(function: Function) -> int:
    """Return how many parameters a function has, but for self and cls."""
    given = function.args
    names = [a.arg for a in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    return len([name for name in names if name not in ("self", "cls")])


def found(pattern: str) -> int:
    """Return how often *pattern* stands in the program."""
    return sum(len(re.findall(pattern, text_of(path))) for path in files("app"))


def names(word: str) -> int:
    """Return how often *word* is a name, or a parameter, of the program."""
    kinds = nodes("app", ast.Name, ast.arg)
    return sum(
        (node.id if isinstance(node, ast.Name) else node.arg) == word  # type: ignore[attr-defined]
        for _, node in kinds
    )


def where_defined(kind: type[ast.AST]) -> dict[str, set[Path]]:
    """Return the modules that define each name, as a class or as a function."""
    where: dict[str, set[Path]] = {}
    for path in files("app"):
        for node in tree_of(path).body:
            if isinstance(node, kind):
                where.setdefault(node.name, set()).add(path)  # type: ignore[attr-defined]
    return where


def defined_twice(kind: type[ast.AST]) -> int:
    """Return how many names more than one module defines."""
    return sum(len(paths) > 1 for paths in where_defined(kind).values())


def layers_by_name() -> dict[str, set[str]]:
    """Return in which layers each module name occurs."""
    known: dict[str, set[str]] = {}
    for path in files("app"):
        layer = next((part for part in path.parts if part in LAYERS), None)
        if layer and path.stem not in ("__init__", *LAYERS):
            known.setdefault(path.stem, set()).add(layer)
    return known


def crowded() -> list[str]:
    """Return the folders with more files than one looks through."""
    counts = Counter(path.parent for path in files("app") if path.name != "__init__.py")
    return [f"{folder.name} {n}" for folder, n in counts.items() if n > FULLEST_FOLDER]


def imports_between_tests() -> int:
    """Return how often one module of tests imports from another."""
    return sum(
        bool(re.search(r"(^|\.)test_\w+$", node.module or ""))  # type: ignore[attr-defined]
        for _, node in nodes("tests", ast.ImportFrom)
    )


def figures() -> Iterator[tuple[str, object, object]]:
    """Yield what is counted, how it is now, and how it was."""
    every = list(functions())
    known = layers_by_name()
    single = sum(len(layers) == 1 for layers in known.values())
    yield "folders of more than 16 files", ", ".join(crowded()) or 0, "api 36, services 39"
    yield "module names that occur in one layer only", f"{single} of {len(known)}", "74 of 100"
    yield (
        "files of more than 300 lines",
        sum(len(text_of(path).splitlines()) > LONGEST_FILE for path in files("app")),
        "-",
    )
    yield (
        "functions of more than 30 lines",
        sum(length(f) > LONGEST_FUNCTION for _, f in every),
        "-",
    )
    yield (
        "functions of more than 6 parameters",
        sum(parameters(f) > MOST_PARAMETERS for _, f in every),
        "-",
    )
    yield "told, as a name", names("told"), 339
    yield "found, as a name", names("found"), 388
    yield "class names that stand in several modules", defined_twice(ast.ClassDef), "-"
    yield "function names that stand in several modules", defined_twice(ast.FunctionDef), "-"
    yield "columns typed as text", found(r"Mapped\[str\b"), 188
    yield "Any", names("Any"), 301
    yield "SimpleNamespace", found(r"\bSimpleNamespace\b"), 120
    yield "fmt: skip", found("# fmt: skip"), 69
    yield "eval", found(r"\beval\("), 1
    yield "tests that import tests", imports_between_tests(), 32
    yield "lines of the README", len(text_of(ROOT / "README.md").splitlines()), 287


def main() -> None:
    """Print every figure."""
    print(f"{'':<46}{'now':>28}{'was':>24}")
    for name, now, was in figures():
        print(f"{name:<46}{now!s:>28}{was!s:>24}")


if __name__ == "__main__":
    main()
