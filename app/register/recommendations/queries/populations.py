"""Recommendations that are counted: those that the filters of the list leave, as someone sees them.

Each number is counted by the very statement of the list that stands beside it.
"""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries.visibility import view_of
from app.core.queries.filters import inside
from app.core.rules.permissions import Actor
from app.core.types import Expression, Given, Row, Values
from app.register.recommendations.queries.recommendations import filter_values, found, shape_of


class Counted:
    """The recommendations that *asked* leaves, as *actor* sees them on the day *today*.

    *asked* are filters of the list with names resolved to ids; *words* the parameters of a search.
    """

    session: Session
    actor: Actor
    today: date

    @property
    def asked(self) -> Given:
        """The filters of all that is counted."""
        raise NotImplementedError

    @property
    def words(self) -> Given:
        """The parameters of what is searched for; none where nothing is."""
        return {}

    def values(self, **filters: object) -> Values:
        """Return the parameters of the list of those that *filters* leave besides."""
        values = filter_values({**self.asked, **filters}, self.today)
        return {**values, **self.words, "viewer_office": self.actor.office_id}

    def chosen(self, *columns: Expression, **filters: object) -> sa.Select:
        """Return the SELECT of *columns* of those that *filters* leave, to stand in another."""
        values = self.values(**filters)
        return inside(found(view_of(self.actor), shape_of(values), columns), values)

    def rows(self, *columns: Expression, **filters: object) -> sa.Subquery:
        """Return *columns* of those that *filters* leave, as the list of the same filters does."""
        values = self.values(**filters)
        return found(view_of(self.actor), shape_of(values), columns).params(values).subquery()

    def counts(self, rows: sa.Subquery) -> list[Row]:
        """Return each combination of the columns of *rows*, and how many have it."""
        columns = list(rows.c)
        statement = sa.select(*columns, sa.func.count().label("number"))
        return list(self.session.execute(statement.group_by(*columns)))
