"""Checking a letter, with another letter or outcome in the place of what the office said."""

import pytest

from tests.support.casework import V1, took, version_of
from tests.support.factories import PARK
from tests.support.replies import body, draft, reply_of

pytestmark = pytest.mark.usefixtures("today")
REPLY = "/desk/cases/D002-P04-A01/reply"
CHECK = f"{REPLY}/1/checked"
WHY = "尚未开工，不能列为A类"


@pytest.fixture
def letter(callers, proposal, lead):
    """Let the office draft a letter that says everything is resolved."""
    return took(draft(callers["industry"], lead, body(callers, proposal, outcome="resolved")))


@pytest.fixture
def dispatcher(people, letter):
    """Let a dispatcher look at the letter."""
    staff = people("dispatcher")
    staff.get(REPLY)
    return staff


def start_of(reader, action=CHECK, reference=PARK):
    """Return how the fields about a recommendation begin in the form for the check."""
    fields = reader.form(action)["fields"]
    return next(name for name, own in fields if own == reference).rpartition(".")[0]


def about_park(reader, action=CHECK, **typed):
    """Return what is typed about the park into the form for the check, by the fields' names."""
    return {f"{start_of(reader, action)}.{name}": own for name, own in typed.items()}


def point_on(reply, reference=PARK):
    """Return what a reply says of a recommendation."""
    return next(p for p in reply["points"] if p["recommendation"]["reference"] == reference)


def test_the_form_starts_with_what_the_office_said(dispatcher, letter):
    fields = dict(dispatcher.form(CHECK)["fields"])
    rows = [name for name in fields if name.endswith(".label")]
    assert len(rows) == len(letter["points"])
    assert {fields[name] for name in rows} == {"A"}
    assert "承办单位写的：A" in dispatcher.page.text


def test_a_check_changes_a_letter_with_its_reason(dispatcher, callers, lead):
    dispatcher.submit(CHECK, **about_park(dispatcher, label="C", reason=WHY))
    assert dispatcher.status == 200, dispatcher.page.text
    assert "已核对，更改了 1 条" in dispatcher.page.text
    assert "核对改为：" in dispatcher.page.text
    shown = took(reply_of(callers["auditor"], lead))
    changed = point_on(shown)
    assert (changed["checked_label"], changed["checked_outcome"]) == ("C", "deferred")
    assert changed["check_reason"] == WHY
    others = [point for point in shown["points"] if point is not changed]
    assert {point["checked_label"] for point in others} == {None}


def test_a_check_without_changes_changes_nothing(dispatcher, callers, lead):
    dispatcher.submit(CHECK)
    assert "已核对。" in dispatcher.page.text
    shown = took(reply_of(callers["auditor"], lead))
    assert shown["state"] == "checked"
    assert {point["checked_outcome"] for point in shown["points"]} == {None}


def test_a_letter_for_several_outcomes_asks_which_and_keeps_what_was_typed(
    dispatcher, callers, lead
):
    start = start_of(dispatcher)
    dispatcher.submit(CHECK, **about_park(dispatcher, label="B", reason=WHY))
    assert dispatcher.status == 422
    shown = dispatcher.response.get_data(as_text=True)
    assert f'id="error-letter-checked-{start}.outcome"' in shown
    assert f'href="#field-letter-checked-{start}.outcome"' in shown
    kept = dict(dispatcher.form(CHECK)["fields"])
    assert (kept[f"{start}.label"], kept[f"{start}.reason"]) == ("B", WHY)
    dispatcher.submit(CHECK, **about_park(dispatcher, outcome="planned"))
    assert dispatcher.status == 200, dispatcher.page.text
    changed = point_on(took(reply_of(callers["auditor"], lead)))
    assert (changed["checked_label"], changed["checked_outcome"]) == ("B", "planned")


def test_a_change_without_a_reason_is_told_at_its_field(dispatcher, callers, lead):
    start = start_of(dispatcher)
    dispatcher.submit(CHECK, **about_park(dispatcher, outcome="deferred"))
    assert dispatcher.status == 422
    shown = dispatcher.response.get_data(as_text=True)
    assert f'id="error-letter-checked-{start}.reason"' in shown
    assert dict(dispatcher.form(CHECK)["fields"])[f"{start}.outcome"] == "deferred"
    assert took(reply_of(callers["auditor"], lead))["state"] == "draft"


def test_a_reason_without_a_change_is_told_and_not_dropped(dispatcher):
    start = start_of(dispatcher)
    dispatcher.submit(CHECK, **about_park(dispatcher, reason=WHY))
    assert dispatcher.status == 422
    assert f"error-letter-checked-{start}.outcome" in dispatcher.response.get_data(as_text=True)
    assert dict(dispatcher.form(CHECK)["fields"])[f"{start}.reason"] == WHY


def test_what_was_typed_stays_beside_the_version_written_meanwhile(
    dispatcher, callers, proposal, lead
):
    again = body(callers, proposal, outcome="in_progress")
    path = f"{V1}/assignments/{lead['id']}"
    took(callers["industry"].post(f"{path}/replies", again, version_of(callers["industry"], path)))
    dispatcher.submit(CHECK, **about_park(dispatcher, label="C", reason=WHY))
    assert dispatcher.status == 412
    assert "承办单位写的：B" in dispatcher.page.text
    anew = f"{REPLY}/2/checked"
    start, kept = start_of(dispatcher, anew), dict(dispatcher.form(anew)["fields"])
    assert (kept[f"{start}.label"], kept[f"{start}.reason"]) == ("C", WHY)
    same = {name: "B" for name in kept if name.endswith(".label") and not name.startswith(start)}
    dispatcher.submit(anew, **same)
    assert dispatcher.status == 200, dispatcher.page.text
    assert point_on(took(reply_of(callers["auditor"], lead, 2)))["checked_label"] == "C"


def test_a_check_sent_twice_is_done_once(dispatcher, callers, lead):
    start = start_of(dispatcher)
    pairs = dict(dispatcher.form(CHECK)["fields"])
    pairs |= {f"{start}.label": "C", f"{start}.reason": WHY}
    for _ in range(2):
        dispatcher.send(CHECK, list(pairs.items()))
        assert dispatcher.status == 200, dispatcher.page.text
    assert point_on(took(reply_of(callers["auditor"], lead)))["checked_label"] == "C"


def test_who_does_not_check_it_gets_no_form(people, letter):
    for name in ("industry", "head", "supervisor", "auditor"):
        reader = people(name)
        reader.get(REPLY)
        assert reader.status == 200
        assert CHECK not in [form["action"] for form in reader.page.forms]


def test_it_is_said_in_english_too(people, letter):
    staff = people("dispatcher", "en")
    staff.get(REPLY)
    assert "Change a letter or an outcome" in staff.page.text
    assert "The office says: A" in staff.page.text
