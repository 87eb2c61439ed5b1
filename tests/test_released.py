"""What was released is only added to: the judge that CI asks once CHANGELOG names a release."""

import json
import os
import shutil
import subprocess

import pytest

from app.core.config import ROOT
from tools.contract import TARGET

pytestmark = pytest.mark.long
LINT = ROOT / "tools" / "lint"


def a_field_more(schemas, paths):
    schemas["TagRef"]["properties"]["colour"] = {"type": "string"}


def a_word_more(schemas, paths):
    schemas["OfficeRole"]["x-extensible-enum"].append("observer")


def a_field_gone(schemas, paths):
    del schemas["TagRef"]["properties"]["name_en"]


def a_state_more(schemas, paths):
    schemas["Progress"]["enum"].append("forgotten")


def an_operation_gone(schemas, paths):
    del paths["/tags/{slug}/progress"]


def more_asked(schemas, paths):
    schemas["TakeOnInput"]["required"].append("note")


@pytest.mark.parametrize(
    ("change", "breaks"),
    [
        (a_field_more, False),
        (a_word_more, False),
        (a_field_gone, True),
        (a_state_more, True),
        (an_operation_gone, True),
        (more_asked, True),
    ],
)
def test_what_breaks_a_client_is_refused(tmp_path, change, breaks):
    if not (LINT / "node_modules" / ".installed").exists() and not os.environ.get("CI"):
        pytest.skip("make contract-lint installs what this needs")
    document = json.loads(TARGET.read_text(encoding="utf-8"))
    change(document["components"]["schemas"], document["paths"])
    later = tmp_path / "openapi.json"
    later.write_text(json.dumps(document), encoding="utf-8")
    compare = [shutil.which("npx"), "--no-install", "redocly", "diff", "--config", "redocly.yaml"]
    told = subprocess.run(
        [*compare, TARGET, later],
        cwd=LINT,
        env=os.environ | {"REDOCLY_TELEMETRY": "off"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == int(breaks), told.stdout + told.stderr
    assert ("0 major" in told.stdout) is not breaks
