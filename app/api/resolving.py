"""Slugs in filters, turned into the ids that queries take."""

from typing import Any

from app.api.blueprints import Call
from app.api.errors import Invalid
from app.queries import records
from app.schemas.fields import say


def resolved(call: Call, filters: dict[str, Any]) -> dict[str, Any]:
    """Return *filters* with every slug replaced by the id it stands for.

    Raises Invalid for a tag, office, person, organization or session that does not exist.
    """
    values = {name: value for name, value in filters.items() if name not in RESOLVERS}
    missing: dict[str, list[str]] = {}
    for name, (target, resolve) in RESOLVERS.items():
        if name in filters:
            found = resolve(call, filters[name])
            if found is None:
                missing[name] = [unknown(filters[name])]
            elif isinstance(found, dict):
                values |= found
            else:
                values[target] = found
    if missing:
        raise Invalid(missing)
    return values


def unknown(slug: str) -> str:
    """Return the sentence about a slug that stands for nothing."""
    return say(f"没有 {slug}", f"there is no {slug}")


def tag_id(call: Call, slug: str) -> int | None:
    """Return the id of a tag."""
    found = call.cache.tag(call.session, slug)
    return found.id if found else None


def organization_id(call: Call, slug: str) -> int | None:
    """Return the id of an organization."""
    return call.cache.organization_id(call.session, slug)


def proposer_ids(call: Call, slug: str) -> dict[str, int | None] | None:
    """Return the ids of the person and of the organization with this slug."""
    found = {
        "person_id": records.person_id(call.session, slug),
        "organization_id": organization_id(call, slug),
    }
    return found if any(found.values()) else None


RESOLVERS: dict[str, tuple[str, Any]] = {
    "tag": ("tag_id", tag_id),
    "broader": ("broader_id", tag_id),
    "office": ("office_id", organization_id),
    "parent": ("parent_id", organization_id),
    "body": ("body_id", organization_id),
    "session": ("session_id", lambda call, slug: records.session_id(call.session, slug)),
    "proposer": ("proposer_ids", proposer_ids),
}
