"""The steps of a recommendation, from the product's own tables."""

import pytest

from app.core.codes import PUBLISHED, Acceptance, Axis, Need, Progress, Role, Scope
from app.core.rules.permissions import ALONE, GRANTS, SCOPES, WRITTEN, Permission, conflicting
from app.core.rules.state_groups import OPEN, UNDONE
from app.http.meta.api import WORKFLOWS
from app.register.recommendations.rules import ACCEPTANCE, AXES, PROGRESS

STATES = {Axis.PROGRESS: Progress, Axis.ACCEPTANCE: Acceptance}
INITIAL = {Axis.PROGRESS: Progress.NOT_STARTED, Axis.ACCEPTANCE: Acceptance.UNDECIDED}


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.name)
def test_no_step_stands_twice_or_stays_where_it_is(workflow):
    pairs = [(s.source, s.target) for s in workflow.steps]
    assert len(pairs) == len(set(pairs))
    assert all(source != target for source, target in pairs)


@pytest.mark.parametrize("axis", Axis)
def test_every_state_can_be_reached(axis):
    reached, waiting = set(), [INITIAL[axis]]
    while waiting:
        state = waiting.pop()
        reached.add(state)
        waiting.extend(s.target for s in AXES[axis].steps_from(state) if s.target not in reached)
    assert reached == set(STATES[axis])


@pytest.mark.parametrize("axis", Axis)
def test_no_state_is_a_dead_end(axis):
    assert all(AXES[axis].steps_from(state) for state in STATES[axis])


def test_the_axes_share_no_step():
    assert PROGRESS.find("accepted", "verified") is None
    assert ACCEPTANCE.find("not_started", "accepted") is None


def test_implemented_needs_evidence_and_only_from_in_progress():
    into = [s for s in PROGRESS.steps if s.target == Progress.IMPLEMENTED]
    assert [s.source for s in into] == [Progress.IN_PROGRESS]
    assert into[0].needs == {Need.EVIDENCE}


def test_whatever_follows_a_claim_needs_another_office():
    away = PROGRESS.steps_from(Progress.IMPLEMENTED)
    assert {s.target for s in away} == {Progress.VERIFIED, Progress.IN_PROGRESS}
    assert all(Need.OTHER_OFFICE in s.needs and s.permission is Permission.VERIFY for s in away)


def test_refusals_and_detours_need_their_reason():
    for axis, targets in (
        (Axis.PROGRESS, {Progress.STALLED, Progress.DEFERRED, Progress.NOT_PURSUED}),
        (Axis.ACCEPTANCE, {Acceptance.NOT_ACCEPTED, Acceptance.REFERRED_UP}),
    ):
        into = [s for s in AXES[axis].steps if s.target in targets]
        assert into
        assert all(Need.REASON in s.needs for s in into)


def test_deferring_needs_the_date_to_look_again():
    into = [s for s in PROGRESS.steps if s.target == Progress.DEFERRED]
    assert all(Need.REVIEW_ON in s.needs for s in into)


def test_only_a_supervisor_reopens():
    closed = set(Progress) - OPEN
    away = [s for s in PROGRESS.steps if s.source in closed]
    assert {s.source for s in away} == closed
    assert all(s.permission is Permission.REOPEN and Need.REASON in s.needs for s in away)
    assert [r for r, granted in GRANTS.items() if Permission.REOPEN in granted] == [Role.SUPERVISOR]


def test_what_is_undone_is_open():
    assert UNDONE < OPEN


def test_every_role_has_its_grants_and_every_permission_a_role():
    assert set(GRANTS) == set(Role)
    assert set().union(*GRANTS.values()) == set(Permission)


def test_who_watches_or_administers_handles_nothing():
    handles = SCOPES[Scope.WRITE] - WRITTEN
    for role in ALONE:
        assert not GRANTS[role] & handles
    assert GRANTS[Role.AUDITOR] <= SCOPES[Scope.READ]
    assert not any(conflicting({role, Role.READER}) for role in ALONE)
    for role in ALONE:
        for other in set(Role) - {role, Role.READER}:
            assert role in conflicting({role, other})


def test_every_permission_has_its_scope():
    assert set().union(*SCOPES.values()) == set(Permission)
    every = [permission for permissions in SCOPES.values() for permission in permissions]
    assert {permission for permission in every if every.count(permission) > 1} == WRITTEN


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_word_has_a_label_in_both_languages(name):
    for word in PUBLISHED[name]:
        assert word.zh
        assert word.en
        assert word == word.lower()
