"""Sixteen ways of tampering, at a few places each: all is found. The drill tries many more."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.base import Base
from drills import tampering
from drills.tampering import (
    FAULTS,
    WAYS,
    Result,
    from_outside,
    try_way,
    untouched,
    whole,
    with_fault,
)
from drills.tampering_checkpoints import OUTSIDE, forget_checkpoints
from drills.tampering_log import EVENTS, read_log, set_head
from drills.tampering_rows import EXPLAINED, LOG, OUT_OF_SCOPE
from drills.tampering_tools import Attack, undone
from tests.database.templates import KINDS

pytestmark = [pytest.mark.long, pytest.mark.one_database]

PLACES, SEED = 4, 20261121


@pytest.fixture(scope="module")
def registers(request, tmp_path_factory, worker_id):
    """Give the small register of each kind, made when first asked for."""
    made, stack = {}, tampering.ExitStack()

    def register(kind):
        if kind not in made:
            server = request.config.templates.get(kind) if kind == "postgresql" else None
            if kind == "postgresql" and server is None:
                pytest.skip("no PostgreSQL was found")
            folder = tmp_path_factory.mktemp(f"tampering-{kind}")
            name = f"tampering_{worker_id}"
            made[kind] = stack.enter_context(tampering.register_in(server, folder, name))
        return made[kind]

    yield register
    stack.close()


@pytest.fixture(params=KINDS)
def register(request, registers):
    return registers(request.param)


def test_where_nobody_tampers_nothing_is_found(register):
    assert untouched(register) == []


@pytest.mark.parametrize("way", WAYS)
def test_what_is_tampered_with_is_found(register, way):
    result = try_way(register, way, PLACES, SEED)
    assert result.missed == []
    assert result.tried == result.found == PLACES
    assert untouched(register) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_a_verification_that_is_broken_is_noticed(registers, fault):
    result = with_fault(registers("sqlite"), fault, 10, SEED)
    assert result.missed
    assert len(result.missed) + result.found == result.tried == 10


def test_the_same_seed_does_the_same(registers):
    fault = "records that are not compared"
    first, again = (with_fault(registers("sqlite"), fault, 4, SEED) for _ in range(2))
    assert first.missed == again.missed != []


def test_every_table_is_tampered_with_or_said_to_be_no_record():
    tables = {name for name in OUT_OF_SCOPE if "." not in name}
    assert sorted([*LOG, *EXPLAINED, *tables]) == sorted(Base.metadata.tables)
    columns = [name.split(".") for name in OUT_OF_SCOPE if "." in name]
    assert all(column in Base.metadata.tables[table].columns for table, column in columns)
    assert all(OUT_OF_SCOPE.values())


def test_the_register_holds_something_of_everything(register):
    with register.database.engine.connect() as connection:
        for name in (*LOG, *EXPLAINED):
            table = Base.metadata.tables[name]
            assert connection.execute(sa.select(table)).first(), f"{name} is empty"
            for mark in {"withdrawn_at", "revoked_at", "erased_at"} & set(table.columns.keys()):
                used = table.columns[mark].is_not(None)
                assert connection.execute(sa.select(table).where(used)).first(), f"{name}.{mark}"


def test_only_what_lies_outside_shows_a_tail_cut_off_with_its_checkpoints(register):
    """Refused attempts change no record: without them a register looks as it did before."""
    with undone(register) as connection:
        attack = Attack(connection, register, dice=None)
        rows = read_log(attack)[:-2]
        connection.execute(sa.delete(EVENTS).where(EVENTS.c.sequence > len(rows)))
        set_head(attack, rows)
        forget_checkpoints(attack, len(rows) + 1)
        public = register.signer.public_key
        with Session(connection) as session:
            assert whole(session, public, **from_outside(register, None)) == []
            for witness in OUTSIDE:
                assert whole(session, public, **from_outside(register, witness)), witness


@pytest.mark.parametrize(("missed", "status"), [([], 0), (["place 0: edited: not found"], 1)])
def test_the_command_tells_what_was_not_found(monkeypatch, capsys, missed, status):
    result = Result("sqlite", "edit", tried=4, found=4 - len(missed), missed=missed)
    monkeypatch.setattr(tampering, "check_drill", lambda *_: None)
    monkeypatch.setattr(tampering, "try_way", lambda *_: result)
    words = ["--places", "4", "--databases", "sqlite", "--ways", "edit"]
    assert tampering.main(words) == status
    assert all(told in capsys.readouterr().out for told in missed)
