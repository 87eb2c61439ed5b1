"""The parts of a demonstration: where they are offered, and where never."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from app.accounts.services.keys import revoke_key
from app.commands.demo import demonstration_keys
from app.core.codes import Role
from app.models import AccessKey
from tests.support.factories import OPERATOR, make_key
from tests.support.pages import HOST

FAR = {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture
def keys(app, database, tmp_path, monkeypatch):
    """Give the file with the keys of a demonstration that `make run` serves."""
    path = tmp_path / "demo-keys.txt"
    demonstration_keys(database, OPERATOR, path)
    settings = replace(app.extensions["settings"], demo_keys=path)
    monkeypatch.setitem(app.extensions, "settings", settings)
    return path


def is_offered(reader, **asked):
    answer = reader.client.get("/sign-in", **asked)
    assert answer.status_code == 200
    return "/sign-in/demonstration" in answer.text


def chosen(reader, part, **asked):
    """Return the answer to who chooses *part* with a form that is good."""
    reader.get("/sign-in")
    fields = dict(reader.form("/sign-in/demonstration")["fields"])
    return reader.client.post(
        "/sign-in/demonstration", data=fields | {"part": part}, headers={"Origin": HOST}, **asked
    )


def test_one_button_signs_in_as_each_part(app, keys, database):
    from tests.support.pages import Reader

    reader = Reader(app.test_client())
    page = reader.get("/sign-in?next=/account")
    buttons = reader.form("/sign-in/demonstration")["buttons"]
    assert len(buttons) == 10
    for word in ("承办单位经办人", "承办单位负责人", "交办人员", "督办核验人员", "登记管理员",
                 "安全管理员", "审计人员"):  # fmt: skip
        assert word in page.text
    for button in buttons:
        reader.get("/sign-in?next=/account")
        reader.submit("/sign-in/demonstration", press=button)
        assert reader.address == "/account"
        assert "演示" in reader.page.text
    assert "office editor" in Reader(app.test_client(), "en").get("/sign-in").text


def test_no_key_is_shown(reader, keys):
    reader.get("/sign-in")
    assert "prk_" not in reader.response.text.replace("以 prk_ 开头", "")


def test_no_key_is_offered_where_the_settings_name_none(app, reader, keys, monkeypatch):
    assert is_offered(reader)
    settings = replace(app.extensions["settings"], demo_keys=None)
    monkeypatch.setitem(app.extensions, "settings", settings)
    assert not is_offered(reader)


def test_nothing_is_offered_where_a_real_account_stands(reader, keys, database):
    assert is_offered(reader)
    make_key(database, Role.READER)
    assert not is_offered(reader)
    make_key(database, Role.READER)
    assert reader.client.post("/sign-in/demonstration").status_code == 403


def test_a_part_chosen_before_a_real_account_came_is_refused(reader, keys, database):
    reader.get("/sign-in")
    fields = dict(reader.form("/sign-in/demonstration")["fields"])
    make_key(database, Role.READER)
    answer = reader.client.post(
        "/sign-in/demonstration", data=fields | {"part": "ADMIN"}, headers={"Origin": HOST}
    )
    assert answer.status_code == 404
    assert "Set-Cookie" not in answer.headers


def test_only_this_very_machine_or_https_is_offered_a_part(reader, keys):
    assert is_offered(reader)
    assert not is_offered(reader, environ_overrides=FAR)  # whatever Host it names
    assert not is_offered(reader, headers={"Host": "register.example"})
    assert is_offered(reader, base_url="https://register.example", environ_overrides=FAR)
    answer = chosen(reader, "ADMIN", environ_overrides=FAR)
    assert answer.status_code == 404
    assert "__Host-register" not in str(answer.headers)


def test_a_file_that_is_gone_or_open_to_others_offers_nothing(reader, keys):
    content = keys.read_text()
    keys.chmod(0o604)
    assert not is_offered(reader)
    keys.unlink()
    assert not is_offered(reader)
    for wrong in (b"\xff\xfe", b"", b"EDITOR=prk_x\n", b"x" * 20_000):
        keys.write_bytes(wrong)
        keys.chmod(0o600)
        assert not is_offered(reader)
    keys.write_text(content)
    assert is_offered(reader)


def test_a_part_whose_key_has_ended_is_not_offered(reader, keys, database):
    def end(session):
        first = session.scalar(sa.select(AccessKey).order_by(AccessKey.id).limit(1))
        revoke_key(session, OPERATOR, first)

    database.write(end)
    reader.get("/sign-in")
    buttons = {value for _, value in reader.form("/sign-in/demonstration")["buttons"]}
    assert len(buttons) == 9
    assert "EDITOR" not in buttons
    assert chosen(reader, "EDITOR").status_code == 404


@pytest.mark.parametrize("part", ["", "KING", "editor", "EDITOR=", "../x"])
def test_a_part_that_is_none_is_refused(reader, keys, part):
    assert chosen(reader, part).status_code == 404


def test_no_other_site_chooses_a_part(reader, keys):
    reader.get("/sign-in")
    fields = dict(reader.form("/sign-in/demonstration")["fields"]) | {"part": "ADMIN"}
    for data, origin in (
        (fields, "https://evil.example"),
        (fields, "null"),
        ({"part": "ADMIN"}, HOST),
        (fields | {"form_token": reader.form("/sign-in")["fields"][0][1]}, HOST),
    ):
        answer = reader.client.post("/sign-in/demonstration", data=data, headers={"Origin": origin})
        assert answer.status_code == 403
        assert "__Host-register" not in str(answer.headers)
