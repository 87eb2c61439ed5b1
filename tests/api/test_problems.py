"""What comes in wrong, and the clear answer to it; nothing is changed, and never a 500."""

import base64
import hashlib
import json

import pytest
import sqlalchemy as sa
from marshmallow import fields
from sqlalchemy.exc import DBAPIError

from app.core import database as app_database
from app.core.codes import Role
from app.core.schemas import date_fields, filters, messages, output_fields, paging
from app.core.schemas import fields as own
from app.core.schemas.fields import Input
from app.http.problems import Refused
from app.http.requests import read_body
from app.models import Event
from app.register.documents import schemas as documents
from app.register.files import schemas as files
from app.register.people.schemas import persons as people
from app.register.recommendations.schemas import recommendations, reports, tagging
from app.register.tags.schemas import tags
from tests.support.factories import INDUSTRY, Caller, find, make_caller
from tests.support.problems import told

pytestmark = pytest.mark.one_database

V1 = "/api/v1"
ALL_ROLES = (Role.OFFICE_EDITOR, Role.SUPERVISOR, Role.REGISTRAR)


@pytest.fixture
def caller(client, database):
    return make_caller(client, database, *ALL_ROLES, office=INDUSTRY)


@pytest.fixture
def one(caller):
    found = find(caller)
    caller.post(f"{V1}/recommendations/{found['id']}/offices", {"office": INDUSTRY}, 1)
    return f"{V1}/recommendations/{found['id']}"


@pytest.fixture
def unchanged(database):
    """Check after the test that nothing was done meanwhile."""
    done = sa.select(sa.func.max(Event.sequence)).where(Event.outcome == "done")

    def sequence():
        return database.read(lambda session: session.scalar(done))

    state = {}
    yield lambda: state.update(before=sequence())
    assert sequence() == state["before"]


# values by kind of field, as they come in a JSON body
TEXTS = ["a\u0000b", "\ud800", "  ", "", "a\u202eb", "a\u200bb", 7, None, [], {}, True, "长" * 9000]
BAD = {
    own.Slug: [*TEXTS, "Über", "a_b", "-a", "a--b", "abc\n"],
    own.Link: [*TEXTS, "javascript:alert(1)", "ftp://x", "https://", "https://u@h/", "a b"],
    own.Text: TEXTS,
    own.Line: [*TEXTS, "a\nb"],
    own.Number: [2.5, "1", "１", True, -1, 2**63, 10**19, None, [], "x"],
    own.Code: ["nope", "", 7, None, [], {}],
    date_fields.Day: [
        "2024-W01-1",
        "2024-02-30",
        "20240101",
        "0001-01-01",
        "9999-12-31",
        7,
        "",
        [],
        "x",
    ],
    own.Items: [{}, "x", 7, None, [None] * 2000, [[]], [{"a": 1}]],
}
BODIES = {
    ("PATCH", ""): (recommendations.RecommendationEditInputSchema, True, {}),
    ("POST", "/transitions"): (
        recommendations.RecommendationStepInputSchema,
        True,
        {"axis": "progress", "to": "planned"},
    ),
    ("POST", "/reports"): (reports.ReportInputSchema, False, {"text": "进展"}),
    ("POST", "/tags"): (tagging.TagChangeInputSchema, True, {}),
    ("POST", "/offices"): (recommendations.TakeOnInputSchema, True, {"office": INDUSTRY}),
}


def bad_values(field):
    kind = next(k for k in (*type(field).__mro__,) if k in BAD)
    values = BAD[kind]
    return [v for v in values if not (v is None and field.allow_none)]


CASES = [
    (method, place, name, value)
    for (method, place), (schema, _, _) in BODIES.items()
    for name, field in schema().fields.items()
    for value in bad_values(field)
]


def shown(case):
    method, place, name, value = case
    return f"{method}{place}-{name}-{ascii(value)[:24]}"


@pytest.mark.share
@pytest.mark.parametrize("case", CASES, ids=shown)
def test_each_field_refuses_what_it_cannot_hold(caller, one, unchanged, case):
    method, place, name, value = case
    _, versioned, valid = BODIES[method, place]
    unchanged()
    body = json.dumps({**valid, name: value})
    headers = {"If-Match": '"v2"'} if versioned else {}
    answer = caller.client.open(
        one + place,
        method=method,
        data=body,
        headers={**caller.headers, **headers, "Content-Type": "application/json"},
    )
    if isinstance(value, int) and not isinstance(value, bool) and len(str(value)) > 20:
        told(answer, 400)
        return
    problem = told(answer, 422)
    assert problem["errors"][0]["field"].split(".")[0] == name
    assert len(problem["errors"]) <= 50


RAW = [
    (b"\xff", 400),
    (b"\xed\xa0\x80", 400),
    ("提案".encode("gbk"), 400),
    (b"\xef\xbb\xbf{}", 400),
    (b"", 400),
    (b"{", 400),
    (b'{"text":"a","text":"b"}', 400),
    (b"[" * 100_000, 400),
    (b'{"a":' * 5000, 400),
    (b'{"percent":' + b"9" * 5000 + b"}", 400),
    (b'{"percent":NaN}', 400),
    (b'{"percent":Infinity}', 400),
    (b'{"percent":1e400}', 400),
    (b'{"\\ud800":1}', 400),
    (b'"' + b'\\"' * 200_000, 400),
    (b'{"text":"a","percent":1e30}', 422),
    (b"[]", 422),
    (b"null", 422),
    (b'"x"', 422),
    (b"7", 422),
    (b'{"text":"a","id":7}', 422),
    (b'{"text":"a","is_admin":true}', 422),
    (b'{"text":"' + b"a" * (1024 * 1024) + b'"}', 413),
]


@pytest.mark.parametrize(("body", "status"), RAW, ids=lambda v: ascii(v)[:24])
def test_a_body_is_read_strictly(caller, one, unchanged, body, status):
    unchanged()
    headers = {**caller.headers, "Content-Type": "application/json"}
    told(caller.client.post(f"{one}/reports", data=body, headers=headers), status)


def test_a_body_that_breaks_off_is_refused(app, unchanged):
    class Broken:
        def read(self, size=-1):
            raise OSError("a chunk of no size")

    with app.test_request_context(json={}) as context:
        context.request.stream = Broken()
        unchanged()
        with pytest.raises(Refused) as refused:
            read_body()
    assert refused.value.status == 400


def test_a_note_survives_a_second_attempt(client, database, monkeypatch):
    caller = make_caller(client, database, Role.REGISTRAR)
    found = find(caller)
    commit, tries = app_database.commit, []

    def failing_once(session):
        tries.append(1)
        if len(tries) == 1:
            raise DBAPIError("", {}, Deadlock())
        commit(session)

    monkeypatch.setattr(app_database, "commit", failing_once)
    path = f"{V1}/recommendations/{found['id']}"
    body = {"due_on": "2099-01-01", "note": "按纪要"}
    assert caller.patch(path, body, 1).status_code == 200
    last = caller.get(f"{path}/history").get_json()["items"][-1]
    assert (len(tries), last["note"], last["record_version"]) == (2, "按纪要", 2)


class Deadlock(Exception):
    sqlstate = "40P01"


def forged(path, *values):
    """Return a cursor as anybody could make it."""
    named = {"narrower": "True", "sort": "updated_at"} if len(values) > 1 else {}
    text = json.dumps([path, list(values), sorted(named.items())], ensure_ascii=False)
    mark = hashlib.sha256(text.encode()).hexdigest()[:12]
    content = json.dumps([mark, *values]).encode()
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


@pytest.mark.parametrize(
    "values",
    [("9" * 30,), ("2026-01-01T00:00:00", "1"), ("0001-01-01T00:00:00+14:00", "1"), ("x", "y")],
)
def test_a_forged_cursor_is_refused(client, values):
    lists = f"{V1}/recommendations" if len(values) > 1 else f"{V1}/sessions"
    cursor = forged(lists, *values)
    sort = "&sort=updated_at" if len(values) > 1 else ""
    told(client.get(f"{lists}?cursor={cursor}{sort}"), 422, "cursor")


def test_a_cursor_belongs_to_its_list(client):
    cursor = client.get(f"{V1}/sessions?limit=1").get_json()["next"]
    assert client.get(f"{V1}/sessions?limit=1&cursor={cursor}").status_code == 200
    told(client.get(f"{V1}/persons?limit=1&cursor={cursor}"), 422, "cursor")


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "", "application/vnd.x+json"],
)
def test_a_body_that_is_no_json_is_415(caller, one, unchanged, content_type):
    unchanged()
    headers = {**caller.headers, "Content-Type": content_type}
    told(caller.client.post(f"{one}/reports", data=b'{"text":"a"}', headers=headers), 415)


QUERIES = [
    ("limit=0", "limit"),
    ("limit=201", "limit"),
    ("limit=-1", "limit"),
    ("limit=9223372036854775808", "limit"),
    ("limit=1_0", "limit"),
    ("limit=１２", "limit"),
    ("limit=+5", "limit"),
    ("limit=", "limit"),
    ("limit=1&limit=zzz", "limit"),
    ("offset=3", "offset"),
    ("stauts=done", "stauts"),
    ("progress=done", "progress"),
    ("sort=password_hash", "sort"),
    ("sort=id;drop", "sort"),
    ("q=%00", "q"),
    ("q=", "q"),
    ("q=%E2%80%AE", "q"),
    ("tag=nope", "tag"),
    ("tag=NOPE", "tag"),
    ("office=nope", "office"),
    ("session=nope", "session"),
    ("proposer=nope", "proposer"),
    ("document=x", "document"),
    ("document=0", "document"),
    ("overdue=yes", "overdue"),
    ("overdue=1", "overdue"),
    ("due_before=2024-1-1", "due_before"),
    ("updated_since=2024-01-01", "updated_since"),
    ("updated_since=2024-01-01T00:00:00", "updated_since"),
    ("updated_since=20240101T000000Z", "updated_since"),
    ("updated_since=2024-01-01T00:00:00.123456789Z", "updated_since"),
    ("updated_since=0001-01-01T00:00:00%2B14:00", "updated_since"),
    ("updated_since=9999-12-31T23:59:59-14:00", "updated_since"),
    ("cursor=abc", "cursor"),
    ("cursor=" + "a" * 2000, "cursor"),
    ("narrower=maybe", "narrower"),
]


@pytest.mark.parametrize(("query", "field"), QUERIES, ids=[q[:40] for q, _ in QUERIES])
def test_each_query_that_is_wrong_is_named(client, query, field):
    told(client.get(f"{V1}/recommendations?{query}"), 422, field)


def test_a_query_that_is_no_utf8_is_400(client):
    told(client.get(f"{V1}/recommendations?q=%ff"), 400)


@pytest.mark.parametrize("number", ["0", "01", "-1", "１", "x", "9" * 30, str(2**31), "1.0", "%00"])
def test_a_number_that_stands_for_nothing_is_404(client, number):
    told(client.get(f"{V1}/recommendations/{number}"), 404)
    told(client.get(f"{V1}/documents/{number}/text"), 404)


def test_methods_that_are_not_there_are_405_with_allow(client):
    answer = client.delete(f"{V1}/recommendations/1")
    told(answer, 405)
    assert {"GET", "PATCH"} <= set(answer.headers["Allow"].split(", "))
    told(client.open(f"{V1}/recommendations", method="TRACE"), 405)


def test_options_and_head_answer_without_a_body(client):
    assert "GET" in client.options(f"{V1}/recommendations").headers["Allow"]
    head = client.head(f"{V1}/recommendations")
    assert (head.status_code, head.data) == (200, b"")


def test_without_a_key_nothing_is_written(client, one, unchanged):
    unchanged()
    for key in (None, "nonsense", "prk_" + "a" * 43):
        answer = Caller(client, key).post(f"{one}/reports", {"text": "a"})
        told(answer, 401)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    basic = client.get(V1 + "/me", headers={"Authorization": "Basic abc"})
    told(basic, 401)


def test_the_order_of_the_checks(client, database, caller, one, unchanged):
    reader = make_caller(client, database, Role.READER)
    stranger = make_caller(client, database, Role.OFFICE_EDITOR, office="zhengzhou-data")
    unchanged()
    place = f"{one}/transitions"
    plain = {"data": b"{", "headers": {"Content-Type": "text/plain"}}

    def sent(who, path=place, data=b"{}", kind="application/json", **headers):
        headers = {**who.headers, "Content-Type": kind, **headers}
        return client.post(path, data=data, headers=headers).status_code

    assert client.post(f"{V1}/recommendations/999999/transitions", **plain).status_code == 401
    assert sent(reader, f"{V1}/recommendations/999999/transitions", b"{", "text/plain") == 404
    assert sent(reader, data=b"{", kind="text/plain") == 403
    assert sent(caller, data=b"{", kind="text/plain") == 415
    assert sent(caller, data=b"{") == 400
    assert sent(caller) == 428
    assert sent(caller, **{"If-Match": "v1"}) == 400
    assert sent(caller, **{"If-Match": '"v1"'}) == 422
    assert sent(stranger, data=b"{") == 403
    valid = json.dumps({"axis": "progress", "to": "verified"}).encode()
    assert sent(caller, data=valid, **{"If-Match": '"v1"'}) == 412
    assert sent(caller, data=valid, **{"If-Match": '"v2"'}) == 409


def test_a_version_must_be_said(caller, one, unchanged):
    unchanged()
    answer = caller.client.patch(one, json={"due_on": "2099-01-01"}, headers=caller.headers)
    told(answer, 428)


@pytest.mark.parametrize("tag", ["*", " * "])
def test_any_version_will_do_where_the_caller_says_so(caller, one, tag):
    headers = {**caller.headers, "If-Match": tag}
    answer = caller.client.patch(one, json={"due_on": "2099-01-01"}, headers=headers)
    assert answer.status_code == 200


def test_a_weak_tag_of_our_own_is_taken(caller, one):
    answer = caller.client.patch(
        one, json={"due_on": "2099-01-01"}, headers={**caller.headers, "If-Match": 'W/"v2"'}
    )
    assert answer.status_code == 200


def test_problems_speak_the_callers_language(client):
    for language, detail in (("zh-CN,zh;q=0.9", "没有找到"), ("en", "There is no such record")):
        answer = client.get(f"{V1}/recommendations/999999", headers={"Accept-Language": language})
        assert detail in told(answer, 404)["detail"]
    default = client.get(f"{V1}/recommendations?limit=0")
    assert default.get_json()["errors"] == [{"field": "limit", "message": "必须在 1 到 200 之间"}]


def test_every_message_has_both_languages():
    for kind in (
        *BAD,
        date_fields.Instant,
        own.Flag,
        own.Choice,
        output_fields.Object,
        filters.Several,
    ):
        for name, message in kind.default_error_messages.items():
            if kind.__module__ == own.__name__ and name in vars(kind).get(
                "default_error_messages", {}
            ):
                assert messages.SEPARATOR in message, (kind, name)


def schemas_of(base):
    for schema in base.__subclasses__():
        yield schema
        yield from schemas_of(schema)


def test_no_input_lets_anything_unknown_through():
    assert documents
    assert people
    assert paging
    assert tags
    for schema in schemas_of(Input):
        assert schema().unknown == "raise"
        for name, field in schema().fields.items():
            kinds = (own.Line, own.Number, own.Flag, own.Code, own.Choice, date_fields.Day)
            known = (*kinds, date_fields.Instant, own.Items, fields.Nested, files.FilePart)
            single = field.inner if isinstance(field, filters.Several) else field
            assert isinstance(single, known), (schema, name)


def test_an_error_of_ours_tells_nothing_but_its_number(app, client, monkeypatch):
    from app.register.recommendations.queries import recommendations as queries

    def broken(*args, **kwargs):
        raise RuntimeError("the secret path /etc/passwd")

    monkeypatch.setattr(queries, "listed", broken)
    answer = client.get(f"{V1}/recommendations")
    assert "secret" not in told(answer, 500)["detail"]


def test_a_foreign_host_is_refused_where_hosts_are_named(app, client):
    app.config["TRUSTED_HOSTS"] = ["localhost"]
    try:
        answer = client.get(f"{V1}/recommendations", headers={"Host": "evil.example"})
        told(answer, 400)
    finally:
        app.config["TRUSTED_HOSTS"] = None


def test_no_page_of_another_origin_may_read(client):
    answer = client.get(f"{V1}/recommendations", headers={"Origin": "https://evil.example"})
    assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]
