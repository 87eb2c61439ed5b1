"""Names in filters and bodies, turned into the ids and records they stand for."""

from collections.abc import Callable
from typing import Any

from app.core.schemas.messages import say
from app.core.types import Given, Values
from app.http.call import Call
from app.http.problems import Invalid, unknown
from app.http.responses import PREFIX
from app.register.files import services as files
from app.register.people.queries import persons, sittings


def resolved(call: Call, filters: Values) -> Values:
    """Return *filters* with every slug replaced by the id it stands for.

    Raises Invalid for a tag, office, person, organization or session that does not exist.
    """
    values = {name: value for name, value in filters.items() if name not in RESOLVERS}
    missing: dict[str, list[str]] = {}
    for name in filters.keys() & RESOLVERS.keys():
        found = RESOLVERS[name](call, filters[name])
        if not any(found.values()):
            missing[name] = [unknown(filters[name])]
        values |= found
    if missing:
        raise Invalid(missing)
    return values


def named_record(values: Given, field: str, find: Callable[[str], Any]) -> Any:
    """Return what *find* finds under the name in *field* of a body; None where the field is not.

    Raises Invalid for a name under which nothing is to be seen.
    """
    if field not in values:
        return None
    found = find(values[field])
    if found is None:
        raise Invalid({field: [unknown(values[field])]})
    return found


def cited(
    call: Call, evidence: list[dict[str, str]], field: str, proposal_id: int
) -> list[dict[str, str]]:
    """Return *evidence* as it is kept: of a file also where its content is, and its SHA-256.

    Raises Invalid for what is neither a link nor a file, InvalidChange for a file that cannot be
    named here.
    """
    wrong = {
        f"{field}.{number}.url": [LINK_OR_FILE]
        for number, item in enumerate(evidence)
        if ("url" in item) == ("file" in item)
    }
    if wrong:
        raise Invalid(wrong)
    found = files.cited(call.session, call.actor, proposal_id, evidence, field)
    return [
        item | {"url": CONTENT.format(found[item["file"]].id), "sha256": found[item["file"]].sha256}
        if "file" in item
        else item
        for item in evidence
    ]


CONTENT = PREFIX + "/files/{}/content"
LINK_OR_FILE = say("url 和 file 须填且只填一项", "either `url` or `file` is needed, not both")


def tag_id(call: Call, slug: str) -> int | None:
    """Return the id of a tag."""
    found = call.cache.tag(call.session, slug)
    return found.id if found else None


def organization_id(call: Call, slug: str) -> int | None:
    """Return the id of an organization."""
    return call.cache.organization_id(call.session, slug)


def sitting_id(call: Call, slug: str) -> int | None:
    """Return the id of a session."""
    return sittings.sitting_id(call.session, slug)


RESOLVERS: dict[str, Callable[[Call, str], dict[str, int | None]]] = {
    "tag": lambda call, slug: {"tag_id": tag_id(call, slug)},
    "broader": lambda call, slug: {"broader_id": tag_id(call, slug)},
    "office": lambda call, slug: {"office_id": organization_id(call, slug)},
    "parent": lambda call, slug: {"parent_id": organization_id(call, slug)},
    "body": lambda call, slug: {"body_id": organization_id(call, slug)},
    "supervisor": lambda call, slug: {"supervisor_id": organization_id(call, slug)},
    "session": lambda call, slug: {"session_id": sitting_id(call, slug)},
    "proposer": lambda call, slug: {
        "person_id": persons.person_id(call.session, call.actor, slug),
        "organization_id": organization_id(call, slug),
    },
}
"""Filter → the ids its slug stands for, by the name of the parameter; all None: nothing."""
