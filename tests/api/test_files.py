"""Evidence files: taken in whole or refused, shown to whom they may be, superseded, given out."""

import hashlib
import io
import random
from dataclasses import replace
from urllib.parse import quote

import pytest

from app.core.config import Settings
from app.register.files.rules.files import EMPTY, format_of, mistake
from tests.support.casework import V1, to, took, version_of, whole
from tests.support.factories import DATA, INDUSTRY, find
from tests.support.files import address, content_of, proves, report, told, upload
from tests.support.papers import BAD, GOOD, PDF, REAL
from tests.support.replies import SENT, body, move, reply_of

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.one_database, pytest.mark.share]

BREAKABLE = ["说明.docx", "台账.xlsx", "公文.ofd", "旧公文.doc", "台账.et", "截图.png", "现场.jpg"]
LIMIT = Settings().max_file_bytes


def files_of(caller, proposal):
    return [row["reference"] for row in caller.get(f"{proposal}/files").get_json()["items"]]


def reach(caller, path):
    """Return the statuses of what can be read of a file."""
    return {caller.get(f"{path}{more}").status_code for more in ("", "/content")}


@pytest.fixture
def kept(app):
    """Give a way to say whether the store holds a content."""
    return lambda content: app.extensions["store"].is_there(hashlib.sha256(content).hexdigest())


def test_each_kind_comes_back_byte_for_byte(callers, proposal, lead):
    for filename, content in GOOD.items():
        file = upload(callers["industry"], proposal, filename, content)
        assert (file["filename"], file["size"]) == (filename, len(content))
        assert file["sha256"] == hashlib.sha256(content).hexdigest()
        answer = content_of(callers["industry"], file)
        assert (answer.status_code, answer.data) == (200, content)
        assert file["media_type"] == format_of(filename).media_type
        assert answer.mimetype == "application/octet-stream"
        assert f"filename*=UTF-8''{quote(filename)}" in answer.headers["Content-Disposition"]
        assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert int(answer.headers["Content-Length"]) == len(content)


def test_a_content_that_is_known_is_not_sent_again(callers, proposal, lead):
    file = upload(callers["industry"], proposal)
    tag = content_of(callers["industry"], file).headers["ETag"]
    path = f"{V1}/files/{file['id']}/content"
    again = callers["industry"].get(path, **{"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


def test_a_reported_file_is_as_public_as_the_report(callers, proposal, lead, client, database):
    office, other = callers["industry"], callers["data"]
    file, inner = upload(office, proposal), upload(office, proposal, "合同.pdf", internal="true")
    path, inside = f"{V1}/files/{file['id']}", f"{V1}/files/{inner['id']}"
    assert reach(client, path) == reach(other, path) == {404}
    assert reach(office, path) == reach(callers["dispatcher"], path) == {200}

    shown = took(report(callers, evidence=[*proves(file), *proves(inner, "合同")]))["evidence"]
    assert shown[0] == {
        "title": "竣工验收报告",
        "file": file["reference"],
        "url": f"{path}/content",
        "sha256": file["sha256"],
    }
    assert client.get(shown[0]["url"]).data == PDF
    assert reach(client, path) == reach(other, path) == {200}
    assert reach(client, inside) == reach(other, inside) == {404}
    assert reach(office, inside) == {200}
    assert files_of(client, proposal) == [file["reference"]]
    assert files_of(office, proposal) == [file["reference"], inner["reference"]]
    assert client.get(path).get_json()["attached_to"] == ["D002-P04-R12"]

    registrar = callers["registrar"]
    took(registrar.patch(proposal, {"publication": "internal"}, version_of(registrar, proposal)))
    assert reach(client, path) == reach(other, path) == {404}
    assert reach(office, path) == {200}
    whole(database)


def test_what_proved_something_while_it_was_hidden_stays_hidden(
    callers, proposal, lead, client, database
):
    registrar = callers["registrar"]
    file = upload(callers["industry"], proposal)
    for publication in ("internal", "published"):
        body = {"publication": publication}
        took(registrar.patch(proposal, body, version_of(registrar, proposal)))
        if publication == "internal":
            took(report(callers, evidence=proves(file)))
    assert reach(client, f"{V1}/files/{file['id']}") == {404}
    assert reach(callers["industry"], f"{V1}/files/{file['id']}") == {200}
    took(report(callers, evidence=proves(file)))
    assert reach(client, f"{V1}/files/{file['id']}") == {200}
    whole(database)


def test_a_file_proves_that_it_was_carried_out(callers, proposal, client):
    report(callers)
    file = upload(callers["industry"], proposal)  # it handles a part of it, and was given nothing
    one = find(callers["industry"])
    path = f"{V1}/recommendations/{one['id']}"
    for target, more in (("in_progress", {}), ("implemented", {"evidence": proves(file)})):
        content = {"axis": "progress", "to": target, **more}
        took(callers["industry"].post(f"{path}/transitions", content, version_of(client, path)))
    reports = client.get(f"{path}/reports").get_json()["items"]
    assert reports[-1]["evidence"][0]["file"] == file["reference"]


def test_what_a_reply_brings_is_public_with_the_reply(callers, proposal, lead, client, database):
    file = upload(callers["industry"], proposal, "附件1 实施方案.docx", GOOD["说明.docx"])
    path = f"{V1}/files/{file['id']}"
    content = body(callers, proposal, promise={"text": "年底前开工"})
    content["attachments"] = proves(file, "实施方案")
    made = took(to(callers["industry"], lead, "replies", content))
    assert made["attachments"][0]["file"] == file["reference"]
    took(move(callers["dispatcher"], lead, 1, "checked"))
    took(move(callers["head"], lead, 1, "sent", **SENT))
    assert reach(client, path) == {404}

    promise = callers["industry"].get(f"{V1}/commitments").get_json()["items"][0]
    milestone = upload(callers["industry"], proposal, "开工.jpg", GOOD["现场.jpg"])
    place = f"{V1}/commitments/{promise['id']}"
    said = {"text": "选址"}
    took(callers["industry"].post(f"{place}/milestones", said, version_of(callers["head"], place)))
    reached = took(
        callers["industry"].post(
            f"{place}/milestones/1/completion",
            {"evidence": proves(milestone, "现场照片")},
            version_of(callers["head"], place),
        )
    )
    assert reached["milestones"][0]["evidence"][0]["file"] == milestone["reference"]
    assert reach(client, f"{V1}/files/{milestone['id']}") == {404}

    took(move(callers["head"], lead, 1, "published"))
    assert reply_of(client, lead).get_json()["attachments"][0]["title"] == "实施方案"
    assert reach(client, path) == reach(client, f"{V1}/files/{milestone['id']}") == {200}
    names = client.get(path).get_json()["attached_to"]
    assert names == [f"{lead['reference']}-V1"]
    whole(database)


def test_the_form_of_a_rating_is_never_public(callers, proposal, lead, client):
    content = body(callers, proposal, promise={"text": "年底前开工"})
    took(to(callers["industry"], lead, "replies", content))
    took(move(callers["dispatcher"], lead, 1, "checked"))
    for target, more in (("sent", SENT), ("published", {})):
        took(move(callers["head"], lead, 1, target, **more))
    form = upload(callers["registrar"], proposal, "反馈表.pdf")
    promise = client.get(f"{V1}/commitments").get_json()["items"][0]
    person = client.get(proposal).get_json()["proposers"][0]["slug"]
    rating = {
        "kind": "rating", "text": "评价", "proposer": person, "rating": "satisfied",
        "evidence": proves(form),
    }  # fmt: skip
    place = f"{V1}/commitments/{promise['id']}"
    took(callers["registrar"].post(f"{place}/remarks", rating, version_of(client, place)))
    assert reach(client, f"{V1}/files/{form['id']}") == {404}
    assert reach(callers["head"], f"{V1}/files/{form['id']}") == {200}


def test_a_newer_file_takes_the_place_and_both_stay(callers, proposal, lead, client, database):
    office = callers["industry"]
    first = upload(office, proposal)
    took(report(callers, evidence=proves(first)))
    second = upload(
        office, proposal, "竣工验收报告（更正）.pdf", PDF + b"%2\n", supersedes=first["reference"]
    )
    assert (second["supersedes"], second["attached_to"]) == (first["reference"], ["D002-P04-R12"])
    old = client.get(f"{V1}/files/{first['id']}").get_json()
    assert old["superseded_by"] == second["reference"]
    assert content_of(client, first).data == PDF
    assert content_of(client, second).data == PDF + b"%2\n"

    again = office.upload(address(proposal, "c.pdf", supersedes=first["reference"]), PDF)
    assert "superseded by" in told(again)["supersedes"]
    assert "superseded by" in told(report(callers, evidence=proves(first)))["evidence.0.file"]
    theirs = callers["registrar"].upload(
        address(proposal, "c.pdf", supersedes=second["reference"]), PDF
    )
    assert "another office" in told(theirs)["supersedes"]
    whole(database)


def test_evidence_names_a_file_of_its_own_proposal(callers, proposal, lead):
    own = upload(callers["industry"], proposal)
    other = f"{V1}/proposals/{int(proposal.rpartition('/')[2]) + 1}"
    took(callers["dispatcher"].post(f"{other}/assignments", {"office": INDUSTRY, "role": "lead"}))
    foreign = upload(callers["industry"], other)
    evidence = [
        {"title": "无"},
        {"title": "两样", "url": "https://example.org/", "file": own["reference"]},
    ]
    found = told(report(callers, evidence=evidence))
    assert set(found) == {"evidence.0.url", "evidence.1.url"}
    wrong = [*proves(foreign), *proves({"reference": "D001-P01-F99"})]
    found = told(report(callers, evidence=wrong))
    assert "another proposal" in found["evidence.0.file"]
    assert "no D001-P01-F99" in found["evidence.1.file"]


@pytest.mark.parametrize("what", REAL)
def test_what_programs_of_offices_write_is_taken(what):
    filename, content = REAL[what]
    assert mistake(format_of(filename), io.BytesIO(content)) is None


@pytest.mark.parametrize(
    ("wrong", "part", "right"),
    [
        ("macros under another name", "word/theme/theme9.bin", "另存为不含宏的文件"),
        ("macros by their type", "/word/a.bin", "另存为不含宏的文件"),
        ("a sheet of macros by its type", "/xl/worksheets/sheet2.xml", "另存为不含宏的文件"),
        ("a table with macros in a document", "xl/a.bin", "另存为不含宏的文件"),
        ("relations with a DOCTYPE", "word/_rels/a.xml.rels", "重新另存"),
        ("controls", "activeX/activeX1.xml", "删去控件"),
        ("a template of the network", "word/_rels/settings.xml.rels", "本机模板"),
        ("an old document", "", "另存为 .docx"),
        ("a document called a table", "Excel", "检查扩展名"),
        ("a document whose main part is not there", "word/absent.xml", "重新另存"),
        ("a document whose main part is outside", "../word", "重新另存"),
        ("a document of two main parts", "_rels/.rels", "重新另存"),
        ("relations of the whole with a DOCTYPE", "_rels/.rels", "重新另存"),
        ("an older text with macros", "Macros", "另存为不含宏的文件"),
        ("an older table with a sheet of macros", "宏", "另存为不含宏的文件"),
        ("an older text with a control", "OCXNAME", "删去控件"),
        ("an older text with a password", "", "去掉密码"),
        ("a page called an older text", "Word", "检查扩展名"),
        ("a program in an OFD", "Doc_0/Res/a.png", "删去"),
        ("a PDF within a line", "1024", "重新导出"),
        ("a PDF of one line", "%%EOF", "重新导出"),
        ("a picture of any size", "65535", "像素"),
        ("text of another encoding", "UTF-8", "另存为 UTF-8"),
    ],
)
def test_a_refusal_says_which_part_is_wrong_and_what_would_be_right(wrong, part, right):
    filename, content = BAD[wrong]
    zh, en = mistake(format_of(filename), io.BytesIO(content))
    assert part in zh
    assert right in zh
    assert part in en


@pytest.mark.parametrize("wrong", [wrong for wrong in BAD if wrong.startswith("a text of")])
def test_a_text_that_shows_nothing_is_as_empty_as_one_of_no_bytes(wrong):
    filename, content = BAD[wrong]
    assert mistake(format_of(filename), io.BytesIO(content)) == EMPTY


@pytest.mark.parametrize("wrong", BAD)
def test_what_is_not_what_it_says_is_told(wrong):
    filename, content = BAD[wrong]
    assert mistake(format_of(filename), io.BytesIO(content)) is not None


def test_what_is_not_what_it_says_is_refused_and_not_kept(callers, proposal, lead, kept):
    for filename, content in BAD.values():
        answer = callers["industry"].upload(address(proposal, filename), content)
        assert set(told(answer)) == {"content"}
        assert not kept(content)
    assert files_of(callers["industry"], proposal) == []


@pytest.mark.parametrize(
    "filename",
    ["a.ppt", "a.exe", "a", "pdf", ".", "a.pdf.html", "../a.pdf", "a/b.pdf", "a\\b.pdf", "C:a.pdf",
     "a|b.pdf", 'a"b.pdf', "a\u202egpj.pdf", "a\x00.pdf", "a\r\n.pdf", " ", "长" * 197 + ".pdf"],
)  # fmt: skip
def test_a_name_that_is_none_is_refused(callers, proposal, lead, filename):
    answer = callers["industry"].upload(address(proposal, filename), PDF)
    assert set(told(answer)) == {"filename"}


def test_the_longest_name_comes_back(callers, proposal, lead):
    filename = "长" * 196 + ".pdf"
    file = upload(callers["industry"], proposal, filename)
    assert quote(filename) in content_of(callers["industry"], file).headers["Content-Disposition"]


@pytest.mark.parametrize("filename", BREAKABLE)
def test_a_broken_file_is_a_clear_answer(filename):
    random.seed(1)
    document, refused = bytearray(GOOD[filename]), 0
    for _ in range(1000):
        broken = document.copy()
        for _ in range(random.randrange(1, 12)):
            broken[random.randrange(len(broken))] = random.randrange(256)
        sentence = mistake(format_of(filename), io.BytesIO(bytes(broken)))
        assert sentence is None or len(sentence) == 2
        refused += sentence is not None
    assert refused


def test_a_body_is_a_file_of_a_size(callers, proposal, lead, app, client):
    office, path = callers["industry"], address(proposal, "a.pdf")
    taken = "application/octet-stream, multipart/form-data"
    for kind in ("application/json", "application/pdf", "multipart/mixed; boundary=b", ""):
        answer = office.upload(path, PDF, kind)
        assert (answer.status_code, answer.headers["Accept"]) == (415, taken)
    sent = {**office.headers, "Content-Type": "application/octet-stream"}

    def says(length):
        more = {"CONTENT_LENGTH": length, "wsgi.input_terminated": not length}
        return client.post(path, data=PDF, headers=sent, environ_overrides=more).status_code

    assert says(str(LIMIT + 1)) == 413
    assert says(str(len(PDF) + 1)) == 400
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, max_file_bytes=len(PDF))
    try:
        assert office.upload(path, PDF).status_code == 201
        assert office.upload(path, PDF + b" ").status_code == 413
        app.extensions["settings"] = replace(settings, max_file_bytes=len(PDF) - 1)
        assert says("") == 413
    finally:
        app.extensions["settings"] = settings


def test_who_may_bring_a_file(callers, proposal, lead, client):
    path = address(proposal, "a.pdf")
    assert client.post(path, data=PDF).status_code == 401
    assert callers["data"].upload(path, PDF).status_code == 403
    assert callers["auditor"].upload(path, PDF).status_code == 403
    assert (
        callers["industry"].upload(address(f"{V1}/proposals/99999", "a.pdf"), PDF).status_code
        == 404
    )
    assert callers["supervisor"].upload(path, PDF).status_code == 201
    took(callers["dispatcher"].post(f"{proposal}/assignments", {"office": DATA, "role": "joint"}))
    assert callers["data"].upload(path, PDF).status_code == 201


def test_an_office_cannot_let_itself_in(callers, proposal, lead, client):
    """Whom the lead names beside it was given nothing: it opens no one else's files."""
    theirs = upload(callers["industry"], proposal)
    one = find(callers["data"])
    path = f"{V1}/recommendations/{one['id']}"
    joint = {"office": DATA, "role": "joint"}
    assert callers["data"].post(f"{path}/offices", joint, one["version"]).status_code == 403
    took(callers["industry"].post(f"{path}/offices", joint, one["version"]))
    assert reach(callers["data"], f"{V1}/files/{theirs['id']}") == {404}
    mine = upload(callers["data"], proposal)
    assert reach(callers["data"], f"{V1}/files/{mine['id']}") == {200}
    assert files_of(callers["data"], proposal) == [mine["reference"]]


def test_an_office_makes_no_other_offices_file_public(callers, proposal, lead, client):
    took(callers["dispatcher"].post(f"{proposal}/assignments", {"office": DATA, "role": "joint"}))
    theirs = upload(callers["data"], proposal)
    assert reach(callers["industry"], f"{V1}/files/{theirs['id']}") == {200}
    refused = told(report(callers, evidence=proves(theirs)))
    assert "another office" in refused["evidence.0.file"]
    assert reach(client, f"{V1}/files/{theirs['id']}") == {404}


def test_a_key_to_repeat_covers_how_a_file_is_called(callers, proposal, lead):
    key = {"Idempotency-Key": "scan-2"}
    took(callers["industry"].upload(address(proposal, "a.pdf"), PDF, **key))
    other = callers["industry"].upload(address(proposal, "a.pdf", internal="true"), PDF, **key)
    assert other.status_code == 422


def test_a_file_that_is_sent_again_is_one_file(callers, proposal, lead):
    key, path = {"Idempotency-Key": "scan-1"}, address(proposal, "a.pdf")
    first, again = (callers["industry"].upload(path, PDF, **key) for _ in range(2))
    assert first.get_json() == again.get_json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert callers["industry"].upload(path, PDF + b" ", **key).status_code == 422
    assert len(files_of(callers["industry"], proposal)) == 1


def test_a_content_that_the_store_lost_is_said(callers, proposal, lead, app):
    content = PDF + b"%lost\n"
    file = upload(callers["industry"], proposal, content=content)
    store = app.extensions["store"]
    store.fs.rm(store.place(file["sha256"]))
    answer = content_of(callers["industry"], file)
    assert answer.status_code == 503
    assert answer.get_json()["type"].endswith("store-unavailable")
    assert content_of(
        callers["industry"], upload(callers["industry"], proposal, content=content)
    ).data
