"""The store of files, as a directory and as a store of objects."""

import hashlib
import io
import os
import stat
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.core.errors import StoreUnavailable
from app.core.storage import Store

CONTENT = "竣工验收报告".encode() * 20_000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(params=["directory", "objects"])
def store(request, tmp_path):
    """Give an empty store of each kind."""
    yield Store(str(tmp_path / "files") if request.param == "directory" else "memory://store-test")
    files = Store("memory://store-test").fs
    if request.param == "objects" and files.exists("/store-test"):
        files.rm("/store-test", recursive=True)


def test_a_content_lies_there_once_under_its_name(store):
    store.keep(SHA256, io.BytesIO(CONTENT))
    store.keep(SHA256, io.BytesIO(b"something else"))  # what lies there is never replaced
    with closing(store.pieces(SHA256)) as pieces:
        assert b"".join(pieces) == CONTENT
    assert list(store.names()) == [SHA256]
    assert store.digest(SHA256) == SHA256


def test_what_is_not_there_is_said(store):
    assert list(store.names()) == []
    assert store.digest(SHA256) is None
    with pytest.raises(StoreUnavailable):
        store.pieces(SHA256)
    store.keep(SHA256, io.BytesIO(CONTENT))


def test_a_directory_is_its_owners(tmp_path):
    Store(str(tmp_path / "files")).keep(SHA256, io.BytesIO(CONTENT))
    assert stat.S_IMODE((tmp_path / "files").stat().st_mode) == 0o700


class Breaking(io.BytesIO):
    """A content that cannot be read to its end."""

    def read(self, size=-1):
        found = super().read(size)
        if self.tell() > 100_000:
            raise OSError("gone")
        return found


def test_half_a_content_never_lies_there(tmp_path):
    store = Store(str(tmp_path / "files"))
    with pytest.raises(StoreUnavailable):
        store.keep(SHA256, Breaking(CONTENT))
    assert not store.is_there(SHA256)
    assert store.lying() == []
    store.keep(SHA256, io.BytesIO(CONTENT))
    assert store.digest(SHA256) == SHA256


def test_a_disk_that_fills_up_keeps_no_piece(tmp_path, monkeypatch):
    store = Store(str(tmp_path / "files"))

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreUnavailable):
        store.take_in(io.BytesIO(CONTENT))
    assert store.lying() == []


def test_what_came_in_stays_only_when_it_settles(store):
    passing = store.take_in(io.BytesIO(CONTENT))
    assert list(store.names()) == []
    assert not store.is_there(SHA256)
    store.settle(passing, SHA256)
    assert [(name, size) for _, name, size in store.lying()] == [(SHA256, len(CONTENT))]
    again = store.take_in(io.BytesIO(CONTENT))
    store.settle(again, SHA256)
    dropped = store.take_in(io.BytesIO(CONTENT))
    for _ in range(2):
        store.drop(dropped)
    assert [(name, size) for _, name, size in store.lying()] == [(SHA256, len(CONTENT))]
    assert store.size(SHA256) == len(CONTENT)
    for _ in range(2):
        store.remove(SHA256)
    assert store.lying() == []
    assert store.size(SHA256) == 0


def test_what_a_crash_left_is_known_by_its_age(store):
    passing = store.take_in(io.BytesIO(CONTENT))
    store.keep(SHA256, io.BytesIO(CONTENT))
    now = datetime.now(UTC)
    assert list(store.left_over(now - timedelta(days=1))) == []
    assert list(store.left_over(now + timedelta(days=1))) == [(passing, len(CONTENT))]


def test_a_directory_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "files").write_text("no directory")
    with pytest.raises(StoreUnavailable):
        Store(str(tmp_path / "files")).keep(SHA256, io.BytesIO(CONTENT))


def test_a_content_that_was_altered_shows(store):
    store.keep(SHA256, io.BytesIO(CONTENT))
    place = store.place(SHA256)
    if store.is_local:
        Path(place).write_bytes(b"something else")
    else:
        store.fs.pipe(place, b"something else")
    assert store.digest(SHA256) == hashlib.sha256(b"something else").hexdigest()
