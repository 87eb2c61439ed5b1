"""The answer that shows one record of master data."""

from app.core.queries.rows import View
from app.core.types import Row
from app.http.call import Answer, Call, found_or_404


def one_answer(call: Call, found: Row | View | None) -> Answer:
    """Return what was *found* as one record; raise NotFound when there is none."""
    row = found_or_404(found)
    return Answer(row, version=row.version, vocabulary=call.vocabulary(row.vocabulary_version))
