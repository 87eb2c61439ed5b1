"""Attempts that were refused leave events, but no key fills the history with them."""

import json
from datetime import timedelta

import sqlalchemy as sa

from app.audit.services.refused_attempts import HOUR, MOST, utcnow
from app.core.codes import Role
from app.models import Event
from tests.support.factories import EDITOR, INDUSTRY, everything, find, make_caller

V1 = "/api/v1"


def attempts(database):
    """Return what the events of refused attempts tell, oldest first."""
    rows = sa.select(Event.operation, Event.changes).where(Event.outcome == "refused")
    found = database.read(lambda s: s.execute(rows.order_by(Event.sequence)).all())
    return [(row.operation, {n: v[1] for n, v in json.loads(row.changes).items()}) for row in found]


def test_readings_of_what_is_hidden_are_told_sixty_times_an_hour(client, database, monkeypatch):
    reader = make_caller(client, database, Role.READER)
    for number in range(MOST + 20):
        assert reader.get(f"{V1}/recommendations/{900_000 + number}").status_code == 404
    told = attempts(database)
    assert len(told) == MOST + 1
    assert [more.get("only_counted_from_here") for _, more in told] == [None] * MOST + [True]
    later = utcnow() + HOUR + timedelta(seconds=1)
    monkeypatch.setattr("app.core.clock.clock", lambda: later)
    reader.get(f"{V1}/recommendations/900000")
    reader.get(f"{V1}/recommendations/900001")
    *_, first, second = attempts(database)
    assert first[1]["left_out_before"] == 19
    assert "left_out_before" not in second[1]
    assert database.read(everything) == []


def test_many_refused_readings_hide_no_refused_change_and_no_other_account(client, database):
    editor = make_caller(client, database, *EDITOR, office=INDUSTRY)
    other = make_caller(client, database, Role.READER)
    for number in range(MOST + 5):
        editor.get(f"{V1}/recommendations/{900_000 + number}")
    one = f"{V1}/recommendations/{find(editor)['id']}"
    assert editor.post(f"{one}/reports", {"text": "进展"}).status_code == 403
    assert other.get(f"{V1}/recommendations/900000").status_code == 404
    assert [operation for operation, _ in attempts(database)[MOST + 1 :]] == [
        "addReport", "getRecommendation",
    ]  # fmt: skip


def test_refused_changes_are_told_sixty_times_an_hour(client, database):
    editor = make_caller(client, database, *EDITOR, office=INDUSTRY)
    one = f"{V1}/recommendations/{find(editor)['id']}"
    for number in range(MOST + 20):  # whatever they were refused for
        refused = editor.post(f"{one}/reports", {"text": "进展"} if number % 2 else {})
        assert refused.status_code == 403
    editor.post(f"{V1}/tags", {})
    told = attempts(database)
    assert len(told) == MOST + 1
    assert told[-1][1]["only_counted_from_here"] is True
