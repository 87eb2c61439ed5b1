"""What forms offer to choose from: pairs of what is sent and the words for it."""

import re
from collections.abc import Callable

from app.console.calls import ask
from app.console.labels import label, office_name, vocabularies
from app.console.offers import Offer, offer_of
from app.console.paging import read_on

Choices = list[tuple[str, str]]
"""What can be chosen: what is sent, and the word that people read."""


def code_choices(vocabulary: str, *left_out: str) -> Callable[[], Choices]:
    """Return what gives the codes of *vocabulary*, without those *left_out*, and their words."""

    def given() -> Choices:
        codes = [str(one) for one in vocabularies()[vocabulary]]
        return [(code, label(vocabulary, code)) for code in codes if code not in left_out]

    return given


def session_choices() -> Offer:
    """Return the sessions, the newest first as far as their days are known."""
    found = read_on("listSessions")
    rows = sorted(found.rows, key=lambda one: one["starts_on"] or "", reverse=True)
    return offer_of(found, rows)


def office_choices() -> Offer:
    """Return what can be given work."""
    return offer_of(read_on("listOrganizations", is_office=True))


def organization_choices() -> Offer:
    """Return all organizations."""
    return offer_of(read_on("listOrganizations"))


def body_choices() -> Offer:
    """Return the congresses and conferences in which people sit."""
    return offer_of(read_on("listOrganizations", kind="deliberative_body"))


def tag_choices() -> Offer:
    """Return the tags that stand."""
    return offer_of(read_on("listTags"))


def profile_choices() -> Choices:
    """Return the rules of the notices by which cases can be handled, each once."""
    rows = ask("listRuleProfiles")["items"]
    return list({one["slug"]: office_name(one) for one in rows}.items())


def sent_for(typed: str | None, choices: Choices) -> str | None:
    """Return what is sent for *typed*, a code or its word; what is neither goes as it is."""
    if typed is None:
        return None
    own = typed.strip()
    if own in dict(choices):
        return own
    return next((code for code, word in choices if word == own), own)


def names_of(given: str | None) -> list[str]:
    """Return the names that were typed with 、 or lines between; names may have blanks."""
    return [one.strip() for one in re.split(r"[、；;\n]", given or "") if one.strip()]
