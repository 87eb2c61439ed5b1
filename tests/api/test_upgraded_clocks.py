"""Clocks of an earlier register after its upgrade."""

import pytest
import sqlalchemy as sa

from app.handling.worklists.services import plan_reminders
from app.models import Task
from tests.support.casework import whole
from tests.support.factories import differences

pytestmark = pytest.mark.usefixtures("today")


def test_an_earlier_registers_clocks_are_brought_to_mind_after_its_upgrade(
    callers, proposal, lead, database
):
    def forget(session):
        session.execute(sa.update(Task).values(fires_on=None))

    database.write(forget)
    assert database.examine(differences)
    assert database.write(plan_reminders) > 0
    assert database.write(plan_reminders) == 0
    whole(database)
    assert lead["id"]
