"""Programs of strangers: clients generated from the contract, strictly typed, against a server.

Each program reads a subject to its end, takes a recommendation on, meets a stale version, takes a
step twice with one key, and sends a file. What they print is what docs/integrate.md shows. Each
then does so where a later release within v1 might answer, with fields and words of its own.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from werkzeug import Response

from app.core.config import ROOT
from tests.support.demonstration import demonstration, keys_in
from tests.support.later_release import later_release
from tools import conformance
from tools.contract import TARGET

pytestmark = pytest.mark.long
EXAMPLES = ROOT / "examples"
READING_ALL = ROOT / "tests" / "support" / "reading_all.py"
JARS = Path("/usr/share/java")
"""Where Debian puts its libraries for Java."""

GO = (
    "packageName=register,withGoMod=false,enumClassPrefix=true,"
    "disallowAdditionalPropertiesIfNotPresent=false"
)
SAID = (
    "OpenAPI 3.1 support is still in beta",
    "range (reserved word) cannot be used as parameter name",
    "Ignoring complex example on request body",
    "Failed to get the schema name: null",
)
"""What openapi-generator says of every such document; none of it changes what it makes."""

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


def needs(*tools):
    """Skip where one of *tools* is missing, but never in CI, which brings them all."""
    missing = [tool for tool in tools if shutil.which(tool) is None and not os.environ.get("CI")]
    if missing:
        pytest.skip(f"{' and '.join(missing)} needed")


@pytest.fixture
def served(tmp_path_factory):
    """Serve a fresh register; give what a program needs to know of it."""
    folder = tmp_path_factory.mktemp("strangers")
    with demonstration(folder) as environment:
        keys = keys_in(folder)
        yield {
            "API": f"http://127.0.0.1:{environment['PORT']}/api/v1",
            "KEY": keys["EDITOR"],
            "KEYS": " ".join(keys.values()),
        }


@pytest.fixture
def works(served):
    """Give what runs a program at the register, and as a later release of it may answer."""
    with later_release(served["API"].removesuffix("/api/v1")) as (address, changes):
        later = served | {"API": f"{address}/api/v1"}

        def run(words, folder, **environment):
            before = changes.words, changes.fields
            told = [done(words, folder, **environment, **at) for at in (served, later)]
            assert changes.words > before[0]
            assert changes.fields > before[1]
            return told

        yield run


def generated(language, folder, *options):
    """Make a client by openapi-generator in *folder*; fail where it finds fault."""
    tool = [Path(sys.executable).with_name("openapi-generator-cli"), "generate"]
    told = done([*tool, "-g", language, "-i", TARGET, "-o", folder, *options], folder.parent)
    warned = [line for line in told.splitlines() if "WARN" in line or "ERROR" in line]
    assert [line for line in warned if not any(known in line for known in SAID)] == []


def check_follow(told):
    for one in told:
        assert WORKED.fullmatch(one)


def check_reading(told):
    """Check that all lists and every kind of record were read, at both registers alike."""
    document = json.loads(TARGET.read_text(encoding="utf-8"))
    every = {
        item["get"]["operationId"]
        for path, item in document["paths"].items()
        if "get" in item and "{" not in path and "servers" not in item
    }
    now, later = (set(one.split()) for one in told)
    assert every <= now == later
    assert {"getRecommendation", "getRecommendationHistory", "getProposal", "getDocument"} <= now


def test_the_python_program_works(works, tmp_path):
    generate = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none"]
    client = tmp_path / "proposal_register_client"
    told = done([*generate, "--path", TARGET, "--output-path", client], tmp_path)
    assert "WARNING" not in told
    program = shutil.copy(EXAMPLES / "python" / "follow.py", tmp_path)
    strict = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", tmp_path / "cache"]
    done([*strict, program], tmp_path, MYPYPATH=str(tmp_path))
    check_follow(works([sys.executable, program], tmp_path))
    reading = [sys.executable, READING_ALL, TARGET, "attrs"]
    check_reading(works(reading, tmp_path, PYTHONPATH=str(tmp_path)))


def test_the_python_program_of_the_other_generator_works(works, tmp_path):
    needs("java")
    generated("python", tmp_path / "client", "--additional-properties=packageName=register_client")
    program = EXAMPLES / "python" / "follow_pydantic.py"
    beside = str(tmp_path / "client")
    check_follow(works([sys.executable, program], tmp_path, PYTHONPATH=beside))
    reading = [sys.executable, READING_ALL, TARGET, "pydantic"]
    check_reading(works(reading, tmp_path, PYTHONPATH=beside))


def test_the_go_program_works(works, tmp_path):
    needs("java", "go")
    folder = tmp_path / "go"
    shutil.copytree(EXAMPLES / "go", folder, ignore=ignored)
    generated("go", folder / "register", f"--additional-properties={GO}")
    done(["go", "build", "-o", "follow", "."], folder, GOFLAGS="-mod=mod", GOTOOLCHAIN="local")
    check_follow(works([folder / "follow"], folder))


def test_the_java_client_compiles(tmp_path):
    """It is not run: two libraries that it wants stand there as shapes."""
    needs("java", "javac")
    if not JARS.joinpath("jackson-databind.jar").exists() and not os.environ.get("CI"):
        pytest.skip("Debian's libjackson2-databind-java is needed")
    stubs = ROOT / "tests" / "java"
    options = "--library=native", "--additional-properties=useSingleRequestParameter=true"
    forms = "--global-property", "skipFormModel=false"
    generated("java", tmp_path / "client", *options, *forms)
    sources = tmp_path / "client" / "src" / "main" / "java"
    files = [*sources.rglob("*.java"), stubs / "Follow.java"]
    compiler = ["javac", "-proc:none", "-Werror", "--release", "11", "-d", tmp_path / "classes"]
    libraries = [f"{JARS}/jackson-{part}.jar" for part in ("annotations", "core", "databind")]
    paths = ["-cp", ":".join(libraries), "-sourcepath", f"{stubs}:{sources}"]
    done([*compiler, *paths, *files], tmp_path)
    assert (tmp_path / "classes" / "Follow.class").exists()


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


def test_the_typescript_program_works(works, tmp_path):
    needs("npm")
    folder = tmp_path / "examples" / "typescript"
    shutil.copytree(EXAMPLES / "typescript", folder, ignore=ignored)
    (tmp_path / "openapi").mkdir()
    shutil.copy(TARGET, tmp_path / "openapi")
    done(["npm", "ci"], folder)
    done(["npm", "run", "generate"], folder)
    done(["npm", "run", "build"], folder)
    check_follow(works(["node", "build/follow.js"], folder))


def ignored(folder, names):
    """Return what is made there and not kept."""
    return {"node_modules", "build", "schema.d.ts", "register", "follow"}


def test_the_guide_shows_what_they_print():
    guide = (ROOT / "docs" / "integrate.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"```text\n(.*?)```", guide, re.S)
    assert WORKED.fullmatch(shown)
    for command in ("npm ci && npm run generate && npm run build", "node build/follow.js"):
        assert command in guide
    program = (EXAMPLES / "go" / "follow.go").read_text(encoding="utf-8")
    assert f"--additional-properties={GO}\n" in program
    assert f"--additional-properties={GO}\n" in guide.replace("\\\n", "")
