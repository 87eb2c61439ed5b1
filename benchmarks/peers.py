"""One list, answered by ours and by its peers: the same records, then the requests per second."""

import json
from collections.abc import Container, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import sqlalchemy as sa
from flask import Flask

from app import create_app
from benchmarks.calls import Asgi, Caller, Request, Wsgi
from benchmarks.databases import own_files
from benchmarks.measuring import Ratio, interleaved, ratio
from benchmarks.programs import bare, fastapi_core, plain_smorest

LIST = Request(
    "/api/v1/recommendations", "tag=artificial-intelligence&progress=in_progress&limit=50"
)
OURS, BARE, PLAIN, FASTAPI = "ours", "bare WSGI", "flask-smorest + ORM", "FastAPI + Core"
TARGETS = {(OURS, BARE): 0.55, (OURS, FASTAPI): 1.8}
COMPARED = (*TARGETS, (OURS, PLAIN), (FASTAPI, BARE), (PLAIN, BARE))


@contextmanager
def selects() -> Iterator[list[tuple[str, Any]]]:
    """Give the list of the SELECTs that are sent meanwhile, with their parameters."""
    sent: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, sql: str, parameters: Any, *rest: Any) -> None:
        if sql.startswith("SELECT"):
            sent.append((sql, parameters))

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    yield sent
    sa.event.remove(sa.Engine, "before_cursor_execute", note)


def planning(app: Flask) -> str:
    """Return the plan_cache_mode that *app* asks of PostgreSQL."""
    database = app.extensions["database"]
    if database.engine.dialect.name != "postgresql":
        return "auto"
    with database.reading() as session:
        return session.scalar(sa.text("SHOW plan_cache_mode"))


def programs(url: str) -> dict[str, Caller]:
    """Return every program on the database at *url*, once all of them answer alike."""
    app = create_app(database_url=url, log_level="WARNING", **own_files())
    ours = Wsgi(app)
    ours.ask(LIST)
    with selects() as sent:
        ours.ask(LIST)
    [(sql, parameters)] = sent
    found: dict[str, Caller] = {
        OURS: ours,
        BARE: Wsgi(bare.make_program(url, sql, parameters, planning(app))),
        PLAIN: Wsgi(plain_smorest.make_program(url)),
        FASTAPI: Asgi(fastapi_core.make_program(url)),
    }
    check(found)
    return found


def check(found: dict[str, Caller]) -> None:
    """Stop unless every program answers the same records, and the bare one the same JSON."""
    items = {name: json.loads(program.ask(LIST).body)["items"] for name, program in found.items()}
    ours = items[OURS]
    if len(ours) != 50 or items[BARE] != ours:
        raise SystemExit("the bare program and ours differ")
    for name, theirs in items.items():
        if [known(item, item) for item in theirs] != list(map(known, ours, theirs)):
            raise SystemExit(f"{name} and ours differ")


def known(item: dict[str, Any], names: Container[str]) -> dict[str, Any]:
    """Return what an item says under *names*, but for moments, which are written in many ways.

    The larger programs show fewer columns than ours, which is to their advantage.
    """
    return {n: value for n, value in item.items() if n in names and not n.endswith("_at")}


def compare(url: str, rounds: int) -> dict[tuple[str, str], Ratio]:
    """Return the ratios of requests per second: how many of the first to one of the second."""
    works = {name: partial(program.repeat, LIST) for name, program in programs(url).items()}
    times = interleaved(works, rounds)
    return {(one, other): ratio(times, other, one) for one, other in COMPARED}
