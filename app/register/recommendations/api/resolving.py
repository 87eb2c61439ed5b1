"""Names in filters and bodies, turned into the ids and records they stand for."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from app.accounts.queries.visibility import visible, visible_texts
from app.core.queries.keyset import LONGEST_ID
from app.core.rules.nearest import nearest
from app.core.schemas.messages import say
from app.core.types import Condition, Given, Values
from app.http.call import Call
from app.http.problems import Invalid, unknown
from app.http.responses import PREFIX
from app.models import Document, Organization, Proposal, Recommendation
from app.register.files import services as files
from app.register.people.queries import persons, sittings

Resolver = Callable[[Call, str], Mapping[str, Sequence[int | str]]]
"""(call, name) → the ids it stands for, by column; none where there is no such record."""


def resolved(call: Call, filters: Values) -> Values:
    """Return *filters* with the ids that every name in them stands for, a list of them each.

    Raises Invalid for a record that does not exist, or that the caller may not see.
    """
    values = {name: value for name, value in filters.items() if name not in RESOLVERS}
    missing: dict[str, list[str]] = {}
    for name in filters.keys() & RESOLVERS.keys():
        given = filters[name]
        for text in given if isinstance(given, list) else [given]:
            found = RESOLVERS[name](call, text)
            if not any(found.values()):
                missing[name] = [unknown(text, meant(call, name, text))]
            for column, numbers in found.items():
                ids = values.setdefault(column, [])
                ids += [number for number in numbers if number not in ids]
    if missing:
        raise Invalid(missing)
    return values


def meant(call: Call, field: str, text: str) -> str | None:
    """Return the name that *text* in *field* may have been meant for, with what it is called."""
    if field in OF_TAGS:
        return called(call.cache.fresh(call.session).tag_names, text)
    if field == "category":
        return called(call.book.categories.names(), text)
    if field == "session":
        return called(sittings.named(call.session), text)
    if field == "proposer" and (person := persons.called(call.session, call.actor, text)):
        return f"{person} ({text})"
    if field in OF_ORGANIZATIONS:
        return called(call.cache.fresh(call.session).organization_names, text)
    return None


OF_TAGS = frozenset({"tag", "caught_by", "broader"})
OF_ORGANIZATIONS = frozenset(
    {"office", "parent", "body", "supervisor", "proposer", "suggested_office"}
)
"""Fields that name a tag, or an organization."""


def called(names: Mapping[str, str], text: str) -> str | None:
    """Return the slug nearest to *text* among *names*, name → slug, with that name; None: none."""
    name = nearest(text, names)
    if name is None:
        return None
    return names[name] if name == names[name] else f"{names[name]} ({name})"


def named_record(
    values: Given, field: str, find: Callable[[str], Any], call: Call | None = None
) -> Any:
    """Return what *find* finds under the name in *field* of a body; None where the field is not.

    Raises Invalid for a name under which nothing is to be seen, or an organization that ended; with
    *call*, it says what may have been meant.
    """
    if field not in values:
        return None
    found = find(values[field])
    if found is None:
        hint = meant(call, field, values[field]) if call else None
        raise Invalid({field: [unknown(values[field], hint)]})
    if isinstance(found, Organization) and found.ended_on is not None:
        day = found.ended_on
        raise Invalid(
            {field: [say(f"{found.slug} 已于 {day} 撤销", f"{found.slug} ended on {day}")]}
        )
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


def document_id(call: Call, name: str) -> int | None:
    """Return the id of the document with this number or reference, when the caller may see it."""
    own = sa.select(Document.id).where(is_called(Document, name))
    return call.session.scalar(visible_texts(own, call.actor))


def proposal_id(call: Call, name: str) -> int | None:
    """Return the id of the proposal with this number or reference, when the caller may see it."""
    own = sa.select(Proposal.id).where(is_called(Proposal, name))
    return call.session.scalar(visible(own, call.actor, Proposal))


def recommendation_id(call: Call, name: str) -> int | None:
    """Return the id of the recommendation so called, by number or reference, when it is seen."""
    own = sa.select(Recommendation.id).where(is_called(Recommendation, name))
    return call.session.scalar(visible(own, call.actor, Recommendation))


def is_called(model: type[Document | Proposal | Recommendation], name: str) -> Condition:
    """Return the condition that a row of *model* has *name* as its number or its reference."""
    if name.isascii() and name.isdecimal() and len(name) <= LONGEST_ID:
        return model.id == int(name)
    return model.reference == name


def resolves(column: str, find: Callable[[Call, str], int | None]) -> Resolver:
    """Return what gives the id that *find* finds as the value of *column*."""

    def ids(call: Call, name: str) -> dict[str, list[int]]:
        number = find(call, name)
        return {column: [] if number is None else [number]}

    return ids


RESOLVE_ORGANIZATION = resolves("organization_id", organization_id)
RESOLVERS: dict[str, Resolver] = {
    "category": lambda call, word: {"categories": call.book.categories.asked(word)},
    "tag": resolves("tag_id", tag_id),
    "caught_by": resolves("caught_by_id", tag_id),
    "broader": resolves("broader_id", tag_id),
    "office": resolves("office_id", organization_id),
    "parent": resolves("parent_id", organization_id),
    "body": resolves("body_id", organization_id),
    "supervisor": resolves("supervisor_id", organization_id),
    "session": resolves("session_id", sitting_id),
    "document": resolves("document_id", document_id),
    "proposal": resolves("proposal_id", proposal_id),
    "merged_into": resolves("merged_into_id", proposal_id),
    "recommendation": resolves("recommendation_id", recommendation_id),
    "proposer": lambda call, slug: {
        "person_id": persons.person_ids(call.session, call.actor, slug),
        **RESOLVE_ORGANIZATION(call, slug),
    },
}
"""Filter → the ids its name stands for, by the name of the column; all empty: nothing."""
