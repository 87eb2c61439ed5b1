"""Drafts that several bring, or that come in late."""

from datetime import timedelta

import pytest

from tests.support.casework import TODAY, V1, took, version_of, whole
from tests.support.drafts import TEXT, content, enter, filed
from tests.support.drafts import move as file
from tests.support.drafts import one as path_of
from tests.support.problems import told

pytestmark = pytest.mark.usefixtures("today")


def edit(callers, path, **values):
    return callers["registrar"].patch(path, values, version_of(callers["registrar"], path))


def test_several_submit_the_same_text(callers, people, client, database):
    first = enter(callers, content(people[:1]))
    told(callers["registrar"].post(f"{V1}/proposals", content(people[:1])), 409)
    second = enter(callers, content(people[1:2]))
    assert second["document"]["id"] == first["document"]["id"]
    filed(callers, first)
    filed(callers, second)
    took(file(callers, second, "merged", into=first["reference"]))
    took(edit(callers, path_of(first), publication="published"))
    text = f"{V1}/documents/{first['document']['id']}/text"
    assert client.get(text).data.decode() == TEXT
    assert client.get(path_of(second)).status_code == 404
    whole(database)


def test_a_case_number_is_not_given_twice_by_a_correction(callers, people):
    numbered = [enter(callers, content(people[n : n + 1])) for n in (0, 1)]
    took(edit(callers, path_of(numbered[0]), case_no="2026-0001"))
    told(edit(callers, path_of(numbered[1]), case_no="2026-0001"), 409)


def test_who_signed_in_time_is_entered_later(callers, people, today, database):
    until = TODAY + timedelta(days=2)
    case = enter(callers, content(people, cosign_until=until.isoformat()))
    today["day"] = until + timedelta(days=1)
    paper = {"proposer": people[1], "paper": "联名回执"}
    path = f"{path_of(case)}/cosignatures"
    registrar = callers["registrar"]
    told(registrar.post(path, paper, version_of(registrar, path_of(case))), 409)
    signed = {**paper, "on": until.isoformat()}
    took(registrar.post(path, signed, version_of(registrar, path_of(case))))
    whole(database)
