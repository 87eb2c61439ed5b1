"""Programs of strangers: clients generated from the contract, strictly typed, against a server.

Each program reads a subject to its end, takes a recommendation on, meets a stale version, takes a
step twice with one key, and sends a file. What they print is what docs/integrate.md shows.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter

import pytest
from werkzeug import Response

from app.core.config import ROOT
from tests.support.demonstration import demonstration, keys_in
from tools import conformance
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


def test_the_register_keeps_to_its_contract(served):
    """The tool that anybody may point at a register finds nothing in ours."""
    url = served["API"].removesuffix("/api/v1")
    told = done([sys.executable, "-m", "tools.conformance", url], ROOT)
    assert re.search(r"\n\d{3,} answers \(200: \d{2,}, .*\), 0 of them not as documented\n$", told)


def lost_field(answer):
    answer.set_data(answer.get_data().replace(b'"is_stable"', b'"stable"'))


def other_status(answer):
    answer.status_code = 202


def other_type(answer):
    answer.mimetype = "text/html"


def failed(answer):
    answer.status_code = 500


@pytest.mark.parametrize("fault", [None, lost_field, other_status, other_type, failed])
def test_what_is_not_as_documented_is_found(app, client, fault):
    document = json.loads(TARGET.read_text(encoding="utf-8"))
    kept = ("/tags", "/tags/{slug}", "/tags/{slug}/progress")
    document["paths"] = {path: document["paths"][path] for path in kept}

    def faulty(environ, start):
        answer = Response.from_app(app, environ)
        if fault is not None and answer.status_code == 200:
            fault(answer)
        return answer(environ, start)

    asked = Counter()
    found = list(conformance.findings(conformance.schema_of(document, app=faulty), asked, 5))
    assert asked.total() > 5
    assert bool(found) is (fault is not None)


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
