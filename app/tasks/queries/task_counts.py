"""What makes a row of task_counts: on which desk something waits, and in which role."""

from typing import Any

import sqlalchemy as sa

from app.core.codes import AssignmentRole
from app.handling.assignments.models.assignments import DAY, MONTH
from app.models import Assignment, RecommendationOffice
from app.register.recommendations.models import NO_DUE_DATE

COUNT_KEY = ("desk", "office_id", "grain", "due_on", "kind", "role", "publication")
BY_ASSIGNMENT = (Assignment, Assignment.id == RecommendationOffice.assignment_id)
ROLE_BESIDE = sa.func.coalesce(Assignment.role, AssignmentRole.JOINT).label("role")
"""The role of an office beside a lead: that of its assignment, or joint where it was named."""


def count_keys(task: Any) -> list[tuple[Any, ...]]:
    """Return the rows of task_counts in which *task* is counted: its day's and its month's."""
    due, rest = task.due_on or NO_DUE_DATE, (task.kind, task.role or "", task.publication)
    places = ((DAY, due), (MONTH, due.replace(day=1)))
    return [(task.desk, task.office_id, *place, *rest) for place in places]
