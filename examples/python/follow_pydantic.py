"""Does what follow.py does, with the client that openapi-generator makes, its records by pydantic.

API is the address of a register, KEY a key of an office. The client is made from the contract:

    pip install openapi-generator-cli pydantic python-dateutil urllib3
    openapi-generator-cli generate -g python -i ../../openapi/openapi.json -o client \
        --additional-properties=packageName=register_client
    PYTHONPATH=client python follow_pydantic.py
"""

import os
from collections.abc import Iterator
from uuid import uuid4

from register_client import (
    ApiClient,
    ApiException,
    Axis,
    Configuration,
    FilesApi,
    GeneralApi,
    KnownOfficeRole,
    Problem,
    Progress,
    Recommendation,
    RecommendationDetail,
    RecommendationsApi,
    RecommendationStepInput,
    TakeOnInput,
)

OTHERS = {"/problems/taken", "/problems/permission-denied"}
"""What is answered where another office has a recommendation, or shall have it."""


def problem(refusal: ApiException) -> Problem:
    """Return what was wrong; its type names a page that says what to do."""
    found = Problem.from_json(refusal.body or "")
    if found is None:
        raise refusal
    return found


def every_one(api: RecommendationsApi, tag: str) -> Iterator[Recommendation]:
    """Yield all with *tag* that nobody began with, page by page: the order by id does not move."""
    cursor: str | None = None
    while True:
        page = api.list_recommendations(
            tag=[tag], progress=[Progress.NOT_STARTED], limit=5, cursor=cursor
        )
        yield from page.items
        if page.next is None:
            return
        cursor = page.next


def take_on(
    api: RecommendationsApi, found: list[Recommendation], office: str
) -> RecommendationDetail:
    """Take the first one on that no other office has."""
    for one in found:
        try:
            return api.take_on_recommendation(
                recommendation_id=one.id,
                if_match=f'"v{one.version}"',
                take_on_input=TakeOnInput(office=office, role=KnownOfficeRole.LEAD),
            )
        except ApiException as refusal:
            if problem(refusal).type not in OTHERS:
                raise
    raise SystemExit("other offices have them all")


def main() -> None:
    """Read a subject, take one recommendation on, begin with it, and add a file."""
    api = os.environ.get("API", "http://127.0.0.1:8000/api/v1")
    client = ApiClient(Configuration(host=api, access_token=os.environ["KEY"]))
    client.set_default_header("Accept-Language", "en")
    recommendations, files = RecommendationsApi(client), FilesApi(client)
    office = GeneralApi(client).get_me().office
    if office is None:
        raise SystemExit("the key belongs to no office")
    found = list(every_one(recommendations, "ai-industrial-park"))
    print(f"{len(found)} recommendations on the AI industrial park wait")
    mine = take_on(recommendations, found, office.slug)
    print(f"{office.name_zh} has taken on {mine.reference}")
    step = RecommendationStepInput(axis=Axis.PROGRESS, to="in_progress")
    try:
        recommendations.move_recommendation(
            recommendation_id=mine.id,
            if_match=f'"v{mine.version + 7}"',
            recommendation_step_input=step,
        )
    except ApiException as refusal:
        print(f"another version: {refusal.status} {problem(refusal).type}")
    key = str(uuid4())
    for _ in range(2):
        again = recommendations.move_recommendation_with_http_info(
            recommendation_id=mine.id,
            if_match=f'"v{mine.version}"',
            recommendation_step_input=step,
            idempotency_key=key,
        )
    replayed = (again.headers or {}).get("Idempotency-Replayed")
    print(f"sent twice: {again.status_code}, replayed: {replayed}")
    content = "选址已完成\n".encode()
    sent = files.upload_file(mine.proposal.id, content, filename="进展.txt")
    print(f"the file came back as it went: {files.get_file_content(sent.id) == content}")


if __name__ == "__main__":
    main()
