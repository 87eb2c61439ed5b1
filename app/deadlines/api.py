"""Calendars, rule profiles, label schemes, and what a due date would be, over HTTP."""

from datetime import timedelta
from typing import Any

from flask.views import MethodView

from app.core.codes import Unit
from app.core.queries.rows import View
from app.core.schemas.messages import REQUIRED, say
from app.core.types import Values
from app.deadlines import queries as papers
from app.deadlines import schemas
from app.deadlines.rules.deadlines import GrantedExtension, Limit, Pause, deadline, wrong_end
from app.deadlines.rules.explanations import explain
from app.deadlines.rules.rulebook import Profile, RuleBook
from app.http.blueprints import Blueprint
from app.http.call import Call
from app.http.problems import Invalid, unknown
from app.http.responses import Listed

blueprint = Blueprint("deadlines", __name__)
LONGEST_PAUSE = timedelta(days=3660)


@blueprint.route("/calendars")
class Calendars(MethodView):
    """The calendars of all loaded years."""

    @blueprint.reads("listCalendars", schemas.CalendarListSchema, schemas.CalendarFilterSchema)
    def get(self, call: Call, filters: Values) -> Any:
        """List which days are off and which weekend days are worked, by which paper.

        One edition for each year that a notice was published for; later ones correct
        earlier ones, and due dates that were worked out move with them. A year without one
        makes due dates provisional.
        """
        return Listed(papers.calendars(call.session, filters), None, None)


@blueprint.route("/rule-profiles")
class RuleProfiles(MethodView):
    """The rule profiles."""

    @blueprint.reads("listRuleProfiles", schemas.RuleProfileListSchema, schemas.EditionFilterSchema)
    def get(self, call: Call, filters: Values) -> Any:
        """List which limits hold where, for what, and where that was read.

        Every edition is listed, with the paper it follows. Which one holds for a proposal
        is fixed at its first dispatch and stands in `profile`.
        """
        return Listed(papers.profiles(call.session, filters), None, None)


@blueprint.route("/label-schemes")
class LabelSchemes(MethodView):
    """The label schemes."""

    @blueprint.reads("listLabelSchemes", schemas.LabelSchemeListSchema, schemas.EditionFilterSchema)
    def get(self, call: Call, filters: Values) -> Any:
        """List what the letters of each place mean, both ways, and where one is ambiguous.

        Places write A, B and C for different outcomes; a letter that stands for several
        needs the outcome beside it.
        """
        return Listed(papers.schemes(call.session, filters), None, None)


@blueprint.route("/category-schemes")
class CategorySchemes(MethodView):
    """The schemes of categories."""

    @blueprint.reads(
        "listCategorySchemes", schemas.CategorySchemeListSchema, schemas.EditionFilterSchema
    )
    def get(self, call: Call, filters: Values) -> Listed:
        """List which categories proposals are sorted into, and for which bodies and sessions.

        A proposal has at most one category of each scheme that holds for it, and keeps the
        edition under which it was given.
        """
        return Listed(papers.category_schemes(call.session, filters), None, None)


@blueprint.route("/deadlines/preview")
class DeadlinePreview(MethodView):
    """A due date that nothing has yet."""

    @blueprint.writes(
        "previewDeadline", schemas.DeadlineSchema, schemas.PreviewInputSchema, versioned=False
    )
    def post(self, call: Call, values: Values) -> Any:
        """Work out when something would be due, and explain it day by day. Changes nothing.

        For a limit of your own, or for that of a rule profile. The day from which it is counted
        is not counted itself; the last day is still in time.
        """
        book = call.book
        profile, limit = wanted(book, values)
        pauses = [pause_in(number, row) for number, row in enumerate(values["pauses"])]
        granted = [GrantedExtension(values["extended_to"])] if "extended_to" in values else []
        given = (limit, values["start"], book.calendar, pauses, granted)
        found = deadline(*given)
        if granted and granted[0].until <= found.original_due_on:
            day = found.original_due_on
            late = say(f"必须晚于原到期日 {day}", f"must be later than the first due date, {day}")
            raise Invalid({"extended_to": [late]})
        return View(
            start=values["start"],
            due_on=found.due_on,
            original_due_on=found.original_due_on,
            is_provisional=found.provisional,
            profile=profile.reference if profile else None,
            limit=limit_view(limit, values.get("kind") if profile else None),
            explanation=explain(*given),
        )


def wanted(book: RuleBook, values: Values) -> tuple[Profile | None, Limit]:
    """Return the limit that is asked about, and the profile it stands in; raise Invalid."""
    if "limit" in values:
        given = values["limit"]
        if both := [name for name in ("profile", "kind") if name in values]:
            message = say("已给出 limit，不能再给出", "goes with no limit of its own")
            raise Invalid({name: [message] for name in both})
        if given["unit"] is Unit.FIXED:
            message = say("固定日期只在规则中", "a fixed date stands in a profile only")
            raise Invalid({"limit": {"unit": [message]}})
        roll, unit = given["roll_if_rest_day"], given["unit"]
        return None, Limit(given["amount"], unit, given["count_from"], roll)
    if "kind" not in values:
        raise Invalid({"kind": [REQUIRED]})
    profile = book.profile(values["profile"]) if "profile" in values else book.usual()
    if profile is None:
        raise Invalid({"profile": [unknown(values.get("profile", "profile"))]})
    limit = profile.limit(values["kind"], values["level"])
    if limit is None:
        message = say(f"{profile.slug} 没有规定这种期限", f"{profile.slug} has no such limit")
        raise Invalid({"kind": [message]})
    return profile, limit


def pause_in(number: int, row: Values) -> Pause:
    """Return a pause; raise Invalid when it ends before it begins, or is too long."""
    pause = Pause(**row)
    wrong = wrong_end(pause, LONGEST_PAUSE)
    if wrong:
        raise Invalid({"pauses": {number: {"last": [say(*wrong)]}}})
    return pause


def limit_view(limit: Limit, kind: str | None) -> View:
    """Return a limit as the API shows it."""
    fixed = limit.unit is Unit.FIXED
    return View(
        kind=kind,
        unit=limit.unit,
        amount=None if fixed else limit.amount,
        dates={"on": f"{limit.month:02}-{limit.day:02}"} if fixed else None,
        count_from=limit.count_from,
        roll_if_rest_day=limit.roll,
        is_common_practice=limit.is_common,
    )
