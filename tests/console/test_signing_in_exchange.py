"""The two halves of a code, exchanged on a page by somebody who has never seen a program."""

import re

import pytest

from app.accounts.rules.keys import new_half
from app.core.codes import Role
from tests.support.accounts import V1, approved, code_of, new_account
from tests.support.factories import INDUSTRY, make_caller

HERE = "/sign-in/exchange"


@pytest.fixture
def halves(client, database):
    """Give the two halves of a code for a clerk's new key."""
    one, two = (make_caller(client, database, Role.SECURITY_ADMIN) for _ in range(2))
    account = new_account(one, two, name="李四", roles=["office_editor"], office=INDUSTRY)
    path = f"{V1}/principals/{account['id']}/keys"
    asked = one.post(path, {"scopes": ["read", "write"], "reason": "新人"})
    return code_of(asked, approved(two, asked))


def exchange(reader, first, second):
    reader.get(HERE)
    return reader.submit(HERE, halves__0=first, halves__1=second)


def test_both_halves_give_a_key_that_is_shown_once_and_signs_in(reader, halves, client):
    page = exchange(reader, f" {halves[1]} ", halves[0])
    assert reader.status == 200
    [secret] = re.findall(r"prk_\w{10}_[\w-]{43}_\w{8}", page.text)
    assert reader.response.headers["Cache-Control"] == "private, no-store"
    answer = client.get(f"{V1}/me", headers={"Authorization": f"Bearer {secret}"})
    assert answer.get_json()["name"] == "李四"
    assert "李四" in reader.get("/account").text
    exchange(reader, *halves)  # used: the key is nobody's again
    assert reader.status == 401
    assert "prk_" not in reader.page.text


@pytest.mark.parametrize("typed", [("", ""), ("prh_x", ""), ("x" * 200, "y"), ("中", "\x00")])
def test_halves_that_are_none_are_refused_and_not_shown_again(reader, typed):
    exchange(reader, *typed)
    assert reader.status in (401, 422)
    assert "__Host-register" not in str(reader.response.headers)
    assert not typed[0] or f'value="{typed[0]}"' not in reader.response.text


def test_guessing_halves_is_counted_with_wrong_keys(reader):
    for _ in range(20):
        exchange(reader, new_half(), new_half())
        assert reader.status == 401
    exchange(reader, new_half(), new_half())
    assert reader.status == 429
    assert int(reader.response.headers["Retry-After"]) > 0


def test_no_half_goes_over_a_connection_that_others_read(reader):
    reader.get(HERE)
    fields = dict(reader.form(HERE)["fields"])
    host = {"Host": "register.example", "Origin": "http://register.example"}
    answer = reader.client.post(HERE, data=fields, headers=host)
    assert answer.status_code == 403
    assert "https" in answer.text
    assert 'name="halves.0"' not in reader.client.get(HERE, headers=host).text


def test_another_site_exchanges_nothing(reader):
    reader.get(HERE)
    fields = dict(reader.form(HERE)["fields"])
    for data, origin in ((fields, "https://evil.example"), ({}, "http://localhost")):
        answer = reader.client.post(HERE, data=data, headers={"Origin": origin})
        assert answer.status_code == 403
