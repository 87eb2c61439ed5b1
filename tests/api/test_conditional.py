"""What is known need not be sent again: every reading has a tag, and it tells all that matters."""

import gzip
from datetime import date, timedelta

import pytest

from app.http import pipeline
from app.http.security import authentication
from app.http.security.rate_limits import Limits
from app.register.recommendations.queries import recommendations as queries
from tests.support.casework import TODAY, V1, took, version_of
from tests.support.factories import INDUSTRY, Caller, find
from tools.contract import committed

TAGGED = {
    operation["operationId"]
    for item in committed()["paths"].values()
    for method, operation in item.items()
    if method == "get" and "304" in operation["responses"]
}
UNTAGGED = {"getLiveness", "getReadiness", "listApprovals", "findKeys"}
LISTS = (
    "/recommendations?tag=ai-industrial-park",
    "/proposals",
    "/tags",
    "/tags/ai-industrial-park/progress",
    "/organizations",
    "/sessions",
    "/persons",
    "/documents",
    "/commitments",
    "/replies",
    "/calendars",
    "/label-schemes",
    "/rule-profiles",
    "/references/D002",
)


EMPTY = ("/commitments", "/replies")
"""Nothing is in them, so that their tag is that of their bytes."""


@pytest.fixture
def anonymous(client):
    return Caller(client)


def tag_of(caller, path, **headers):
    answer = caller.get(f"{V1}{path}", **headers)
    assert answer.status_code == 200, answer.text
    return answer.headers["ETag"]


def known(caller, path, tag, **headers):
    return caller.get(f"{V1}{path}", **{"If-None-Match": tag, **headers})


def test_every_reading_but_those_that_change_by_themselves_has_a_tag():
    reading = {
        operation["operationId"]
        for item in committed()["paths"].values()
        for method, operation in item.items()
        if method == "get"
    }
    assert reading - TAGGED == UNTAGGED


@pytest.mark.parametrize("path", LISTS)
def test_what_is_known_is_not_sent_again(anonymous, callers, path):
    tag = tag_of(anonymous, path)
    assert tag.startswith('"' if path in EMPTY else 'W/"')
    again = known(anonymous, path, tag)
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == tag
    assert again.headers["Cache-Control"] == "private, no-cache"
    assert "Authorization" in again.headers["Vary"]
    assert known(anonymous, path, '"other", ' + tag).status_code == 304
    assert known(anonymous, path, tag.removeprefix("W/")).status_code == 304
    assert known(anonymous, path, "*").status_code == 304
    assert known(anonymous, path, '"other"').status_code == 200


def test_a_known_list_is_not_even_read(anonymous, monkeypatch):
    tag = tag_of(anonymous, "/recommendations")

    def unread(*args):
        raise AssertionError("the list was read")

    monkeypatch.setattr(queries, "listed", unread)
    assert known(anonymous, "/recommendations", tag).status_code == 304


def test_the_tag_tells_of_every_write_of_the_viewer_and_of_what_was_asked(
    callers, anonymous, proposal
):
    registrar, path = callers["registrar"], "/proposals"
    tag = tag_of(anonymous, path)
    assert tag_of(anonymous, path) == tag
    assert tag_of(registrar, path) != tag
    assert tag_of(callers["industry"], path) != tag_of(callers["data"], path)
    assert tag_of(anonymous, f"{path}?limit=3") != tag
    assert tag_of(anonymous, path, **{"Accept-Language": "zh"}) != tag
    took(registrar.patch(proposal, {"case_no": "2026-1"}, version_of(registrar, proposal)))
    assert tag_of(anonymous, path) != tag
    assert known(anonymous, path, tag).status_code == 200


def test_at_midnight_it_is_another_answer_though_nobody_wrote(anonymous, monkeypatch):
    """What is late today was not late yesterday."""
    days = {"today": date(2026, 3, 2)}
    monkeypatch.setattr(pipeline.Call, "today", lambda call: days["today"])
    path = "/recommendations?overdue=false"
    tag = tag_of(anonymous, path)
    assert known(anonymous, path, tag).status_code == 304
    days["today"] += timedelta(days=1)
    assert known(anonymous, path, tag).status_code == 200
    assert tag_of(anonymous, path) != tag


def test_a_release_is_another_answer(anonymous, monkeypatch):
    tag = tag_of(anonymous, "/tags")
    monkeypatch.setattr("app.http.answers.build", lambda: "another")
    assert known(anonymous, "/tags", tag).status_code == 200


def test_an_empty_list_has_a_tag_until_something_is_in_it(callers, anonymous):
    registrar = callers["registrar"]
    path = "/tags?q=独一无二的词"
    tag = tag_of(anonymous, path)
    assert known(anonymous, path, tag).status_code == 304
    new = {"slug": "unique", "name_zh": "独一无二的词", "name_en": "Unique", "definition": "仅此。"}
    took(registrar.post(f"{V1}/tags", new))
    again = known(anonymous, path, tag)
    assert len(took(again)["items"]) == 1


def test_vocabularies_have_the_tag_of_their_bytes(anonymous):
    for path in ("/vocabularies", "/workflows"):
        tag = tag_of(anonymous, path)
        assert not tag.startswith("W/")
        assert known(anonymous, path, tag).status_code == 304


def test_a_write_that_no_event_tells_of_is_a_write(database, anonymous):
    tag = tag_of(anonymous, "/proposals")
    database.write(lambda session: None)
    assert tag_of(anonymous, "/proposals") != tag


# -- shorter on the way ----------------------------------------------------------------------------


def test_text_is_gzipped_where_no_proxy_stands_in_front(client, anonymous):
    path, wanted = f"{V1}/recommendations", {"Accept-Encoding": "gzip"}
    plain = client.get(path)
    short = client.get(path, headers=wanted)
    assert short.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in short.headers["Vary"]
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert gzip.decompress(short.data) == plain.data
    assert len(short.data) * 3 < len(plain.data)
    assert "Content-Encoding" not in plain.headers
    one = f"{V1}/recommendations/{find(anonymous)['id']}"
    whole, packed = client.get(one), client.get(one, headers=wanted)
    assert packed.headers["ETag"] == f"W/{whole.headers['ETag']}"
    seen = {**wanted, "If-None-Match": packed.headers["ETag"]}
    assert client.get(one, headers=seen).status_code == 304
    for quality in ("gzip;q=0", "br", ""):
        refused = client.get(path, headers={"Accept-Encoding": quality})
        assert "Content-Encoding" not in refused.headers


def test_what_is_short_secret_or_behind_a_proxy_is_not_gzipped(client, app, monkeypatch, callers):
    wanted = {"Accept-Encoding": "gzip"}
    assert "Content-Encoding" not in client.get("/livez", headers=wanted).headers
    wrong = client.get(f"{V1}/recommendations?{'x' * 1200}=1", headers=wanted)
    assert "Content-Encoding" not in wrong.headers
    made = callers["registrar"].post(
        f"{V1}/tags",
        {"slug": "long", "name_zh": "长", "name_en": "Long", "definition": "长" * 900},
        **wanted,
    )
    assert made.status_code == 201
    assert "Content-Encoding" not in made.headers
    settings = app.extensions["settings"]
    monkeypatch.setitem(app.extensions, "settings", type(settings)(proxy_hops=1))
    assert "Content-Encoding" not in client.get(f"{V1}/recommendations", headers=wanted).headers


# -- readers without a key -------------------------------------------------------------------------


@pytest.fixture
def limited(app, database, client):
    """Let the register allow three requests at once to each caller; return how to send one."""
    from dataclasses import replace

    settings = replace(app.extensions["settings"], key_rate=0.01, key_burst=3)
    app.extensions["limits"] = Limits(lambda: database, settings)

    def send(address, **headers):
        return client.get(
            f"{V1}/sessions", headers=headers, environ_overrides={"REMOTE_ADDR": address}
        )

    return send


def statuses(send, address, number, **headers):
    return [send(address, **headers).status_code for _ in range(number)]


def test_readers_without_a_key_are_limited_by_their_address(limited):
    found = statuses(limited, "192.0.2.7", 8)
    assert found[:4] == [200] * 4  # one handful is lent, three are in the bucket
    assert found[-1] == 429
    refused = limited("192.0.2.7")
    assert int(refused.headers["Retry-After"]) > 0
    assert limited("192.0.2.8").status_code == 200
    assert statuses(limited, "2001:db8::1", 8)[-1] == 429
    assert limited("2001:db8::2").status_code == 429  # of the same network
    assert limited("2001:db8:1::1").status_code == 200


def test_whoever_comes_from_this_machine_is_not(limited, caplog):
    authentication.warn_of_proxy.cache_clear()
    assert statuses(limited, "127.0.0.1", 8) == [200] * 8
    assert "PROXY_HOPS" not in caplog.text
    assert statuses(limited, "127.0.0.1", 8, **{"X-Forwarded-For": "192.0.2.7"}) == [200] * 8
    assert caplog.text.count("PROXY_HOPS") == 1


# -- what is shown ---------------------------------------------------------------------------------


def test_only_the_fields_that_were_asked_for(anonymous):
    answer = anonymous.get(f"{V1}/recommendations?fields=reference&fields=progress&limit=2")
    assert answer.mimetype == "application/vnd.proposal-register.selection+json"
    page = answer.get_json(force=True)
    assert [set(item) for item in page["items"]] == [{"reference", "progress"}] * 2
    assert page["next"]
    commas = anonymous.get(f"{V1}/recommendations?fields=reference,progress&limit=2")
    assert commas.get_json(force=True)["items"] == page["items"]
    more = anonymous.get(f"{V1}/recommendations?fields=id&limit=2&cursor={page['next']}")
    assert [set(item) for item in more.get_json(force=True)["items"]] == [{"id"}] * 2
    for path in ("/proposals", "/commitments"):
        shown = anonymous.get(f"{V1}{path}?fields=id&limit=2").get_json(force=True)
        assert all(set(item) == {"id"} for item in shown["items"])
    wrong = anonymous.get(f"{V1}/recommendations?fields=colour")
    assert wrong.status_code == 422


def test_a_list_brings_along_what_the_page_of_each_shows(anonymous):
    names = ("document", "passages", "proposers", "session")
    expand = "&".join(f"expand={name}" for name in names)
    listed = took(anonymous.get(f"{V1}/recommendations?limit=5&{expand}"))["items"]
    plain = took(anonymous.get(f"{V1}/recommendations?limit=5"))["items"]
    for item, without in zip(listed, plain, strict=True):
        alone = took(anonymous.get(f"{V1}/recommendations/{item['id']}"))
        for name in names:
            assert item.pop(name) == alone[name], name
        assert item == without
    expand = "expand=passages&expand=recommendations"
    for item in took(anonymous.get(f"{V1}/proposals?limit=3&{expand}"))["items"]:
        alone = took(anonymous.get(f"{V1}/proposals/{item['id']}"))
        assert (item["passages"], item["recommendations"]) == (
            alone["passages"], alone["recommendations"]
        )  # fmt: skip
        assert item["passages"]


def test_what_is_brought_along_is_only_what_the_caller_may_see(callers, anonymous, proposal):
    """A recommendation that is hidden is in no expansion of its proposal, which is."""
    registrar = callers["registrar"]
    number = took(anonymous.get(proposal))["id"]
    path = f"{V1}/proposals?document=D002&expand=recommendations&limit=200"
    before = {item["id"]: item for item in took(anonymous.get(path))["items"]}
    assert before[number]["recommendations"]
    took(registrar.patch(proposal, {"publication": "internal"}, version_of(registrar, proposal)))
    after = {item["id"]: item for item in took(anonymous.get(path))["items"]}
    assert number not in after
    inside = {item["id"]: item for item in took(registrar.get(path))["items"]}
    assert inside[number]["recommendations"] == before[number]["recommendations"]


def test_fields_and_what_is_brought_along_go_together(anonymous):
    path = f"{V1}/recommendations?limit=2&expand=passages&fields=reference&fields=passages"
    items = anonymous.get(path).get_json(force=True)["items"]
    assert all(set(item) == {"reference", "passages"} for item in items)
    left = anonymous.get(f"{V1}/recommendations?limit=2&fields=reference&fields=passages")
    assert all(set(item) == {"reference"} for item in left.get_json(force=True)["items"])


# -- the key of the call ---------------------------------------------------------------------------


def test_the_caller_sees_the_own_key_and_its_end(callers):
    me = took(callers["industry"].get(f"{V1}/me"))
    key = me["key"]
    assert key["expires_at"] > f"{TODAY}"
    assert key["principal_id"] == me["id"]
    own = took(callers["industry"].get(f"{V1}/principals/{me['id']}/keys"))["items"]
    assert key in own
    assert me["office"]["slug"] == INDUSTRY


def test_whoever_looks_after_keys_sees_which_end_soon(callers, database):
    auditor, industry = callers["auditor"], callers["industry"]
    own = took(industry.get(f"{V1}/me"))["key"]
    ends = [item["expires_at"] for item in took(auditor.get(f"{V1}/keys?live=true"))["items"]]
    assert ends == sorted(ends)
    assert own["expires_at"] in ends
    soon = took(auditor.get(f"{V1}/keys?ends_before=2000-01-01T00:00:00Z"))
    assert soon["items"] == []
    later = took(auditor.get(f"{V1}/keys?ends_after=2000-01-01T00:00:00Z&live=false"))
    assert later["items"] == []
