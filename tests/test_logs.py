"""The log names what went wrong, and never the personal data that it went wrong with."""

import io
import logging

import psycopg
import pytest
import sqlalchemy as sa

from app.core.logs import Discreet
from tests.support.factories import REGISTRAR, make_caller

PHONE = "0371-55501234"
PERSON = "/api/v1/persons/liu-li"

RENAMED = "ALTER TABLE sealed_values RENAME TO sealed_values_gone"
REFUSED = "ALTER TABLE sealed_values ADD CONSTRAINT empty CHECK (value IS NULL) NOT VALID"
RAISED = (
    "CREATE TRIGGER refused BEFORE INSERT ON sealed_values"
    " BEGIN SELECT RAISE(FAIL, 'no such thing'); END"
)


@pytest.fixture
def log():
    """Give what the log says."""
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(Discreet(logging.BASIC_FORMAT))
    logging.getLogger().addHandler(handler)
    yield handler.stream
    logging.getLogger().removeHandler(handler)


def broken(database, statement):
    """Break the table of personal values so that the next write to it fails in mid-way."""
    database.write(lambda session: session.execute(sa.text(statement)))


@pytest.mark.parametrize("way", ["gone", "refused"])
def test_a_failing_write_leaves_no_personal_data_in_the_log(client, database, log, caplog, way):
    caplog.set_level(logging.DEBUG)
    registrar = make_caller(client, database, *REGISTRAR)
    version = registrar.get(PERSON).get_json()["version"]
    lite = database.engine.dialect.name == "sqlite"
    broken(database, RENAMED if way == "gone" else RAISED if lite else REFUSED)
    answer = registrar.patch(PERSON, {"phone": PHONE, "email": "a@example.org"}, version)
    assert answer.status_code >= 400
    said = log.getvalue() + answer.text + "\n".join(str(record.msg) for record in caplog.records)
    assert PHONE not in said
    assert "a@example.org" not in said
    if way == "gone":
        assert "sealed_values" in log.getvalue() or "UndefinedTable" in log.getvalue()


def test_the_very_row_of_a_broken_constraint_is_not_repeated(database, log):
    row = "INSERT INTO heads (id, sequence, hash, vocabulary_version) VALUES (2, NULL, :phone, 1)"
    with pytest.raises(sa.exc.IntegrityError) as caught:
        database.write(lambda session: session.execute(sa.text(row), {"phone": PHONE}))
    if isinstance(caught.value.orig, psycopg.Error):
        assert PHONE in str(caught.value.orig)  # what there is to be hidden
    logging.getLogger("app.core.database").error("failed: %s", caught.value.orig)
    logging.getLogger("app.core.database").error("failed", exc_info=caught.value)
    assert PHONE not in log.getvalue()
    assert "heads" in log.getvalue()
    assert "IntegrityError" in log.getvalue()


def test_what_led_to_an_error_is_told_with_it(log):
    try:
        try:
            raise KeyError("one")
        except KeyError as error:
            raise ValueError("two") from error
    except ValueError:
        logging.getLogger("any").exception("three")
    told = log.getvalue()
    assert told.index("KeyError: 'one'") < told.index("ValueError: two")
    assert "test_logs.py" in told
