"""To whom a page offers withholding: an office for its own words, a registrar for all."""

from dataclasses import dataclass

from app.console.calls import ask
from app.console.signing_in.visitors import visitor
from app.core.types import Given

TOLD_OF = frozenset({"assignment", "commitment", "proposal", "recommendation"})
"""The records whose events have words that can be withheld."""


@dataclass(frozen=True)
class Withholder:
    """What whoever looks may withhold: nothing, what their *office* wrote, or *everything*."""

    may: bool
    everything: bool
    office: str | None
    office_name: str | None = None

    def may_withhold(self, office: Given | None) -> bool:
        """Return whether they may withhold what *office* wrote; None: not an office."""
        own = office is not None and office["slug"] == self.office
        return self.everything or (self.may and own)

    def may_withhold_note(self, event: Given) -> bool:
        """Return whether they may withhold the words of an *event* of a history, by its office."""
        is_told = event["record_type"] in TOLD_OF
        own = event["office_name"] is not None and event["office_name"] == self.office_name
        return is_told and (self.everything or (self.may and own))


def withholder(me: Given | None = None) -> Withholder:
    """Return what whoever looks may withhold; *me* is what `getMe` says of them."""
    if me is None and not visitor().is_signed_in:
        return Withholder(False, False, None)
    own = me or ask("getMe")
    may = own["permissions"]
    office = own["office"] or {"slug": None, "name_zh": None}
    granted = "record:withhold" in may, "record:release" in may
    return Withholder(*granted, office["slug"], office["name_zh"])
