"""What must not be kept is erased by two persons wherever it stands; the chain stays whole."""

import json

import pytest
import sqlalchemy as sa

from app.core.base import Base
from app.core.canonical_json import canonical_json
from app.core.clock import utcnow
from app.core.codes import Role
from app.history.queries.written_words import WRITTEN
from app.models import Event, Principal, ProgressReport, Recommendation, UnsentForm
from tests.support.casework import V1, whole
from tests.support.drafts import content
from tests.support.factories import EDITOR, INDUSTRY, REGISTRAR, everything, find, make_caller
from tests.support.problems import told
from tests.support.trust import decide

pytestmark = pytest.mark.one_database

NUMBER = "410105199001011234"
TEXT = f"申请人身份证 {NUMBER}，已核"
ERASED = "（已删除）"


@pytest.fixture
def writers(client, database):
    """Give those who write, ask and approve."""
    roles = {
        "editor": (EDITOR, INDUSTRY), "registrar": (REGISTRAR, None),
        "other_registrar": (REGISTRAR, None), "auditor": ((Role.AUDITOR,), None),
    }  # fmt: skip
    return {
        name: make_caller(client, database, *role, office=office)
        for name, (role, office) in roles.items()
    }


def everywhere(database):
    """Return all that stands in the database, as text."""

    def read(session):
        tables = Base.metadata.sorted_tables
        return "\n".join(str(session.execute(sa.select(table)).all()) for table in tables)

    return database.read(read)


def reported(writers):
    """Let an office report what it should not have, and return the path of the recommendation."""
    editor = writers["editor"]
    one = f"{V1}/recommendations/{find(editor)['id']}"
    editor.post(f"{one}/offices", {"office": INDUSTRY}, 1)
    evidence = [{"title": TEXT, "url": "https://example.org/1"}]
    body = {"text": TEXT, "percent": 20, "evidence": evidence}
    assert editor.post(f"{one}/reports", body, **{"Idempotency-Key": "k"}).status_code == 201
    claim = {"axis": "progress", "to": "in_progress", "note": f"见 {NUMBER}"}
    version = editor.get(one).get_json()["version"]
    assert editor.post(f"{one}/transitions", claim, version).status_code == 200
    return one


def ask(writers, words=NUMBER, reason="依本人申请"):
    return writers["registrar"].post(f"{V1}/erasures", {"words": words, "reason": reason})


def test_a_number_in_a_report_is_erased_by_two_and_stands_nowhere(writers, client, database):
    one = reported(writers)
    whole(database)
    answer = ask(writers)
    asked = answer.get_json()
    assert (answer.status_code, asked["kind"], asked["state"]) == (202, "erase_text", "pending")
    places = {(p["table"], p.get("column", p.get("field"))) for p in asked["payload"]["places"]}
    assert places == {
        ("events", "note"), ("events", "changes.evidence"), ("progress_reports", "text"),
        ("progress_reports", "evidence"),
    }  # fmt: skip
    assert asked["payload"]["kept"] == 0
    assert NUMBER in everywhere(database)
    told(decide(writers["registrar"], asked), 403)
    assert decide(writers["other_registrar"], asked).status_code == 200
    assert NUMBER not in everywhere(database)
    [report] = client.get(f"{one}/reports").get_json()["items"]
    assert (report["text"], report["percent"]) == (ERASED, 20)
    history = client.get(f"{one}/history").get_json()["items"]
    assert [e["operation"].partition(".")[2] for e in history] == [
        "created", "assigned", "reported", "progress_changed", "text_erased",
    ]  # fmt: skip
    assert [e["note"] for e in history[2:]] == [ERASED, ERASED, "依本人申请"]
    assert "两人批准" in history[4]["story_zh"]
    assert client.get(one).get_json()["progress"] == "in_progress"
    again = writers["editor"].post(
        f"{one}/reports",
        {
            "text": TEXT,
            "percent": 20,
            "evidence": [{"title": TEXT, "url": "https://example.org/1"}],
        },
        **{"Idempotency-Key": "k"},
    )
    told(again, 409)
    whole(database)
    told(ask(writers), 422, "words")


def test_what_somebody_is_still_typing_is_erased_where_the_text_stands_in_it(writers, database):
    reported(writers)

    def typing(session):
        number = session.scalar(sa.select(sa.func.min(Principal.id)))
        for address, text in (("/desk/reports", TEXT), ("/desk/late", "另一件事")):
            content = {"text": [text]}
            session.add(
                UnsentForm(principal_id=number, address=address, content=content, saved_at=utcnow())
            )

    database.count(typing)
    decide(writers["other_registrar"], ask(writers).get_json())
    left = database.read(lambda session: list(session.scalars(sa.select(UnsentForm.address))))
    assert left == ["/desk/late"]


def test_no_hash_is_left_from_which_the_text_could_be_guessed(writers, database):
    one = reported(writers)
    number = int(one.rpartition("/")[2])
    decide(writers["other_registrar"], ask(writers).get_json())

    def read(session):
        own = (Event.record_type == "recommendation", Event.record_id == number)
        *before, last = session.scalars(sa.select(Event).where(*own).order_by(Event.sequence))
        for event in before:
            assert event.record_hash is None
            salts = json.loads(event.salts)
            assert not {"record_hash", "changes.children"} & salts.keys()
            if event.note == ERASED:
                assert "note" not in salts
                assert "note" in json.loads(event.seals)
        assert last.record_hash
        assert "record_hash" in json.loads(last.salts)

    database.read(read)


@pytest.mark.parametrize(
    ("words", "reason", "field"),
    [("没有这些字的", "x", "words"), ("410", "x", "words"), (NUMBER, f"删 {NUMBER}", "reason")],
)
def test_what_cannot_be_erased_is_said(writers, database, words, reason, field):
    reported(writers)
    told(ask(writers, words, reason), 422, field)
    assert NUMBER in everywhere(database)
    whole(database)


def test_only_registrars_ask(writers):
    for name in ("editor", "auditor"):
        told(writers[name].post(f"{V1}/erasures", {"words": NUMBER, "reason": "x"}), 403)


def test_what_a_newspaper_printed_stays(writers, client, database):
    one = client.get(f"{V1}/recommendations/{find(writers['editor'])['id']}").get_json()
    words = one["passages"][0]["text"][-12:]
    assert words not in one["summary_zh"]
    problem = told(ask(writers, words), 422, "words")
    assert "1 places cannot be erased" in problem["errors"][0]["message"]
    whole(database)


def test_words_of_a_text_entered_by_hand_are_blotted_out_and_all_keeps_its_place(writers, database):
    registrar = writers["registrar"]
    text = f"关于算力的建议\n联系人电话 {NUMBER} 转。\n建设算力中心，电话 {NUMBER}。"
    asked = {
        "summary_zh": f"建设算力中心（{NUMBER}）",
        "quotes": [{"text": f"建设算力中心，电话 {NUMBER}。"}],
    }
    body = content(["liu-li"], title="关于算力的建议", text=text, recommendations=[asked])
    made = registrar.post(f"{V1}/proposals", body)
    assert made.status_code == 201, made.text
    asked = ask(writers).get_json()
    assert len(next(p for p in asked["payload"]["places"] if "spans" in p)["spans"]) == 2
    assert decide(writers["other_registrar"], asked).status_code == 200
    assert NUMBER not in everywhere(database)
    [row] = registrar.get(f"{V1}/recommendations?proposal={made.get_json()['id']}").get_json()[
        "items"
    ]
    one = registrar.get(f"{V1}/recommendations/{row['id']}").get_json()
    assert one["passages"][0]["text"] == f"建设算力中心，电话 {'█' * len(NUMBER)}。"
    assert one["summary_zh"] == ERASED
    found = registrar.get(f"{V1}/recommendations?q=建设算力中心，电话").get_json()["items"]
    assert [r["id"] for r in found] == [row["id"]]
    whole(database)


def test_what_goes_without_an_event_is_found(writers, database):
    one = reported(writers)
    number = int(one.rpartition("/")[2])

    def problems(change):
        def work(session):
            with session.begin_nested() as undone:
                change(session)
                session.flush()
                found = everything(session)
                undone.rollback()
                return found

        return database.write(work)

    def last(session):
        own = (Event.record_type == "recommendation", Event.record_id == number)
        return session.scalars(sa.select(Event).where(*own).order_by(-Event.sequence)).first()

    def forget_note(session):
        event = last(session)
        salts = json.loads(event.salts)
        del salts["note"]
        event.note, event.salts = ERASED, canonical_json(salts)

    def forget_hash(session):
        event = last(session)
        salts = json.loads(event.salts)
        del salts["record_hash"]
        event.record_hash, event.salts = None, canonical_json(salts)
        own = sa.update(Recommendation).where(Recommendation.id == number)
        session.execute(own.values(summary_zh="别的"))

    def other_report(session):
        session.scalars(sa.select(ProgressReport)).first().text = ERASED

    assert any("erased without an event" in told for told in problems(forget_note))
    found = problems(forget_hash)
    assert f"recommendation {number}: no event explains its state" in found
    assert any("a hash of it was erased" in told for told in found)
    assert problems(other_report)
    whole(database)


NOT_WRITTEN = {
    "access_keys", "buckets", "calendar_editions", "checkpoints", "corrections", "events",
    "failed_sign_ins", "label_schemes", "organizations", "passages", "persons", "principals",
    "proposers", "replays", "rule_profiles", "sealed_values", "seed_records", "sessions",
    "stretches", "tags", "tasks", "documents", "heads", "attachments", "category_schemes",
    "searched_texts", "state_periods", "unsent_forms",
}  # fmt: skip
"""Tables of curated and of reference data, of persons and accounts (which are erased by their own
ways), of what is kept for a while, and what is searched beside WRITTEN."""


def test_every_column_that_people_write_in_can_be_erased():
    known = {model.__tablename__: set(written.columns) for model, written in WRITTEN.items()}
    derived = {
        ("recommendations", "search_text"), ("approvals", "personal"), ("proposals", "categories"),
    }  # fmt: skip
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            wide = isinstance(column.type, sa.Text) or getattr(column.type, "impl", None)
            if table.name in NOT_WRITTEN or not isinstance(wide, sa.Text | bool) or not wide:
                continue
            if (table.name, column.key) not in derived:
                assert column.key in known.get(table.name, set()), f"{table.name}.{column.key}"
