"""A column of codes holds members of its list, and tells of text that is none."""

import pytest
import sqlalchemy as sa

from app.core.codes import Progress
from app.core.queries.rows import as_text
from app.models import Recommendation


def first(session):
    return session.scalars(sa.select(Recommendation).order_by(Recommendation.id).limit(1)).one()


def test_what_is_read_is_a_member(session):
    assert first(session).progress is Progress.NOT_STARTED


def test_text_that_is_set_becomes_a_member(session):
    record = first(session)
    record.progress = "stalled"
    assert record.progress is Progress.STALLED


def test_text_that_is_no_code_is_refused(session):
    with pytest.raises(ValueError, match="nonsense"):
        first(session).progress = "nonsense"


def test_text_that_a_hand_put_there_is_read_as_it_stands(session):
    record = first(session)
    own = Recommendation.id == record.id
    session.execute(sa.update(Recommendation).where(own).values(progress="nonsense"))
    session.expire_all()
    assert first(session).progress == "nonsense"


def test_rows_of_lists_hold_text(session):
    row = session.execute(sa.select(*as_text([Recommendation.id, Recommendation.progress]))).first()
    assert type(row.progress) is str
    assert row.progress == Progress.NOT_STARTED
