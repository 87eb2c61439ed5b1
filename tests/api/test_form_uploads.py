"""Files in a form, as pages and many programs send them: the same files, limits and refusals."""

import hashlib
import io
from dataclasses import replace
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.config import Settings
from app.http.incoming import forms as product
from app.http.uploads import FORM_ROOM
from tests.support import problems
from tests.support.casework import took
from tests.support.files import address, content_of, told, upload
from tests.support.forms import BOUNDARY, NAMED, TYPE, file_part, form, part, send, value
from tests.support.papers import GOOD, PDF

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.one_database, pytest.mark.share]

LIMIT = Settings().max_file_bytes
QUOTED = quote("竣工验收报告.pdf")


@pytest.fixture
def lying(app):
    """Give a way to say what lies in the store, contents and pieces on their way in."""
    return lambda: sorted(app.extensions["store"].lying())


def test_each_kind_of_file_comes_back_out_of_a_form(callers, proposal, lead):
    for filename, content in GOOD.items():
        body = file_part(content, f'name="file"; filename="{filename}"')
        file = took(send(callers["industry"], proposal, body))
        assert (file["filename"], file["size"]) == (filename, len(content))
        assert file["sha256"] == hashlib.sha256(content).hexdigest()
        assert content_of(callers["industry"], file).data == content


def test_what_else_is_told_are_fields_of_the_form(callers, proposal, lead, client):
    office = callers["industry"]
    first = upload(office, proposal)
    fields = value("internal", "true"), value("supersedes", first["reference"])
    second = took(send(office, proposal, fields[0], file_part(PDF + b"%2\n"), fields[1]))
    assert (second["publication"], second["supersedes"]) == ("internal", first["reference"])
    other = took(send(office, proposal, file_part(PDF + b"%3\n"), query="?internal=true"))
    assert other["publication"] == "internal"


def test_a_field_that_was_not_filled_in_is_as_none(callers, proposal, lead):
    empty = [value(name, "") for name in ("supersedes", "internal", "filename")]
    file = took(send(callers["industry"], proposal, file_part(), *empty))
    assert (file["filename"], file["supersedes"]) == ("竣工验收报告.pdf", None)
    assert file["is_internal"] is False


@pytest.mark.parametrize(
    "disposition",
    [
        NAMED,
        "name=file; filename*=UTF-8''" + QUOTED,
        f"name=\"file\"; filename*=UTF-8''{QUOTED}",
        f'name="file"; filename="report.pdf"; filename*=utf-8\'\'{QUOTED}',
        f'name="file"; filename*=utf-8\'zh-CN\'{QUOTED}; filename="report.pdf"',
        'name="file"; filename="C:\\fakepath\\竣工验收报告.pdf"',
        'name="file"; filename="C:\\\\Users\\\\office\\\\竣工验收报告.pdf"',
        'name="file"; filename="/tmp/../etc/竣工验收报告.pdf"',
        'name="file"; filename="../../竣工验收报告.pdf"',
        'name="file"; filename="\\\\server\\share\\竣工验收报告.pdf"',
        f"name=\"file\"; filename*=UTF-8''..%2F%2E%2E%2F{QUOTED}",
    ],
)
def test_a_name_is_read_whichever_way_it_is_written(callers, proposal, lead, disposition):
    file = took(send(callers["industry"], proposal, file_part(disposition=disposition)))
    assert file["filename"] == "竣工验收报告.pdf"


def test_a_name_that_is_told_stands_in_the_place_of_the_parts_own(callers, proposal, lead):
    own = file_part(disposition='name="file"; filename="scan0001.tmp"')
    assert (
        took(send(callers["industry"], proposal, own, value("filename", "合同.pdf")))["filename"]
        == "合同.pdf"
    )
    asked = "?filename=%E5%90%88%E5%90%8C.pdf"
    assert took(send(callers["industry"], proposal, own, query=asked))["filename"] == "合同.pdf"


OTHER = part('name="other"; filename="a.pdf"', PDF)
REFUSED = {
    "no file": ([value("internal", "true")], {"file"}),
    "nothing": ([], {"file"}),
    "no file chosen": ([part('name="file"; filename=""')], {"file"}),
    "a file of no name": ([value("file", PDF.decode())], {"file"}),
    "two files": ([file_part(), file_part()], {"file"}),
    "two files of two names": ([file_part(), OTHER], {"file"}),
    "a file called otherwise": ([OTHER], {"other"}),
    "a name without an extension": ([part('name="file"; filename="blob"', PDF)], {"filename"}),
    "a name of another kind": ([part('name="file"; filename="a.exe"', PDF)], {"filename"}),
    "a name of nothing but folders": ([part('name="file"; filename="a/b/"', PDF)], {"filename"}),
    "a name with a sign": ([part('name="file"; filename="a|b.pdf"', PDF)], {"filename"}),
    "a name in another encoding": (
        [part("name=\"file\"; filename*=GBK''%BF%A2.pdf", PDF)], {"filename"}),
    "a name that is no text": (
        [part("name=\"file\"; filename*=UTF-8''%FF%FE.pdf", PDF)], {"filename"}),
    "a told name with a folder": ([file_part(), value("filename", "../a.pdf")], {"filename"}),
    "two names": ([file_part(), value("filename", "a.pdf"), value("filename", "b.pdf")],
                  {"filename"}),
    "a field that is none": ([file_part(), value("colour", "red")], {"colour"}),
    "a flag that is none": ([file_part(), value("internal", "perhaps")], {"internal"}),
    "a file that is absent": ([file_part(), value("supersedes", "D001-P01-F99")], {"supersedes"}),
    "what is not what it says": ([file_part(b"MZ\x90")], {"content"}),
    "empty": ([file_part(b"")], {"content"}),
    "a text of one mark": (
        [part('name="file"; filename="a.txt"', "。".encode())], {"content"}),
}  # fmt: skip
"""What is wrong → the parts of a form, and the fields that the refusal names."""


@pytest.mark.parametrize("wrong", REFUSED)
def test_what_is_wrong_in_a_form_is_named_and_leaves_nothing(callers, proposal, lead, lying, wrong):
    before, (parts, fields) = lying(), REFUSED[wrong]
    assert set(told(send(callers["industry"], proposal, *parts))) == fields
    assert lying() == before


def test_what_stands_in_the_query_and_in_the_form_is_named(callers, proposal, lead):
    answer = send(
        callers["industry"], proposal, file_part(), value("internal", "true"),
        query="?internal=false",
    )  # fmt: skip
    assert "only once" in told(answer)["internal"]
    answer = send(callers["industry"], proposal, file_part(), query="?colour=red")
    assert set(told(answer)) == {"colour"}


def test_what_is_no_form_is_said(callers, proposal, lead, lying):
    office, path, before = callers["industry"], f"{proposal}/files", lying()
    whole = form(file_part())
    for body in (PDF, whole[:-20], whole.replace(b"Content-Disposition", b"Content-Other"),
                 form(part('filename="a.pdf"', PDF)), form(part("", b"1"), file_part()),
                 form(file_part(), b"Content-Disposition: form-data; name=\xbf\xa2\r\n\r\n1\r\n"),
                 form(file_part(), part('name="internal"', b"\xff"))):  # fmt: skip
        problems.told(office.upload(path, body, TYPE), 400)
    for kind in ("multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; b"):
        problems.told(office.upload(path, whole, kind), 400)
    for kind in ("multipart/mixed; boundary=b", "application/x-www-form-urlencoded"):
        answer = office.upload(path, whole, kind)
        assert answer.status_code == 415
        assert answer.headers["Accept"] == "application/octet-stream, multipart/form-data"
    assert lying() == before


def test_a_file_in_a_form_is_as_large_as_one_that_is_the_body(callers, proposal, lead, app):
    office, usual = callers["industry"], app.extensions["settings"]
    app.extensions["settings"] = replace(usual, max_file_bytes=len(PDF))
    try:
        assert send(office, proposal, file_part()).status_code == 201
        assert send(office, proposal, file_part(PDF + b"\n")).status_code == 413
        assert send(office, proposal, file_part(PDF * 200)).status_code == 413
        assert send(office, proposal, file_part(PDF * 20_000)).status_code == 413
    finally:
        app.extensions["settings"] = usual


def test_a_file_that_is_too_large_is_not_read_to_its_end(callers, proposal, lead, lying):
    """Neither where the length is told nor where it is not; nor many parts, nor long ones."""
    before, office = lying(), callers["industry"]

    def status(body, length):
        more = {
            "wsgi.input": io.BytesIO(body),
            "wsgi.input_terminated": not length,
            "CONTENT_LENGTH": length,
            "CONTENT_TYPE": TYPE,
        }
        path = f"{proposal}/files"
        return office.client.post(path, headers=office.headers, environ_overrides=more).status_code

    assert status(b"", str(LIMIT + FORM_ROOM + 1)) == 413
    assert status(form(file_part(bytes(LIMIT + 1))), "") == 413
    assert status(form(file_part(), *[value(str(n), "1") for n in range(1000)]), "") == 413
    assert status(form(value("filename", "a" * 600_000), file_part()), "") == 413
    assert status(form(part(f'name="{"a" * 600_000}"'), file_part()), "") == 413
    assert status(b"a" * 600_000 + form(file_part()), "") == 413
    assert status(form(file_part()) + b"a" * 600_000, "") == 413
    whole = form(file_part())
    assert status(whole, str(len(whole) + 1)) == 400
    assert lying() == before


def test_a_form_that_is_sent_again_is_one_file(callers, proposal, lead):
    """What separates its parts differs each time, and does not count."""
    office, key = callers["industry"], {"Idempotency-Key": "form-1"}
    first = send(office, proposal, file_part(), value("internal", "true"), **key)
    again = send(office, proposal, value("internal", "true"), file_part(), boundary="other", **key)
    assert first.status_code == 201
    assert first.get_json() == again.get_json()
    assert again.headers["Idempotency-Replayed"] == "true"
    for parts in (
        [file_part()],
        [file_part(PDF + b" "), value("internal", "true")],
        [file_part(disposition='name="file"; filename="b.pdf"'), value("internal", "true")],
    ):
        assert send(office, proposal, *parts, **key).status_code == 422
    body = office.upload(address(proposal, "竣工验收报告.pdf", internal="true"), PDF, **key)
    assert body.status_code == 422


def test_who_may_bring_a_file_is_asked_before_a_form_is_read(
    callers, proposal, lead, monkeypatch, client
):
    def read(self, size):
        raise AssertionError("it was read")

    monkeypatch.setattr(product.FormBody, "read", read)
    assert send(callers["data"], proposal, file_part()).status_code == 403
    assert client.post(f"{proposal}/files", data=form(), content_type=TYPE).status_code == 401
    absent = proposal.rpartition("/")[0] + "/99999"
    assert send(callers["industry"], absent, file_part()).status_code == 404


def test_a_file_is_not_taken_in_without_its_name(callers, proposal, lead):
    assert set(told(callers["industry"].upload(f"{proposal}/files", PDF))) == {"filename"}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300), st.integers(0, 250))
def test_whatever_a_form_holds_is_answered(app, content, cut):
    body = form(file_part())[:cut] + content
    with app.test_request_context(
        "/", method="POST", data=body, content_type=f"multipart/form-data; boundary={BOUNDARY}"
    ):
        try:
            read = product.read_form()
        except (product.Invalid, product.Refused):
            return
        assert read.sha256 == hashlib.sha256(read.file.read()).hexdigest()
