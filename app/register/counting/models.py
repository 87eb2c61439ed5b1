"""How many recommendations stand how, counted by the database itself."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, CodeText
from app.core.codes import Acceptance, Progress, Publication, Specificity

NOBODY = "nobody"
"""For whom there is an answer or an open promise, where there is none."""

WHATEVER_TAG, NO_TAG = 0, -1


class RecommendationCount(Base):
    """How many recommendations that have not ended stand so, in all or within a *scope*.

    The scope is ``all`` (scope_id 0), ``document``, ``session``, the ``office`` that leads,
    ``month`` (202603, that of the document), a kind of proposal (scope_id 0), or the day on which
    it is next due: ``due`` (20260301) and ``due_month`` for those who see all of the handling,
    ``public`` and ``public_month`` for everyone. A *scope_id* of 0 stands for having none. The
    tag is WHATEVER_TAG, NO_TAG, or one by which all, documents, sessions and the days and months on
    which something is due are counted as well.

    Triggers keep it by the view ``counted_recommendations``, whoever writes; `flask verify` counts
    anew and compares.
    """

    __tablename__ = "recommendation_counts"
    __table_args__ = ({"sqlite_with_rowid": False},)

    tag_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    scope: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    scope_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    publication: Mapped[Publication] = mapped_column(CodeText(Publication, 16), primary_key=True)
    specificity: Mapped[Specificity] = mapped_column(CodeText(Specificity, 16), primary_key=True)
    progress: Mapped[Progress] = mapped_column(CodeText(Progress, 32), primary_key=True)
    acceptance: Mapped[Acceptance] = mapped_column(CodeText(Acceptance, 32), primary_key=True)
    answered_for: Mapped[str] = mapped_column(sa.String(16), primary_key=True)
    promised_for: Mapped[str] = mapped_column(sa.String(16), primary_key=True)
    number: Mapped[int]
