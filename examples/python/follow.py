"""Follows one subject of the register, and works on one recommendation of it.

API is the address of a register, KEY a key of an office. The client is made from the contract:

    pip install openapi-python-client
    openapi-python-client generate --path ../../openapi/openapi.json --output-path client
    PYTHONPATH=client python follow.py
"""

import io
import os
from collections.abc import Iterator
from typing import TypeVar
from uuid import uuid4

from proposal_register_client import AuthenticatedClient
from proposal_register_client.api.files import get_file_content, upload_file
from proposal_register_client.api.general import get_me
from proposal_register_client.api.recommendations import (
    list_recommendations,
    move_recommendation,
    take_on_recommendation,
)
from proposal_register_client.models import (
    Approval,
    Axis,
    KnownOfficeRole,
    Problem,
    Progress,
    Recommendation,
    RecommendationDetail,
    RecommendationStepInput,
    TakeOnInput,
)
from proposal_register_client.types import UNSET, File, Response

OTHERS = {"/problems/taken", "/problems/permission-denied"}
"""What is answered where another office has a recommendation, or shall have it."""

Content = TypeVar("Content")


class Failed(Exception):
    """A refusal; its type names a page that says what to do."""

    def __init__(self, problem: Problem | None) -> None:
        super().__init__(f"{problem.type_}: {problem.detail}" if problem else "an unknown answer")
        self.problem = problem


def good(answer: Content | Problem | None) -> Content:
    """Return what was asked for; raise Failed where it was refused."""
    if answer is None or isinstance(answer, Problem):
        raise Failed(answer)
    return answer


def every_one(client: AuthenticatedClient, tag: str) -> Iterator[Recommendation]:
    """Yield all with *tag* that nobody began with, page by page: the order by id does not move."""
    cursor: str | None = None
    while True:
        page = good(
            list_recommendations.sync(
                client=client,
                tag=[tag],
                progress=[Progress.NOT_STARTED],
                limit=5,
                cursor=cursor or UNSET,
            )
        )
        yield from page.items
        if not page.next_:
            return
        cursor = page.next_


def take_on(
    client: AuthenticatedClient, found: list[Recommendation], office: str
) -> Recommendation:
    """Take the first one on that no other office has."""
    for one in found:
        answer = take_on_recommendation.sync(
            one.id,
            client=client,
            body=TakeOnInput(office=office, role=KnownOfficeRole.LEAD),
            if_match=f'"v{one.version}"',
        )
        if isinstance(answer, Problem) and answer.type_ in OTHERS:
            continue
        taken = good(answer)
        one.version = taken.version
        return one
    raise SystemExit("other offices have them all")


def begin(
    client: AuthenticatedClient, one: Recommendation, version: int, key: str
) -> Response[Approval | Problem | RecommendationDetail]:
    """Take one step, as often as it is sent; the key lets it count once."""
    return move_recommendation.sync_detailed(
        one.id,
        client=client,
        body=RecommendationStepInput(axis=Axis.PROGRESS, to="in_progress"),
        if_match=f'"v{version}"',
        idempotency_key=key,
    )


def send_file(client: AuthenticatedClient, proposal: int, content: bytes) -> bytes:
    """Add a file to a proposal, and read it again."""
    sent = upload_file.sync(
        proposal, client=client, body=File(payload=io.BytesIO(content)), filename="进展.txt"
    )
    got = get_file_content.sync(good(sent).id, client=client)
    with good(got).payload as file:
        return bytes(file.read())


def main() -> None:
    """Read a subject, take one recommendation on, begin with it, and add a file."""
    api = os.environ.get("API", "http://127.0.0.1:8000/api/v1")
    client = AuthenticatedClient(
        base_url=api, token=os.environ["KEY"], headers={"Accept-Language": "en"}
    )
    office = good(get_me.sync(client=client)).office
    if office is None:
        raise SystemExit("the key belongs to no office")
    found = list(every_one(client, "ai-industrial-park"))
    print(f"{len(found)} recommendations on the AI industrial park wait")
    mine = take_on(client, found, office.slug)
    print(f"{office.name_zh} has taken on {mine.reference}")
    stale = begin(client, mine, mine.version + 7, str(uuid4()))
    told = stale.parsed.type_ if isinstance(stale.parsed, Problem) else None
    print(f"another version: {int(stale.status_code)} {told}")
    key = str(uuid4())
    good(begin(client, mine, mine.version, key).parsed)
    again = begin(client, mine, mine.version, key)
    print(f"sent twice: {int(again.status_code)}, {again.headers.get('Idempotency-Replayed')}")
    content = "选址已完成\n".encode()
    same = send_file(client, mine.proposal.id, content) == content
    print(f"the file came back as it went: {same}")


if __name__ == "__main__":
    main()
