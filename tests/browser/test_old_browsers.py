"""Chrome 90, which many offices have, knows all that the pages, scripts and styles ask for.

No such browser runs here: the syntax is read by acorn and css-tree, and what each thing asks for
is looked up in MDN's data. A member of a script goes by its name, so that one whose name is old
elsewhere is not found; what stands in @supports is not looked at.
"""

import re
import subprocess

import pytest

from app.core.config import ROOT

OLDEST = 90
KINDS = (".css", ".html", ".js", ".mjs")
OF_OTHERS = "app/http/contract/static/swagger-ui/"
"""The page of the contract is for programmers, and its program by others."""

ASKED_FIRST = {("htmx.min.js", "moveBefore"), ("htmx.min.js", "startViewTransition")}
"""What a script uses only where it is there, which was read in it."""

TOO_NEW = {
    "nested.css": ("a { color: red; & b { color: blue } }", "a rule within a rule: since 112"),
    "nested-plainly.css": ("a { b { color: blue } }", "not understood"),
    "media-within.css": ("a { @media print { color: blue } }", "a rule within a rule: since 112"),
    "has.css": ("a:has(b) { color: red }", ":has: since 105"),
    "container.css": ("@container (min-width: 1px) { a { color: red } }", "@container: since 105"),
    "layer.css": ("@layer base { a { color: red } }", "@layer: since 99"),
    "color-mix.css": ("a { color: color-mix(in srgb, red, blue) }", "color-mix.*: since 111"),
    "oklch.css": ("a { color: oklch(50% 0.1 20) }", "oklch.*: since 111"),
    "dvh.css": ("a { height: 100dvh }", "the unit dvh: since 108"),
    "subgrid.css": ("a { grid-template-columns: subgrid }", "subgrid: since 117"),
    "accent.css": ("a { accent-color: red }", "accent-color: since 93"),
    "balance.css": ("a { text-wrap: balance }", "text-wrap"),
    "inset.css": ("a { scrollbar-gutter: stable }", "scrollbar-gutter: since 94"),
    "range.css": ("@media (width >= 600px) { a { color: red } }", "a range in @media: since 104"),
    "contrast.css": (
        "@media (prefers-contrast: more) { a { color: red } }",
        "contrast.*: since 96",
    ),
    "mistyped.css": ("a { colour: red }", "colour: nobody knows it"),
    "field.js": ("class A { static { } }", "not ECMAScript 2021"),
    "at.js": ("[1].at(-1)", "at: since 92"),
    "own.js": ("Object.hasOwn({}, 'a')", "hasOwn: since 93"),
    "clone.js": ("structuredClone({})", "structuredClone: since 98"),
    "await.mjs": ("export default await 1", "not ECMAScript 2021"),
    "popover.html": ("<p popover>x</p>", "popover of <p>: since 114"),
    "inert.html": ("<p {% if a %}inert{% endif %}>x</p><p\ninert>", "inert of <p>: since 102"),
    "search.html": ("<search></search>", "<search>: since 118"),
}
KNOWN = {
    "plain.css": "a:is(b, c):focus-visible { inset: 0; gap: 1em; width: min(1px, 1vw) }",
    "guarded.css": "@supports (height: 1dvh) { a { height: 100dvh } }",
    "print.css": "@page { margin: 1cm } @media print { a { break-inside: avoid; display: none } }",
    "dark.css": ":root { --c: red } @media (prefers-color-scheme: dark) { a { color: var(--c) } }",
    "script.js": "const a = b?.c ?? 1; a ||= 2; 'x'.replaceAll('x', 'y'); document.body.append(a)",
    "form.html": "<form><input inputmode=numeric autofocus><dialog open></dialog></form>",
}


def too_new(*files):
    """Return what the check prints about *files*."""
    words = ["node", ROOT / "tools/browser/check.mjs", str(OLDEST), *files]
    told = subprocess.run(words, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    return told.stdout.splitlines()


def shipped():
    """Return every file of ours that a browser reads."""
    paths = (path for path in (ROOT / "app").rglob("*") if path.suffix in KINDS)
    return sorted(path for path in paths if OF_OTHERS not in path.as_posix())


@pytest.mark.usefixtures("checkers")
def test_an_old_browser_knows_all_that_is_shipped():
    assert {path.suffix for path in shipped()} >= {".css", ".html", ".js"}
    assert [line for line in too_new(*shipped()) if not is_asked_first(line)] == []


def is_asked_first(line):
    """Return whether a *line* of the check is about what a script does without as well."""
    return any(re.search(rf"/{name}:\d+: {what}: ", line) for name, what in ASKED_FIRST)


@pytest.fixture(scope="module")
def written(checkers, tmp_path_factory):
    """Give what is found in what is too new, and in what is not, by the names of the files."""
    folder = tmp_path_factory.mktemp("styles")
    for name, text in ({n: t for n, (t, _) in TOO_NEW.items()} | KNOWN).items():
        (folder / name).write_text(text)
    lines = too_new(*sorted(folder.iterdir()))
    return {
        name: "\n".join(line for line in lines if line.startswith(f"{folder / name}:"))
        for name in (*TOO_NEW, *KNOWN)
    }


@pytest.mark.parametrize("name", TOO_NEW)
def test_what_is_too_new_is_found(written, name):
    assert re.search(TOO_NEW[name][1], written[name]), written[name]


@pytest.mark.parametrize("name", KNOWN)
def test_what_is_old_enough_is_not(written, name):
    assert written[name] == ""
