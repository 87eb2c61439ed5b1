"""A field is a model, a schema and a migration: tried on a copy of the program.

A nullable column is added to recommendations of a register with a history. It must be found in
the list, in the record now and as of a past moment, and in the history, with the audit whole.
"""

import json
import os
import shutil
import subprocess
import sys

import pytest

from app.core.config import ROOT

pytestmark = pytest.mark.long

MODEL = "    targets: Mapped[list[str]] = mapped_column(JsonText)\n"
SHOWN = "    progress = Code(words.Progress, required=True)\n    lead_office = Cached("
TAKEN = "    targets = Items(Line(200), 50)\n    specificity = Code(words.Specificity)\n"

CHANGES = {
    "app/register/recommendations/models.py": (
        MODEL,
        f"{MODEL}    budget: Mapped[str | None] = mapped_column(sa.String(200))\n",
    ),
    "app/register/recommendations/schemas/recommendations.py": (
        SHOWN,
        f"    budget = fields.String(required=True, allow_none=True)\n{SHOWN}",
    ),
}
TAKES = (TAKEN, f"    budget = Line(200, allow_none=True)\n{TAKEN}")
MIGRATION = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "{own}", "{before}"


def upgrade():
    op.add_column("recommendations", sa.Column("budget", sa.String(200)))


def downgrade():
    op.drop_column("recommendations", "budget")
"""

ASKED = """
import json, sys
from datetime import timedelta
from app import create_app
from app.accounts.services.keys import add_key
from app.core.clock import utcnow
from app.core.codes import ActorKind
from app.core.rules.permissions import Actor

app = create_app(key_rate=0)
client, database = app.test_client(), app.extensions["database"]
operator = Actor(ActorKind.OPERATOR, "trial")
key = database.write(lambda s: add_key(s, operator, name="trial", roles=["registrar"]))
key = {"Authorization": f"Bearer {key}"}
V1 = "/api/v1/recommendations"
first = client.get(f"{V1}?limit=1").get_json()["items"][0]
path = f"{V1}/{first['id']}"
before = client.get(path, headers=key)
moment = utcnow().isoformat()
change = {"budget": "300 万元", "note": "from the plan"}
changed = client.patch(path, json=change, headers=key | {"If-Match": before.headers["ETag"]})
now = (utcnow() - timedelta(microseconds=1)).isoformat()
past = lambda at: client.get(path, query_string={"as_of": at}).get_json()["budget"]
events = client.get(f"{path}/history", headers=key).get_json()["items"]
print(json.dumps({
    "listed": first["budget"],
    "before": before.get_json()["budget"],
    "changed": [changed.status_code, changed.get_json().get("budget")],
    "past": [past(moment), past(now)],
    "told": [e["changes"]["budget"] for e in events if "budget" in e["changes"]],
}))
"""


@pytest.fixture
def copy(tmp_path):
    """Give a copy of the program with another field: a model, a schema and a migration."""
    place = tmp_path / "copy"
    for name in ("app", "migrations", "seeds", "openapi"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, place / name, ignore=ignored)
    for name in ("wsgi.py", "pyproject.toml"):
        shutil.copy(ROOT / name, place / name)
    for name, (old, new) in CHANGES.items():
        edit(place / name, old, new)
    edit(place / "app/register/recommendations/schemas/recommendations.py", *TAKES)
    newest = max((place / "migrations/versions").glob("[0-9]*.py")).name[:4]
    own = f"{int(newest) + 1:04d}"
    written = MIGRATION.format(own=own, before=newest)
    (place / f"migrations/versions/{own}_budget.py").write_text(written)
    return place


def edit(path, old, new):
    text = path.read_text()
    assert text.count(old) == 1, path
    path.write_text(text.replace(old, new))


def test_a_field_takes_a_model_a_schema_and_a_migration(copy, real):
    url = real.engine.url.render_as_string(hide_password=False)
    environment = os.environ | {"DATABASE_URL": url, "AUDIT_KEY": str(copy / "key")}

    def run(*words):
        done = subprocess.run(
            [sys.executable, *words], cwd=copy, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run("-m", "flask", "--app", "wsgi", "migrate")
    found = json.loads(run("-c", ASKED).splitlines()[-1])
    assert found == {
        "listed": None,
        "before": None,
        "changed": [200, "300 万元"],
        "past": [None, "300 万元"],
        "told": [[None, "300 万元"]],
    }
    run("-m", "flask", "--app", "wsgi", "verify")
