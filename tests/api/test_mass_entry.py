"""Mass entry: what a batch counts for, and a key that may send more."""

import math
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.core.clock import utcnow
from app.http.security import rate_limits
from app.http.security.rate_limits import Limits
from app.models import Event, RateBucket
from tests.support import batches as sending
from tests.support.accounts import approved, new_account, new_key
from tests.support.batches import batch, row, statuses
from tests.support.casework import V1, took
from tests.support.factories import INDUSTRY, PARK, Caller
from tests.support.problems import told

MANY = {"text": "进展"}


@pytest.fixture
def limited(app, database):
    """Give what sets how much may come in."""

    def limit(**settings):
        changed = replace(app.extensions["settings"], **settings)
        app.extensions["limits"] = Limits(lambda: database, changed)

    return limit


def held(database):
    """Return how many requests the only key may still send, but for what the process holds."""
    [bucket] = database.read(lambda s: s.scalars(sa.select(RateBucket)).all())
    return bucket.tokens


def test_every_ten_rows_count_as_one_request(callers, database, limited):
    editor = callers["industry"]
    spent = []
    for number in (1, 10, 11, 100):
        limited(key_rate=1e-9, key_burst=19)  # a process takes one token at once
        database.write(lambda session: session.execute(sa.delete(RateBucket)))
        assert batch(editor, sending.REPORT, [row(PARK, MANY)] * number).status_code == 200
        spent.append(19 - math.floor(held(database)))
    assert spent == [1, 1, 2, 10]


def test_a_batch_for_which_too_little_is_left_changes_nothing_and_says_when(
    callers, database, limited, monkeypatch
):
    editor = callers["industry"]
    took(editor.post(f"{V1}/recommendations/{number_of(editor)}/offices", {"office": INDUSTRY}, 1))
    limited(key_rate=0.01, key_burst=19)
    rows = [row(PARK, MANY)] * 100
    assert set(statuses(batch(editor, sending.REPORT, rows))) == {201}
    refused = batch(editor, sending.REPORT, rows)
    problem = told(refused, 429)
    assert problem["type"] == "/problems/too-many-requests"
    wait = int(refused.headers["Retry-After"])
    later = utcnow() + timedelta(seconds=wait)
    monkeypatch.setattr(rate_limits, "utcnow", lambda: later)
    assert set(statuses(batch(editor, sending.REPORT, rows))) == {201}  # and it does say so
    limited(key_rate=0)
    reports = editor.get(f"{V1}/recommendations/{number_of(editor)}/reports?with_total=true")
    assert reports.get_json()["total"] == 200


def test_a_batch_never_needs_more_than_a_bucket_holds(callers, limited):
    limited(key_rate=1, key_burst=2)
    assert batch(callers["auditor"], sending.REPORT, []).status_code == 403
    answer = batch(callers["industry"], sending.REPORT, [row(PARK, MANY)] * 100)
    assert answer.status_code == 200


def test_a_batch_that_is_sent_again_costs_one_request(callers, database, limited):
    editor, rows = callers["industry"], [row(PARK, MANY)] * 100
    limited(key_rate=1e-9, key_burst=19)
    database.write(lambda session: session.execute(sa.delete(RateBucket)))
    for _ in range(5):
        assert batch(editor, sending.REPORT, rows, **{"Idempotency-Key": "m"}).status_code == 200
    assert math.floor(held(database)) == 19 - 10 - 4


def number_of(caller):
    found = caller.get(f"{V1}/recommendations?reference={PARK}").get_json()["items"]
    return found[0]["id"]


def test_a_key_for_mass_entry_may_send_more_once_two_agreed(admins, client, database, limited):
    account = new_account(admins["one"], admins["two"], name="大会录入", roles=["registrar"])
    key = new_key(
        client, admins["one"], admins["two"], account, scopes=["read", "write"], rate_multiple=5
    )
    usual = new_key(client, admins["one"], admins["two"], account, scopes=["read", "write"])
    assert (key["rate_multiple"], usual["rate_multiple"]) == (5, None)
    listed = admins["auditor"].get(f"{V1}/principals/{account['id']}/keys").get_json()["items"]
    assert [one["rate_multiple"] for one in listed] == [5, None]
    limited(key_rate=1e-9, key_burst=20)
    sent = {}
    for one in (key, usual):
        caller = Caller(client, one["secret"])
        sent[one["id"]] = [caller.get(f"{V1}/me").status_code for _ in range(101)]
    assert sent[key["id"]] == [200] * 100 + [429]
    assert sent[usual["id"]] == [200] * 20 + [429] * 81


def test_what_is_approved_says_how_much_a_key_may_send(admins, database):
    account = new_account(admins["one"], admins["two"], name="大会录入", roles=["registrar"])
    path, wanted = f"{V1}/principals/{account['id']}/keys", {"scopes": ["write"], "reason": "录入"}
    asked = admins["one"].post(path, {**wanted, "rate_multiple": 20})
    assert asked.get_json()["payload"]["rate_multiple"] == 20
    told(admins["one"].post(path, {**wanted, "rate_multiple": 21}), 422, "rate_multiple")
    told(admins["one"].post(path, {**wanted, "rate_multiple": 1}), 422, "rate_multiple")
    approved(admins["two"], asked)
    rows = sa.select(Event.changes).where(Event.operation == "key.created")
    newest = database.read(lambda s: s.scalars(rows.order_by(Event.sequence.desc())).first())
    assert '"rate_multiple":[null,20]' in newest


def test_a_batch_of_accounts_may_bring_such_keys(admins, client):
    key = {"scopes": ["read"], "rate_multiple": 3}
    accounts = [{"name": "甲", "roles": ["reader"], "key": key}]
    asked = admins["one"].post(f"{V1}/principals/batch", {"accounts": accounts})
    made = approved(admins["two"], asked)["principals"][0]
    [shown] = admins["auditor"].get(f"{V1}/principals/{made}/keys").get_json()["items"]
    assert shown["rate_multiple"] == 3
