"""A file that is refused is not read before it must be, and leaves nothing in the store."""

import hashlib
import io

import pytest

from app.core import database as databases
from app.core.errors import Busy, OutcomeUnknown
from app.http import blueprints, uploads
from app.register.files import services as files
from tests.support.casework import V1, dispatch
from tests.support.factories import DATA, Caller
from tests.support.files import address, content_of, told, upload
from tests.support.papers import PDF

pytestmark = pytest.mark.usefixtures("today")

CONTENT = PDF + b"%refused\n"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def lying(app):
    """Give a way to say what lies in the store, contents and pieces on their way in."""
    return lambda: sorted(app.extensions["store"].lying())


def say(caller, path, kind="application/octet-stream", length=None):
    """Send a file, perhaps with a *length* that it does not have.

    Return the status.
    """
    body = io.BytesIO(CONTENT * 100)
    sent = {**caller.headers, "Content-Type": kind}
    more = {"wsgi.input": body, "CONTENT_LENGTH": str(length or len(body.getvalue()))}
    answer = caller.client.post(path, headers=sent, environ_overrides=more)
    return answer.status_code


def test_what_can_be_refused_unread_is(callers, proposal, lead, lying, monkeypatch):
    """Who calls, what they handle, the name, the query and the length stand before the body.

    What a refused caller sends is thrown away, so that the answer is read; nothing takes it in.
    """

    def take_in():
        raise AssertionError("it was taken in")

    monkeypatch.setattr(blueprints, "read_upload", take_in)
    before, good = lying(), address(proposal, "a.pdf")
    office, absent = callers["industry"], f"{V1}/proposals/99999"
    assert say(callers["data"], good) == 403
    assert say(callers["auditor"], good) == 403
    assert say(office, address(absent, "a.pdf")) == 404
    assert say(office, address(proposal, "a.exe")) == 422
    assert say(office, address(proposal, "a/b.pdf")) == 422
    assert say(office, f"{proposal}/files") == 422
    assert say(office, f"{good}&colour=red") == 422
    assert say(office, f"{good}&internal=perhaps") == 422
    assert say(office, good, kind="text/plain") == 415
    assert say(office, good, length=10**9) == 413
    assert say(Caller(office.client), good) == 401
    assert say(Caller(office.client, "prk_none"), good) == 401
    assert lying() == before


def test_what_is_refused_once_it_was_read_leaves_nothing(callers, proposal, lead, lying):
    office, key = callers["industry"], {"Idempotency-Key": "one"}
    assert office.upload(address(proposal, "a.pdf"), CONTENT, **key).status_code == 201
    before, other = lying(), CONTENT + b"%other\n"
    assert office.upload(address(proposal, "a.png"), other).status_code == 422
    gone = office.upload(address(proposal, "a.pdf", supersedes="D001-P01-F99"), other)
    assert "supersedes" in told(gone)
    assert office.upload(address(proposal, "a.pdf"), other, **key).status_code == 422
    stale = office.upload(address(proposal, "a.pdf"), other, **{"If-Match": '"v999"'})
    assert stale.status_code == 412
    sent = {**office.headers, "Content-Type": "application/octet-stream"}
    cut = {"CONTENT_LENGTH": str(len(other) + 1)}
    broken = office.client.post(
        address(proposal, "a.pdf"), data=other, headers=sent, environ_overrides=cut
    )
    assert broken.status_code == 400
    assert lying() == before


def failing(error, *, after=False):
    """Return a commit that raises *error*, or does so *after* it has committed."""
    usual = databases.commit

    def commit(session):
        if after:
            usual(session)
        raise error

    return commit


def test_what_is_rolled_back_leaves_nothing(callers, proposal, lead, lying, app, monkeypatch):
    callers["industry"].get(proposal)  # a key that was used today: no other commit comes first
    before, content = lying(), CONTENT + b"%rolled back\n"
    commit = failing(Busy())

    def once(session):
        monkeypatch.undo()
        commit(session)

    monkeypatch.setattr(databases, "commit", once)
    assert callers["industry"].upload(address(proposal, "a.pdf"), content).status_code == 503
    assert set(lying()) <= set(before)
    assert not app.extensions["store"].is_there(hashlib.sha256(content).hexdigest())
    again = upload(callers["industry"], proposal, content=content)
    assert content_of(callers["industry"], again).data == content


def test_what_another_record_names_stays_when_a_second_one_is_rolled_back(
    callers, proposal, lead, lying, monkeypatch
):
    first = upload(callers["industry"], proposal, content=CONTENT)
    before = lying()
    commit = failing(Busy())

    def once(session):
        monkeypatch.undo()
        commit(session)

    monkeypatch.setattr(databases, "commit", once)
    assert callers["industry"].upload(address(proposal, "b.pdf"), CONTENT).status_code == 503
    assert lying() == before
    assert content_of(callers["industry"], first).data == CONTENT


def test_what_was_committed_stays_though_nobody_heard_of_it(
    callers, proposal, lead, app, monkeypatch
):
    content = CONTENT + b"%unheard\n"
    callers["industry"].get(proposal)  # a key that was used today: no other commit comes first
    commit = failing(OutcomeUnknown(), after=True)

    def once(session):
        monkeypatch.undo()
        commit(session)

    monkeypatch.setattr(databases, "commit", once)
    assert callers["industry"].upload(address(proposal, "a.pdf"), content).status_code == 500
    [file] = callers["industry"].get(f"{proposal}/files").get_json()["items"]
    assert content_of(callers["industry"], file).data == content


def test_a_content_that_a_record_names_is_never_taken_away(callers, proposal, lead, database):
    upload(callers["industry"], proposal, content=CONTENT)
    taken = []
    for sha256, goes in ((SHA256, False), ("0" * 64, True)):
        database.write(
            lambda session, sha256=sha256, goes=goes: taken.append(
                files.remove_unnamed(session, sha256, lambda name: None) is goes
            )
        )
    assert taken == [True, True]


class Full(io.BytesIO):
    """A temporary file on a disk that is full."""

    def __init__(self, **kwargs):
        super().__init__()

    def write(self, content):
        raise OSError(28, "No space left on device")


def test_a_full_disk_is_said_and_leaves_nothing(callers, proposal, lead, lying, monkeypatch):
    before = lying()
    with monkeypatch.context() as patch:
        patch.setattr(uploads, "SpooledTemporaryFile", Full)
        answer = callers["industry"].upload(address(proposal, "a.pdf"), CONTENT)
    assert (answer.status_code, lying()) == (503, before)
    assert answer.get_json()["type"].endswith("store-unavailable")


def test_an_answer_is_given_again_only_to_who_still_has_a_part(callers, proposal, lead):
    key, path = {"Idempotency-Key": "scan"}, address(proposal, "a.pdf")
    given = dispatch(callers, proposal, DATA, "joint")
    first = callers["data"].upload(path, CONTENT, **key)
    assert callers["data"].upload(path, CONTENT, **key).get_json() == first.get_json()
    place = f"{V1}/assignments/{given['id']}"
    body = {"to": "withdrawn", "reason": "错交"}
    took = callers["dispatcher"].post(f"{place}/transitions", body, given["version"])
    assert took.status_code == 200, took.text
    assert callers["data"].upload(path, CONTENT, **key).status_code == 403
