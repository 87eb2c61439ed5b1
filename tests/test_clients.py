"""Programs of strangers: clients generated from the contract, strictly typed, against a server.

Each program reads a subject to its end, takes a recommendation on, meets a stale version, takes a
step twice with one key, and sends a file. What they print is what docs/integrate.md shows.
"""

import os
import re
import shutil
import subprocess
import sys

import pytest

from app.core.config import ROOT
from tests.support.demonstration import demonstration, keys_in
from tools.contract import TARGET

pytestmark = pytest.mark.long
EXAMPLES = ROOT / "examples"
WORKED = re.compile(
    r"\d+ recommendations on the AI industrial park wait\n"
    r".+ has taken on D\d{3}-P\d{2}-R\d{2}\n"
    r"another version: 412 /problems/stale-version\n"
    r"sent twice: 200, (replayed: )?true\n"
    r"the file came back as it went: [tT]rue\n"
)


def done(words, folder, **environment):
    """Run a command and return what it printed; fail with all of it where it fails."""
    told = subprocess.run(
        words,
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, f"{told.stdout}\n{told.stderr}"
    return told.stdout


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """Serve a fresh register; give what a program needs to know of it."""
    folder = tmp_path_factory.mktemp("strangers")
    with demonstration(folder) as environment:
        yield {
            "API": f"http://127.0.0.1:{environment['PORT']}/api/v1",
            "KEY": keys_in(folder)["EDITOR"],
        }


def test_the_python_program_works(served, tmp_path):
    generate = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none"]
    client = tmp_path / "proposal_register_client"
    told = done([*generate, "--path", TARGET, "--output-path", client], tmp_path)
    assert "WARNING" not in told
    program = shutil.copy(EXAMPLES / "python" / "follow.py", tmp_path)
    strict = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", tmp_path / "cache"]
    done([*strict, program], tmp_path, MYPYPATH=str(tmp_path))
    assert WORKED.fullmatch(done([sys.executable, program], tmp_path, **served))


def test_the_typescript_program_works(served, tmp_path):
    if shutil.which("npm") is None and not os.environ.get("CI"):
        pytest.skip("npm is needed")
    folder = tmp_path / "examples" / "typescript"
    shutil.copytree(EXAMPLES / "typescript", folder, ignore=ignored)
    (tmp_path / "openapi").mkdir()
    shutil.copy(TARGET, tmp_path / "openapi")
    done(["npm", "ci"], folder)
    done(["npm", "run", "generate"], folder)
    done(["npm", "run", "build"], folder)
    assert WORKED.fullmatch(done(["node", "build/follow.js"], folder, **served))


def ignored(folder, names):
    """Return what is made there and not kept."""
    return {"node_modules", "build", "schema.d.ts"}


def test_the_guide_shows_what_they_print():
    guide = (ROOT / "docs" / "integrate.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"```text\n(.*?)```", guide, re.S)
    assert WORKED.fullmatch(shown)
    for command in ("npm ci && npm run generate && npm run build", "node build/follow.js"):
        assert command in guide
