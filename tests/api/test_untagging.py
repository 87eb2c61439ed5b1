"""Who may take a tag off: whose it is, who has the recommendation, and registrars."""

import pytest

from app.core.codes import OfficeRole, Role
from app.core.rules.permissions import may_untag
from tests.support.casework import V1, took
from tests.support.factories import DATA, INDUSTRY, find, make_actor, make_caller

LIST = f"{V1}/recommendations"
CURATED, NEW = "ai-industrial-park", "talent"


@pytest.fixture
def third(client, database):
    """Give an editor of an office that has no part in anything here."""
    return make_caller(client, database, Role.OFFICE_EDITOR, office="zhengzhou-government")


def change(caller, item, **slugs):
    """Add and remove tags as *caller*, upon the present version, and return the answer."""
    path = f"{LIST}/{item['id']}"
    version = caller.get(path).get_json()["version"]
    return caller.post(f"{path}/tags", {name: [slug] for name, slug in slugs.items()}, version)


def refusal(answer):
    """Return what a 403 says of ``remove``."""
    assert answer.status_code == 403, answer.text
    (error,) = answer.get_json()["errors"]
    assert error["field"] == "remove"
    return error["message"]


def tags_of(client, item):
    return {tag["slug"] for tag in client.get(f"{LIST}/{item['id']}").get_json()["tags"]}


def test_any_office_adds_a_tag_and_takes_off_its_own_alone(callers, third, client):
    item = find(callers["data"])
    took(change(third, item, add=NEW))
    message = refusal(change(callers["data"], item, remove=NEW))
    assert f"{item['reference']} {NEW} (added by " in message
    assert "registrars can" in message
    assert NEW in tags_of(client, item)
    took(change(third, item, remove=NEW))
    assert NEW not in tags_of(client, item)


def test_what_was_added_anew_is_the_one_who_added_it_last(callers, third):
    item = find(callers["data"])
    took(change(third, item, add=NEW))
    took(change(third, item, remove=NEW))
    took(change(callers["data"], item, add=NEW))
    refusal(change(third, item, remove=NEW))
    took(change(callers["data"], item, remove=NEW))


def test_a_curated_tag_is_for_those_who_have_the_recommendation_and_registrars(
    callers, third, client
):
    item = find(callers["data"])
    assert f"{CURATED} (added by no office)" in refusal(change(third, item, remove=CURATED))
    refusal(change(callers["industry"], item, remove=CURATED))  # it is only suggested
    path = f"{LIST}/{item['id']}/offices"
    took(callers["industry"].post(path, {"office": INDUSTRY}, 1))
    took(change(callers["industry"], item, remove=CURATED))
    took(change(third, item, add=CURATED))
    took(callers["industry"].post(path, {"office": DATA, "role": "joint"}, 4))
    took(change(callers["data"], item, remove=CURATED))
    took(change(third, item, add=CURATED))
    took(change(callers["registrar"], item, remove=CURATED))
    assert CURATED not in tags_of(client, item)


def test_a_supervisor_adds_and_takes_off_what_its_office_added(callers, third):
    item = find(callers["data"])
    took(change(callers["supervisor"], item, add=NEW))
    took(change(third, item, remove=NEW))  # of the same office, the city's government
    took(change(callers["data"], item, add=NEW))
    refusal(change(callers["supervisor"], item, remove=NEW))


def test_many_at_once_are_refused_as_a_whole_each_named(callers, third, client):
    items = client.get(f"{LIST}?tag={CURATED}&limit=2").get_json()["items"]
    took(change(third, items[0], add=NEW))
    fresh = [client.get(f"{LIST}/{item['id']}").get_json() for item in items]
    body = {
        "recommendations": [{"id": i["id"], "version": i["version"]} for i in fresh],
        "remove": [CURATED, NEW],
    }
    message = refusal(third.post(f"{LIST}/tags", body))
    assert all(f"{item['reference']} {CURATED}" in message for item in items)
    assert NEW not in message
    assert [tags_of(client, item) for item in items] == [
        {tag["slug"] for tag in item["tags"]} for item in fresh
    ]
    took(callers["registrar"].post(f"{LIST}/tags", body))


def test_what_stands_not_there_may_be_taken_off_by_anybody(third, callers):
    took(change(third, find(callers["data"]), remove="metaverse"))


def test_who_has_no_office_takes_off_nothing_of_nobody(session):
    nobody = make_actor(session, Role.SUPERVISOR)
    assert not may_untag(nobody, None, None)
    assert may_untag(nobody, OfficeRole.JOINT, None)
