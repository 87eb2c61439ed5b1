"""What a failure of the database means: whether it passes by itself, and why nothing is kept."""

import sqlite3

from sqlalchemy.exc import DBAPIError

from app.core.errors import DatabaseUnusable, Sentence

RETRYABLE_STATES = {"40001", "40P01", "55P03", "57P01", "57P02", "57P03"}
"""Serialization failure, deadlock, lock time-out, server going down or coming up."""

LOCKED = "55P03"

READ_ONLY: Sentence = ("只能读取", "it can only be read")
FULL: Sentence = ("存储空间不足", "there is no room left")
GONE: Sentence = (
    "数据库文件不在了，或已换成另一个文件",
    "its file is gone, or another one stands in its place",
)
CLOSED: Sentence = ("数据库文件打不开", "its file cannot be opened")
BROKEN: Sentence = ("磁盘读写出错，或数据库文件已损坏", "the disk fails, or its file is damaged")
CROWDED: Sentence = ("连接数已满", "it takes no more connections")
FORBIDDEN: Sentence = ("数据库账户没有写入的权限", "its account may not write")

OF_SQLITE: dict[int, Sentence] = {
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_CANTOPEN: CLOSED,
    sqlite3.SQLITE_IOERR: BROKEN,
    sqlite3.SQLITE_CORRUPT: BROKEN,
    sqlite3.SQLITE_NOTADB: BROKEN,
}
"""The primary result code of SQLite → why the database cannot be used."""

OF_POSTGRESQL: dict[str, Sentence] = {
    "25006": READ_ONLY,
    "42501": FORBIDDEN,
    "53100": FULL,
    "53200": FULL,
    "53300": CROWDED,
    "58030": BROKEN,
}
"""The SQLSTATE of PostgreSQL → why the database cannot be used."""

PRIMARY = 0xFF
"""The bits of a result code of SQLite that say what it is; the others say where."""


def code_of(error: BaseException | None) -> int:
    """Return the primary result code of an *error* of SQLite, 0 for anything else."""
    return int(getattr(error, "sqlite_errorcode", 0)) & PRIMARY


def is_busy(error: BaseException | None) -> bool:
    """Return whether *error* of SQLite says that another connection holds the lock."""
    return code_of(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def is_locked(error: DBAPIError) -> bool:
    """Return whether *error* of PostgreSQL says that another transaction holds the lock."""
    return getattr(error.orig, "sqlstate", None) == LOCKED


def is_passing(error: DBAPIError) -> bool:
    """Return whether running the unit again may succeed."""
    state = getattr(error.orig, "sqlstate", None)
    return error.connection_invalidated or state in RETRYABLE_STATES


def may_be_kept(error: DBAPIError) -> bool:
    """Return whether what a commit that ended in *error* wrote may be there all the same."""
    return error.connection_invalidated or code_of(error.orig) == sqlite3.SQLITE_IOERR


def unusable(error: BaseException | None) -> DatabaseUnusable | None:
    """Return what an *error* of the driver is when the database cannot be used, else None.

    It then keeps nothing: it is read-only, full, damaged, cannot be opened or lets nobody in.
    """
    state = getattr(error, "sqlstate", None)
    why = OF_SQLITE.get(code_of(error)) or OF_POSTGRESQL.get(state or "")
    return None if why is None else DatabaseUnusable.because(why)


def first_line(error: BaseException | None) -> str:
    """Return the first line of what a driver says of an *error*."""
    return str(error).strip().partition("\n")[0]
