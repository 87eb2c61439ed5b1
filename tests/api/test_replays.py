"""A POST that is sent again gets the answer it got before, and does nothing twice."""

import threading

import pytest
import sqlalchemy as sa

from app.core.codes import Role
from app.http import stored_answers
from app.models import ProgressReport, Replay
from tests.support.accounts import code_of, exchanged, new_account
from tests.support.factories import EDITOR, INDUSTRY, REGISTRAR, Caller, find, make_caller
from tests.support.problems import told

V1 = "/api/v1"
BODY = {"text": "选址完成", "percent": 0}


@pytest.fixture
def editor(client, database):
    return make_caller(client, database, *EDITOR, office=INDUSTRY)


@pytest.fixture
def reports(editor):
    one = f"{V1}/recommendations/{find(editor)['id']}"
    editor.post(f"{one}/offices", {"office": INDUSTRY}, 1)
    return f"{one}/reports"


def sent(caller, path, body=None, key="abc-1", **headers):
    return caller.post(path, body or BODY, **{"Idempotency-Key": key, **headers})


def number(database):
    return database.read(lambda s: s.scalar(sa.select(sa.func.count(ProgressReport.id))))


def test_the_same_request_is_answered_alike_and_done_once(editor, reports, database):
    first, again = sent(editor, reports), sent(editor, reports, key='"abc-1"')
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.data == again.data
    assert first.headers["Audit-Receipt"] == again.headers["Audit-Receipt"]
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert number(database) == 1
    assert sent(editor, reports, key="abc-2").get_json()["id"] != first.get_json()["id"]
    assert number(database) == 2


def test_a_step_is_given_again_though_its_version_is_gone(editor, reports):
    path = reports.replace("reports", "transitions")
    body = {"axis": "progress", "to": "in_progress"}
    answers = [sent(editor, path, body, **{"If-Match": '"v2"'}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[1].headers["ETag"] == answers[0].headers["ETag"]
    told(sent(editor, path, body, key="other", **{"If-Match": '"v2"'}), 412)


def test_another_body_under_the_same_key_is_refused(editor, reports, database):
    sent(editor, reports)
    told(sent(editor, reports, {"text": "另一份"}), 422)
    assert number(database) == 1


def test_a_key_belongs_to_its_caller_its_path_and_its_week(
    client, database, editor, reports, monkeypatch
):
    sent(editor, reports)
    colleague = make_caller(client, database, *EDITOR, office=INDUSTRY)
    assert sent(colleague, reports).status_code == 201
    tags = reports.replace("reports", "tags")
    assert sent(editor, tags, {"add": []}, **{"If-Match": '"v4"'}).status_code == 200
    later = stored_answers.utcnow() + stored_answers.KEPT * 1.01
    monkeypatch.setattr(stored_answers, "utcnow", lambda: later)
    assert sent(editor, reports, {"text": "一周以后"}).status_code == 201
    assert database.read(lambda s: s.scalar(sa.select(sa.func.count(Replay.id)))) == 1


def test_what_was_refused_is_tried_anew(editor, reports):
    told(sent(editor, reports, {"text": " "}), 422)
    assert sent(editor, reports).status_code == 201


@pytest.mark.parametrize("key", ["", "a" * 256, "a b", '"', '""', '"a', "é", "a\tb"])
def test_a_key_that_cannot_be_one_is_refused(editor, reports, key):
    told(sent(editor, reports, key=key), 400)


def test_a_secret_is_kept_nowhere(client, database):
    admin, other = (make_caller(client, database, Role.SECURITY_ADMIN) for _ in range(2))
    account = new_account(admin, other, name="甲", roles=["reader"])
    keys = f"{V1}/principals/{account['id']}/keys"
    asked = sent(admin, keys, {"scopes": ["read"]})
    told(sent(admin, keys, {"scopes": ["read"]}), 409)
    decision = f"{V1}/approvals/{asked.get_json()['id']}/decision"
    done = sent(other, decision, {"decision": "approve"})
    told(sent(other, decision, {"decision": "approve"}), 409)
    key = exchanged(client, code_of(asked, done.get_json())).get_json()
    holder = Caller(client, key["secret"])
    path = f"{V1}/keys/{key['id']}/secrets"
    secret = sent(holder, path, {"note": "更换"}).get_json()["secret"]
    told(sent(holder, path, {"note": "更换"}), 409)
    kept = database.read(lambda s: s.scalars(sa.select(Replay.body)).all())
    assert kept == [None, None, None]
    found = client.get(f"{V1}/me", headers={"Authorization": f"Bearer {secret}"})
    assert found.get_json()["name"] == "甲"


def test_a_request_that_asks_is_asked_once(client, database):
    registrar = make_caller(client, database, *REGISTRAR)
    path = f"{V1}/persons/liu-li/erasure"
    asked = [sent(registrar, path, {"reason": "本人要求"}).get_json() for _ in range(2)]
    assert asked[0] == asked[1]
    assert len(registrar.get(f"{V1}/approvals").get_json()["items"]) == 1


def test_while_one_is_carried_out_another_waits_and_is_told_so(served, real):
    """Two senders of one key at the same time: the second gets 409 within seconds, then 201."""
    _, editor, path = served
    inside, go = threading.Event(), threading.Event()

    def hold(session):
        inside.set()
        go.wait(10)

    real.before_commit.append(hold)
    answers = []
    first = threading.Thread(target=lambda: answers.append(sent(editor, path)))
    first.start()
    assert inside.wait(5)
    real.before_commit.clear()
    second = sent(editor, path)
    go.set()
    first.join()
    told(second, 409)
    assert second.headers["Retry-After"] == "1"
    assert second.get_json()["type"].endswith("in-flight")
    third = sent(editor, path)
    assert (answers[0].status_code, third.status_code) == (201, 201)
    assert third.data == answers[0].data
    assert number(real) == 1


def test_many_senders_of_few_keys_make_few_reports(served, real):
    _, editor, path = served
    seen = {}

    def send(key):
        while (answer := sent(editor, path, key=key)).status_code == 409:
            pass
        seen.setdefault(key, set()).add((answer.status_code, answer.get_json()["id"]))

    threads = [threading.Thread(target=send, args=(f"k{n % 4}",)) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert number(real) == 4
    assert all(len(found) == 1 for found in seen.values())
    assert {status for found in seen.values() for status, _ in found} == {201}
