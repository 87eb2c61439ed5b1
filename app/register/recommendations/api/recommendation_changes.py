"""What the bodies of requests change of one recommendation, whoever answers it then."""

from datetime import date
from functools import partial

from app.accounts.api.approvals import asked
from app.core.codes import Axis
from app.core.rules.permissions import Permission
from app.core.schemas.messages import say
from app.core.types import Values
from app.http.call import Asked, Call
from app.http.problems import Invalid, unknown
from app.models import ProgressReport, Recommendation
from app.register.people.queries import organizations
from app.register.recommendations.api.resolving import cited, named_record
from app.register.recommendations.queries import recommendation_details
from app.register.recommendations.queries import recommendations as queries
from app.register.recommendations.rules import AXES
from app.register.recommendations.services import recommendation_offices, reopening, reports
from app.register.recommendations.services import recommendations as services
from app.register.recommendations.services.due_dates import check_due_on


def move_recommendation(
    call: Call, record: Recommendation, values: Values
) -> Recommendation | Asked:
    """Take the step of a recommendation that a body asks for, or ask another to approve it."""
    axis = Axis(values["axis"])
    target = known_state(axis, values["to"])
    grounds = services.RecommendationTransition(
        note=values.get("note"),
        reason=values.get("reason"),
        evidence=cited(call, values["evidence"], "evidence", record.proposal_id),
        on=call.today(),
        review_on=future(values.get("review_on"), call.today()),
        superseded_by=named_record(
            values,
            "superseded_by",
            lambda name: queries.by_reference(call.session, call.actor, name),
        ),
    )
    if services.is_reopening(call.session, call.actor, record, axis, target, grounds):
        return asked(
            call, reopening.ask_reopening(call.session, call.actor, record, target, grounds)
        )
    services.move(call.session, call.actor, record, axis, target, grounds=grounds)
    return record


def add_report(call: Call, record: Recommendation, values: Values) -> ProgressReport:
    """Add the report that a body holds to a recommendation, perhaps the version of another one.

    Raises Invalid where the one that it corrects is not there for the caller.
    """
    session, actor, number = call.session, call.actor, values.get("corrects")
    evidence = cited(call, values["evidence"], "evidence", record.proposal_id)
    said = {"text": values["text"], "percent": values.get("percent"), "evidence": evidence}
    if number is None:
        return reports.report(session, actor, record, **said, on=call.today())
    former = recommendation_details.report_to_mend(session, actor, record.id, number)
    if former is None:
        raise Invalid({"corrects": [unknown(str(number))]})
    return reports.correct_report(session, actor, record, former, reports.ReportInput(**said))


def known_state(axis: Axis, code: str) -> str:
    """Return *code*; raise Invalid when it is no state of *axis*."""
    states = AXES[axis].states
    if code not in set(states):
        choices = ", ".join(states)
        raise Invalid({"to": [say(f"只能是：{choices}", f"must be one of: {choices}")]})
    return code


def future(day: date | None, today: date) -> date | None:
    """Return *day*; raise Invalid when it is not after *today*."""
    if day is not None and day <= today:
        raise Invalid({"review_on": [say("必须晚于今天", "must be later than today")]})
    return day


def check_own_day(call: Call, permission: Permission, values: Values) -> None:
    """Raise InvalidChange when a body names a past due date that its caller may not enter."""
    due_on, note = values.get("due_on"), values.get("note")
    check_due_on(call.actor, permission, due_on, call.today(), note)


def take_on(call: Call, record: Recommendation, values: Values) -> Recommendation:
    """Take a recommendation on as a body says, and return it."""
    check_own_day(call, Permission.ASSIGN, values)
    office = named_record(values, "office", partial(organizations.organization, call.session), call)
    recommendation_offices.assign(
        call.session,
        call.actor,
        record,
        office,
        values["role"],
        due_on=values.get("due_on"),
        note=values.get("note"),
    )
    return record
