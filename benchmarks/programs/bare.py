"""The least a program can do: the same SQL on the driver itself, and orjson.

The SQL is the one that ours sends, taken from it while it answers; tags and offices are known by
heart as in ours. There is no routing, no checking, no session and no schema.
"""

import sqlite3
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

import orjson
import psycopg
import sqlalchemy as sa

Refs = dict[int, dict[str, Any]]
Program = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def make_program(url: str, sql: str, parameters: Any, planning: str) -> Program:
    """Return the WSGI program that answers the list for which *sql* was sent.

    *planning* is the plan_cache_mode under which PostgreSQL works for ours.
    """
    run, refs, moment = opened(sa.make_url(url), sql, planning)
    tags, offices = refs("tags"), refs("organizations")

    def program(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        query = dict(parse_qsl(environ["QUERY_STRING"]))
        limit = int(query["limit"])
        rows = run(parameters)
        items = [item(row, tags, offices, moment) for row in rows[:limit]]
        following = str(items[-1]["id"]) if len(rows) > limit else None
        body = orjson.dumps({"next": following, "total": None, "items": items})
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        start_response("200 OK", headers)
        return [body]

    return program


def opened(
    url: sa.URL, sql: str, planning: str
) -> tuple[Callable[..., list[Any]], Callable[[str], Refs], Any]:
    """Return how the SQL is run, how references are read, and how moments are written."""
    if url.get_backend_name() == "sqlite":
        connection: Any = sqlite3.connect(url.database, isolation_level=None)
        cursor = connection.cursor()

        def run(parameters: Any) -> list[Any]:
            return cursor.execute(sql, parameters).fetchall()

        return run, lambda table: read_refs(cursor, table), from_text
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    options = f"-c timezone=UTC -c plan_cache_mode={planning}"
    connection = psycopg.connect(address, autocommit=True, options=options)
    cursor = connection.cursor()

    def run_prepared(parameters: Any) -> list[Any]:
        return cursor.execute(sql, parameters, prepare=True).fetchall()

    return run_prepared, lambda table: read_refs(cursor, table), lambda moment: moment


def from_text(text: str) -> datetime:
    """Return the moment that SQLite keeps as text."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def read_refs(cursor: Any, table: str) -> Refs:
    """Return the short forms of a table's rows, by id."""
    cursor.execute(f"SELECT id, slug, name_zh, name_en FROM {table}")
    return {number: {"slug": slug, "name_zh": zh, "name_en": en} for number, slug, zh, en in cursor}


def known(ids: str | None, refs: Refs) -> list[dict[str, Any]]:
    """Return the short forms of ids joined by commas."""
    return [refs[number] for number in sorted(map(int, ids.split(",")))] if ids else []


def item(row: Any, tags: Refs, offices: Refs, moment: Callable[[Any], datetime]) -> dict[str, Any]:
    """Return one recommendation as the list shows it."""
    (number, reference, position, zh, en, stance, acceptance, progress, lead, lead_status, due,
     review, ended, publication, version, created, updated, tag_ids, joint, separate, proposal_id,
     proposal_reference, title, kind, document_id, proposers, _, next_due, next_clock, percent,
     reported, *_) = row  # fmt: skip
    return {
        "id": number, "reference": reference, "number": position, "summary_zh": zh,
        "summary_en": en, "stance": stance, "acceptance": acceptance, "progress": progress,
        "lead_office": None if lead is None else offices[lead], "lead_status": lead_status,
        "joint_offices": known(joint, offices), "separate_offices": known(separate, offices),
        "due_on": due, "next_due_on": next_due, "next_clock": next_clock, "percent": percent,
        "last_reported_at": None if reported is None else moment(reported), "review_on": review,
        "tags": known(tag_ids, tags),
        "proposal": {"id": proposal_id, "reference": proposal_reference, "title": title,
                     "kind": kind, "document_id": document_id},
        "proposer_names": proposers.split("\n") if proposers else [], "ended_as": ended,
        "publication": publication, "version": version, "created_at": moment(created),
        "updated_at": moment(updated),
    }  # fmt: skip
