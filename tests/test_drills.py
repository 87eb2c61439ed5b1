"""A short run of each drill, and the proof that it could fail."""

import pytest

from drills import paper_drill
from drills.careless import prove_doubled_reports, prove_lost_updates
from drills.crowds import conditional_writes, same_key
from drills.databases import copied, new_template
from drills.kills import (
    postgres_kills,
    prove_checks,
    prove_forgetful,
    prove_unsynced,
    server_kills,
)
from drills.postgres import own_postgres
from drills.tables import tables

pytestmark = [pytest.mark.long, pytest.mark.one_database]


@pytest.fixture
def url(kind, request, tmp_path, worker_id):
    """Give a seeded database whose commits are real and outlive the server."""
    template = request.config.templates.get(kind) or pytest.skip("no PostgreSQL was found")
    with copied(template, tmp_path, f"register_drill_{worker_id}") as url:
        yield url


def test_a_register_that_is_killed_loses_nothing(url, tmp_path):
    row = server_kills(url, tmp_path, 3)
    assert row.problems == []
    assert row.figures["acknowledged"] > 0


def test_each_fault_that_is_planted_in_records_or_answers_is_found(url, tmp_path):
    assert prove_checks(url, tmp_path) == []


def test_a_register_that_forgets_is_found_out(url, tmp_path):
    assert prove_forgetful(url, tmp_path) == []


def test_a_postgresql_that_is_killed_loses_nothing_unless_it_acknowledges_too_early(tmp_path):
    with own_postgres() as postgres:
        if postgres is None:
            pytest.skip("no PostgreSQL was found")
        template = new_template(postgres.url, tmp_path)
        with copied(template, tmp_path) as url:
            assert prove_unsynced(url, tmp_path, postgres) == []
            row = postgres_kills(url, tmp_path, postgres, 2)
    assert row.problems == []
    assert row.figures["acknowledged"] > 0


def test_of_many_conditional_writes_none_is_lost_and_none_done_twice(url, tmp_path):
    assert conditional_writes(url, tmp_path, 160).problems == []


def test_a_register_that_loses_updates_is_found_out():
    assert prove_lost_updates() == []


def test_the_same_request_sent_many_times_at_once_is_done_once(url, tmp_path):
    assert same_key(url, tmp_path, 5).problems == []


def test_a_register_that_ignores_keys_is_found_out():
    assert prove_doubled_reports() == []


def test_a_day_that_is_not_that_of_its_paper_is_found_out(url, tmp_path):
    assert paper_drill.prove_recount(url, tmp_path) == []


def test_a_register_begun_in_the_middle_of_a_year_is_whole(url, tmp_path):
    row = paper_drill.paper_year(url, tmp_path, 40)
    assert row.problems == []
    assert row.figures["papers"] > 200


def test_a_fault_that_is_planted_for_good_fails_the_drill(url, tmp_path):
    row = server_kills(url, tmp_path, 0, "forgotten")
    assert row.problems == ["lost: drill-never-sent on 1 was acknowledged and has no event"]
    assert tables([row])[-1].endswith("FAILED")
