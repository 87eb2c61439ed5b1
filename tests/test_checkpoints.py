"""Checkpoints: every hundred events or every minute, and written outside."""

import json
import time
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.audit import checkpointing
from app.audit.rules.chain import checkpoint_text, is_signed_hex
from app.audit.services import checkpoints
from app.audit.signing import Signer
from app.core.base import Head
from app.core.config import Settings
from app.models import Checkpoint
from app.register.tags.services.tags import edit_tag, read_vocabulary
from app.register.verification.queries import verification
from tests.support.factories import Role, make_actor

SIGNER = Signer(bytes(range(32)))


@pytest.fixture
def signed(real, tmp_path, monkeypatch):
    """Give a database whose writes are signed as those of requests are, and its checkpointing."""
    monkeypatch.setattr(checkpointing, "has_request_context", lambda: True)
    real.signer = SIGNER
    settings = Settings(
        audit_key=tmp_path / "key",
        checkpoints_file=tmp_path / "outside.jsonl",
        checkpoint_seconds=3600,
    )
    found = checkpointing.Checkpointing(real, settings)
    found.begin()
    yield real, found
    if found.timer is not None:
        found.timer.cancel()


def write(database, number=1):
    """Make *number* events in one transaction."""

    def work(session):
        tag = read_vocabulary(session)["metaverse"]
        for _ in range(number):
            changed = {"definition": f"{tag.definition}."}
            edit_tag(session, make_actor(session, Role.REGISTRAR), tag, changed)

    database.write(work)


def known(database):
    """Return the sequences of the checkpoints, and how many events none covers."""

    def read(session):
        found = session.scalars(sa.select(Checkpoint.sequence).order_by(Checkpoint.sequence))
        return list(found), checkpoints.uncovered(session.get_one(Head, 1))

    return database.read(read)


def test_the_first_write_is_signed_and_then_every_hundredth(signed):
    database, _ = signed
    write(database)
    [first], waiting = known(database)
    assert waiting == 0
    write(database, 99)
    assert known(database) == ([first], 99)
    write(database)
    assert known(database) == ([first, first + 100], 0)
    assert database.examine(lambda s: verification.history_differences(s, SIGNER.public_key)) == []
    row = database.read(lambda s: s.get_one(Checkpoint, first))
    text = checkpoint_text(first, row.hash, row.at.isoformat(), 1)
    assert is_signed_hex(SIGNER.public_key, text, row.signature)


def test_after_a_minute_the_next_write_is_signed(signed, monkeypatch):
    database, found = signed
    write(database)
    write(database)
    assert known(database)[1] == 1
    later = checkpoints.utcnow() + timedelta(hours=1)
    monkeypatch.setattr(checkpoints, "utcnow", lambda: later)
    write(database)
    assert known(database)[1] == 0
    assert found.timer is not None


def test_what_is_left_is_signed_within_a_minute_of_the_last_write(signed):
    database, found = signed
    write(database)
    found.settings = replace(found.settings, checkpoint_seconds=1)
    write(database)
    assert known(database)[1] == 1
    for _ in range(100):
        if known(database)[1] == 0:
            break
        time.sleep(0.05)
    assert known(database)[1] == 0


def test_what_no_request_wrote_is_signed_at_once(signed, monkeypatch):
    database, _ = signed
    monkeypatch.setattr(checkpointing, "has_request_context", lambda: False)
    for number in (1, 2, 3):
        write(database)
        found, waiting = known(database)
        assert (len(found), waiting) == (number, 0)


def test_checkpoints_are_written_outside_once_they_are_committed(signed, tmp_path):
    database, _ = signed
    write(database)
    with pytest.raises(ZeroDivisionError):
        database.write(lambda session: (make_event(session), 1 / 0))
    lines = [json.loads(line) for line in (tmp_path / "outside.jsonl").read_text().splitlines()]
    assert [line["sequence"] for line in lines] == known(database)[0]
    assert (
        database.examine(lambda s: verification.history_differences(s, SIGNER.public_key, lines))
        == []
    )
    lines[0]["hash"] = "0" * 64
    told = database.examine(lambda s: verification.history_differences(s, SIGNER.public_key, lines))
    assert len(told) == 1
    assert "not signed" in told[0]


def sequences(path):
    """Return the events up to which the checkpoints in the file *path* go."""
    return [json.loads(line)["sequence"] for line in path.read_text().splitlines()]


def test_what_could_not_be_written_outside_is_caught_up(signed, tmp_path, caplog):
    database, found = signed
    outside = tmp_path / "away" / "outside.jsonl"
    found.settings = replace(found.settings, checkpoints_file=outside, checkpoint_events=1)
    write(database)
    assert "could not be written outside" in caplog.text
    outside.parent.mkdir()
    write(database)
    assert sequences(outside) == known(database)[0]
    other = checkpointing.Checkpointing(database, found.settings)  # as another process has
    other.write_outside()
    write(database)
    assert sequences(outside) == known(database)[0]
    assert len(sequences(outside)) == 3


def test_a_line_that_broke_off_is_written_anew(signed, tmp_path):
    database, found = signed
    write(database)
    outside = tmp_path / "outside.jsonl"
    whole = outside.read_bytes()
    found.anchor.path.unlink()  # as if the process ended in the middle of the line
    for length in (1, 20, len(whole) - 1):
        outside.write_bytes(whole[:length])
        found.write_outside()
        assert outside.read_bytes() == whole
    for other in (b"notes", b"notes\n", b'{"sequence": 7}\n'):
        outside.write_bytes(other)
        with pytest.raises(ValueError, match=r"no checkpoint|not signed in this database"):
            found.write_outside()
        assert outside.read_bytes() == other


def make_event(session):
    tag = read_vocabulary(session)["metaverse"]
    edit_tag(session, make_actor(session, Role.REGISTRAR), tag, {"definition": "别的"})


def test_without_a_key_nothing_is_signed(real):
    real.signer = None
    checkpointing.Checkpointing(real, Settings()).begin()
    write(real)
    assert known(real)[0] == []
