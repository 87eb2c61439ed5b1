"""What is typed and not sent: kept for its author, offered again, gone when it is sent."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.console.unsent.rules import LARGEST
from app.core import clock
from app.models import Event, SignIn, UnsentForm
from tests.support.casework import V1, dispatch, took, version_of
from tests.support.factories import EDITOR, INDUSTRY, make_key
from tests.support.pages import Reader

pytestmark = pytest.mark.usefixtures("today")
CASE = "/desk/cases/D002-P04-A01"
OBJECT = f"{CASE}/steps/objection_pending"
KEEP = f"/unsent?address={OBJECT}"
WHY = "产业发展不属本局职责，应由他局牵头"


@pytest.fixture
def given(callers, proposal):
    """Give the office of industry the case of the park."""
    return dispatch(callers, proposal)


def typed(reader, **values):
    """Return what a browser sends of the form of an objection in which *values* are typed."""
    return list((dict(reader.form(OBJECT)["fields"]) | values).items())


def kept(database):
    """Return what is kept, by whose and where."""
    columns = (UnsentForm.principal_id, UnsentForm.address, UnsentForm.content)
    return database.read(lambda session: session.execute(sa.select(*columns)).all())


def by_script(reader, pairs, address=KEEP):
    """Send what htmx sends while somebody types, and return the words that come back."""
    return reader.client.post(
        address, data=dict(pairs), headers={**reader.headers(), "HX-Request": "true"}
    )


def test_what_is_typed_is_kept_by_script_and_there_again(people, given, database):
    clerk = people("industry")
    clerk.get(CASE)
    answer = by_script(clerk, typed(clerk, reason=WHY))
    assert answer.status_code == 200
    assert "已暂存" in answer.get_data(as_text=True)
    assert "<html" not in answer.get_data(as_text=True)
    clerk.get(CASE)
    assert "上次没有发出的内容" in clerk.page.text
    assert dict(clerk.form(OBJECT)["fields"])["reason"] == WHY


def test_a_button_keeps_it_where_no_script_runs(people, given):
    clerk = people("industry")
    clerk.get(CASE)
    clerk.send(KEEP, typed(clerk, reason=WHY))
    assert clerk.address == CASE
    assert "已暂存，还没有提交" in clerk.page.text
    assert dict(clerk.form(OBJECT)["fields"])["reason"] == WHY


def test_it_is_gone_when_it_was_sent(people, given, database):
    clerk = people("industry")
    clerk.get(CASE)
    clerk.send(KEEP, typed(clerk, reason=WHY))
    assert len(kept(database)) == 1
    clerk.submit(OBJECT)
    assert clerk.status == 200, clerk.page.text
    assert kept(database) == []
    assert "上次没有发出" not in clerk.page.text


def test_it_is_gone_when_its_author_drops_it(people, given, database):
    clerk = people("industry")
    clerk.get(CASE)
    clerk.send(KEEP, typed(clerk, reason=WHY))
    clerk.send(f"/unsent/forgetting?address={OBJECT}", typed(clerk))
    assert kept(database) == []
    assert dict(clerk.form(OBJECT)["fields"])["reason"] == ""


def test_a_session_that_ended_while_they_wrote_loses_nothing(people, begun, given, monkeypatch):
    clerk = people("industry")
    clerk.get(CASE)
    pairs = typed(clerk, reason=WHY)
    later = clock.utcnow() + timedelta(minutes=31)
    monkeypatch.setattr("app.core.clock.clock", lambda: later)
    clerk.send(OBJECT, pairs)
    assert clerk.address == f"/sign-in?next={CASE.replace('/', '%2F')}"
    assert "您写的内容已保存" in clerk.page.text
    clerk.submit("/sign-in", key=begun["keys"]["industry"])
    assert clerk.address == CASE
    assert "上次没有发出的内容" in clerk.page.text
    assert dict(clerk.form(OBJECT)["fields"])["reason"] == WHY
    clerk.submit(OBJECT)
    assert "异议待定" in clerk.page.text


def test_script_is_told_that_the_session_ended_and_that_it_is_kept(people, given, monkeypatch):
    clerk = people("industry")
    clerk.get(CASE)
    pairs = typed(clerk, reason=WHY)
    later = clock.utcnow() + timedelta(minutes=31)
    monkeypatch.setattr("app.core.clock.clock", lambda: later)
    answer = by_script(clerk, pairs)
    assert answer.status_code == 200
    assert "您写的内容已保存" in answer.get_data(as_text=True)


def test_another_person_is_offered_nothing_of_it(app, people, given, database):
    clerk = people("industry")
    clerk.get(CASE)
    clerk.send(KEEP, typed(clerk, reason=WHY))
    other = Reader(app.test_client()).sign_in(make_key(database, *EDITOR, office=INDUSTRY))
    other.get(CASE)
    assert WHY not in other.response.get_data(as_text=True)
    assert dict(other.form(OBJECT)["fields"])["reason"] == ""


def test_what_was_typed_survives_a_sign_in_in_another_window(app, people, given, begun):
    clerk = people("industry")
    clerk.get(CASE)
    pairs = typed(clerk, reason=WHY)
    clerk.sign_in(begun["keys"]["industry"])  # a new session: the form is of the one before
    clerk.send(OBJECT, pairs)
    assert clerk.status == 403
    assert dict(clerk.form(OBJECT)["fields"])["reason"] == WHY
    clerk.submit(OBJECT)
    assert clerk.status == 200, clerk.page.text


def test_what_was_refused_is_kept_as_well(people, given, database):
    clerk = people("industry")
    clerk.get(CASE)
    clerk.submit(OBJECT, reason=WHY, suggested_office=[None], on="2099-01-01")
    assert clerk.status == 422
    assert [row.content["reason"] for row in kept(database)] == [[WHY]]


def test_a_stranger_and_another_site_keep_nothing(people, reader, given, database):
    clerk = people("industry")
    clerk.get(CASE)
    pairs = dict(typed(clerk, reason=WHY))
    assert reader.client.post(KEEP, data=pairs, headers=reader.headers()).status_code == 303
    evil = {**clerk.headers(), "Origin": "http://evil.example"}
    assert clerk.client.post(KEEP, data=pairs, headers=evil).status_code == 403
    no_token = pairs | {"form_token": "x"}
    assert clerk.client.post(KEEP, data=no_token, headers=clerk.headers()).status_code == 403
    assert clerk.client.get("/unsent").status_code == 405
    assert kept(database) == []


def test_no_token_or_secret_is_kept_and_no_event_tells_of_it(people, given, database):
    clerk = people("industry")
    clerk.get(CASE)
    events = database.read(lambda s: s.scalar(sa.select(sa.func.count(Event.sequence))))
    clerk.send(KEEP, typed(clerk, reason=WHY, key="prk_secret"))
    [row] = kept(database)
    assert not {"form_token", "once", "key", "back", "kept"} & row.content.keys()
    assert "prk_secret" not in str(row.content)
    assert events == database.read(lambda s: s.scalar(sa.select(sa.func.count(Event.sequence))))


def test_what_is_too_long_is_not_kept_and_that_is_said(people, given, database):
    clerk = people("industry")
    clerk.get(CASE)
    answer = by_script(clerk, typed(clerk, reason="长" * (LARGEST + 1)))
    assert "内容太长" in answer.get_data(as_text=True)
    assert kept(database) == []


def test_it_is_forgotten_after_thirty_days(people, given, database, monkeypatch):
    clerk = people("industry")
    clerk.get(CASE)
    clerk.send(KEEP, typed(clerk, reason=WHY))
    later = clock.utcnow() + timedelta(days=30, minutes=1)
    monkeypatch.setattr("app.core.clock.clock", lambda: later)
    other = people("head")
    other.get(CASE)
    other.send(KEEP, typed(other, reason="另一人写的"))
    assert [row.content["reason"] for row in kept(database)] == [["另一人写的"]]


def test_what_was_kept_before_somebody_else_changed_the_case_is_shown_beside_it(
    people, given, callers
):
    clerk = people("industry")
    clerk.get(CASE)
    clerk.send(KEEP, typed(clerk, reason=WHY))
    path = f"{V1}/assignments/{given['id']}"
    industry = callers["industry"]
    took(industry.post(f"{path}/transitions", {"to": "received"}, version_of(industry, path)))
    clerk.get(CASE)
    clerk.submit(OBJECT)
    assert clerk.status == 412
    assert "已签收" in clerk.page.text
    assert dict(clerk.form(OBJECT)["fields"])["reason"] == WHY
    clerk.submit(OBJECT)
    assert clerk.status == 200, clerk.page.text


def test_signing_out_keeps_no_form_open_to_the_next_person(people, given, database):
    clerk = people("industry")
    clerk.get(CASE)
    pairs = typed(clerk, reason=WHY)
    clerk.submit("/sign-out")
    clerk.send(OBJECT, pairs)
    assert clerk.address.startswith("/sign-in")
    assert kept(database) == []
    ended = database.read(lambda s: s.scalars(sa.select(SignIn.ended_at)).all())
    assert any(ended)
