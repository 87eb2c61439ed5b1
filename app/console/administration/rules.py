"""What due days and letters follow from: calendars, rules, schemes of labels and categories."""

from flask import Response

from app.console.calls import ask
from app.console.pages import Pages, page

blueprint = Pages("rules", __name__)


@blueprint.get("/administration/rules")
def rules_page() -> Response:
    """Show every edition of every calendar, profile and scheme; they are read, not changed."""
    return page(
        "administration/rules.html",
        calendars=ask("listCalendars")["items"],
        profiles=ask("listRuleProfiles")["items"],
        labels=ask("listLabelSchemes")["items"],
        categories=ask("listCategorySchemes")["items"],
    )
