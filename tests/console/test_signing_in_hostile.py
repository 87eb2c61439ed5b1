"""What somebody hostile sends to pages: addresses, headers, cookies, forms that are too large."""

import io
from urllib.parse import quote

import pytest
from werkzeug.datastructures import MultiDict

from app.console.calls import Refusal, Sending, ask, query_of, quoted_part, send
from app.console.forms import MOST_FIELDS, Form
from app.console.pages import SMALL_FORM
from app.console.signing_in.connections import own_address
from app.console.signing_in.visitors import Visitor
from app.core.codes import Role
from tests.support.factories import EDITOR, INDUSTRY, make_caller, make_key
from tests.support.pages import HOST

V1 = "/api/v1"
PAGES = ("/", "/sign-in", "/sign-in/exchange", "/account")
HTML = {"Accept": "text/html"}


@pytest.fixture
def asking(app):
    """Give what runs the block inside a request of nobody for a page."""
    from flask import g

    with app.test_request_context("/"):
        g.visitor = Visitor()
        yield


# -- calls inside --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "slug", ["ai-industrial-park/progress", "../tags", ".", "..", "", "a?b", "a#b", "%2e%2e", "中"]
)
def test_a_part_of_an_address_leads_to_no_other_operation(asking, slug):
    with pytest.raises(Refusal) as refused:
        ask("getTag", {"slug": slug})
    assert refused.value.status == 404
    assert "/" not in quoted_part(slug)


def test_a_value_of_a_query_adds_no_other_parameter(asking):
    assert query_of({"q": "a&publication=internal#x", "no": None}) == (
        "q=a%26publication%3Dinternal%23x"
    )
    with pytest.raises(Refusal):
        ask("listTags", limit="1&limit=2")


@pytest.mark.parametrize("once", ["a\r\nX: y", "中文", "x" * 300, "\x00"])
def test_a_name_of_a_form_is_no_header_of_another_kind(app, database, once):
    from flask import g

    from app.console.signing_in.visitors import known_by, welcome

    key = make_key(database, *EDITOR, office=INDUSTRY)
    with app.test_request_context("/"):
        welcome()
        assert not g.visitor.is_signed_in
        assert known_by("x").token == ""
        with pytest.raises(Refusal) as refused:
            send("createTag", {}, Sending({"slug": "x"}, once=once))
        assert refused.value.status in (400, 401)
    assert key


@pytest.mark.parametrize(
    "name", ["register.actor", "Register-Actor", "REGISTER_ACTOR", "X-Register-Actor"]
)
def test_no_header_says_who_acts(client, name):
    headers = {name: "1", "Cookie": f"{name}=1"}
    assert client.get(f"{V1}/me", headers=headers).status_code == 401
    assert client.get("/account", headers=headers).status_code == 303


def test_a_key_in_the_header_opens_no_page(client, database):
    headers = {"Authorization": f"Bearer {make_key(database, Role.AUDITOR)}"}
    assert client.get("/account", headers=headers).status_code == 303


# -- addresses -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "/\\/evil.example",
        "//evil.example/%2e%2e",
    ],
)
def test_an_address_that_is_none_leads_to_no_other_site(reader, path):
    answer = reader.client.get("/", headers=HTML, environ_overrides={"PATH_INFO": path})
    assert answer.status_code == 404
    page = reader.show(answer, "/")
    assert page.links
    for link in [one for one in page.links if one != "#main"]:
        assert link.startswith("/"), link
        assert not link.startswith(("//", "/\\")), link


@pytest.mark.parametrize(
    "given",
    [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil",
        "https://evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\n/evil",
        " /x",
        "//[",
        "/" + "x" * 3000,
        "x",
        "",
    ],
)
def test_an_address_given_by_others_leads_to_the_first_page(given):
    assert own_address(given) == "/"


@pytest.mark.parametrize("given", ["/", "/desk", "/offices?q=郑州&x=1", "/a//b", "/[", "/x:y"])
def test_an_address_of_ours_stays(given):
    assert own_address(given) == given


@pytest.mark.parametrize(
    "origin",
    [
        "http://[",
        "http://localhost@evil.example",
        "http://localhost.evil.example",
        "https://localhost",
        "http://localhost:81",
        "ftp://localhost",
        "localhost",
        "null",
        "http://LOCALHOST",
    ],
)
def test_an_origin_that_only_looks_like_ours_is_none(reader, database, origin):
    reader.get("/sign-in")
    fields = dict(reader.form("/sign-in")["fields"])
    fields["key"] = make_key(database, *EDITOR, office=INDUSTRY)
    answer = reader.client.post("/sign-in", data=fields, headers={"Origin": origin})
    assert answer.status_code == 403
    good = reader.client.post("/sign-in", data=fields, headers={"Referer": f"{HOST}/sign-in"})
    assert good.status_code == 303


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost:99999999", "[", "a b", "localhost\\x", "x" * 300]
)
def test_a_host_that_is_not_ours_gets_no_page_of_ours_to_send_a_key_from(reader, host):
    answer = reader.client.get("/sign-in", environ_overrides={"HTTP_HOST": host})
    assert answer.status_code in (200, 400)
    assert 'name="key"' not in answer.text
    assert host not in answer.headers.get("Location", "")


# -- cookies and languages -----------------------------------------------------------------------


@pytest.mark.parametrize("value", ["x", "<b>", "中", "'; DROP", "a" * 3000, "%00", '\\"', "a" * 43])
def test_a_cookie_that_is_none_of_ours_is_nobody(reader, value):
    for name in ("__Host-register", "__Host-guest", "__Host-way", "lang", "__Host-notice"):
        reader.client.set_cookie(name, quote(value))
    for address in PAGES:
        reader.get(address)
        assert reader.status == 200
        assert "退出" not in reader.page.text
        assert "<b>" not in reader.response.text


def test_words_that_another_host_planted_stand_on_no_page(reader):
    reader.client.set_cookie("notice", quote("请拨打 138 0000 0000"))
    assert "138" not in reader.get("/").text


@pytest.mark.parametrize("lang", ["en\r\nSet-Cookie: x=y", "fr", "en; Path=/", "中", ""])
def test_a_language_that_is_none_sets_no_cookie(reader, lang):
    answer = reader.client.get("/", query_string={"lang": lang})
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Content-Language"] == "zh-CN"


# -- methods -------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_only_read_and_sent_to_where_it_has_a_form(client, address):
    head, get = client.head(address), client.get(address)
    assert (head.status_code, head.data) == (get.status_code, b"")
    options = client.options(address)
    assert options.status_code == 200
    assert "PUT" not in options.headers["Allow"]
    for method in ("PUT", "DELETE", "PATCH", "TRACE"):
        answer = client.open(address, method=method)
        assert answer.status_code == 405
        assert "GET" in answer.headers["Allow"]


def test_a_browser_that_asks_for_where_forms_go_is_told_on_a_page(reader):
    reader.get("/sign-out")
    assert reader.status == 405
    assert reader.response.mimetype == "text/html"
    assert reader.response.headers["Allow"]
    assert "回到首页" in reader.page.text


# -- forms ---------------------------------------------------------------------------------------


def sent(reader, address, content, media="application/x-www-form-urlencoded", **more):
    headers = {"Origin": HOST, **HTML}
    return reader.client.post(address, data=content, headers=headers, content_type=media, **more)


@pytest.mark.parametrize("address", ["/sign-in", "/sign-in/exchange", "/sign-in/demonstration"])
def test_who_is_not_signed_in_sends_little(reader, address):
    answer = sent(reader, address, b"key=" + b"x" * SMALL_FORM)
    assert answer.status_code == 413
    assert answer.mimetype == "text/html"
    assert sent(reader, address, b"key=" + b"x" * (SMALL_FORM - 4)).status_code == 403


@pytest.mark.parametrize("address", ["/account/secret", "/sign-out", "/account/sign-ins/end"])
def test_a_large_form_of_who_is_not_signed_in_is_no_fault_of_ours(reader, address):
    answer = sent(reader, address, b"back=" + b"x" * SMALL_FORM)
    assert answer.status_code == 413
    assert answer.mimetype == "text/html"
    assert sent(reader, address, b"back=/account").headers["Location"].endswith("%2Faccount")
    assert sent(reader, address, b"back=//evil.example").headers["Location"].endswith("next=%2F")


def test_more_fields_than_any_form_has_are_not_taken_apart(clerk):
    clerk.get("/account")
    many = b"&".join(b"a=" for _ in range(MOST_FIELDS + 1))
    answer = sent(clerk, "/account/secret", many)
    assert answer.status_code == 413
    assert answer.mimetype == "text/html"
    few = b"&".join(b"a=" for _ in range(MOST_FIELDS))
    assert sent(clerk, "/account/secret", few).status_code == 403  # for want of its token
    assert "退出" in clerk.get("/").text


def multipart(parts):
    lines = []
    for name, content in parts:
        head = f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
        lines.append(head.encode() + content + b"\r\n")
    return b"".join(lines) + b"--x--\r\n"


def test_a_form_of_parts_has_the_same_limits(clerk, app):
    media = "multipart/form-data; boundary=x"
    clerk.get("/account")
    many = multipart((str(number), b"") for number in range(MOST_FIELDS + 1))
    assert sent(clerk, "/account/secret", many, media).status_code == 413
    most = 4 * app.extensions["settings"].max_body_bytes
    assert (
        sent(clerk, "/account/secret", multipart([("a", b"x" * (most + 1))]), media).status_code
        == 413
    )
    assert sent(clerk, "/account/secret", multipart([("a", b"x")]), media).status_code == 403
    for broken in (b"", b"--x", b"--x\r\n\r\n", b"--y--", b"--x\r\n" + b"A: b\r\n" * 2000):
        assert sent(clerk, "/account/secret", broken, media).status_code in (403, 413)
    assert sent(clerk, "/account/secret", b"x", "multipart/form-data").status_code in (400, 403)


def test_a_body_without_its_length_is_bounded_too(reader):
    endless = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    environ = {**endless, "wsgi.input": io.BytesIO(b"key=" + b"x" * SMALL_FORM * 2)}
    answer = reader.client.post(
        "/sign-in",
        headers={"Origin": HOST, **HTML},
        content_type="application/x-www-form-urlencoded",
        environ_overrides={**environ, "CONTENT_LENGTH": ""},
    )
    assert answer.status_code == 413


@pytest.mark.parametrize("typed", ["9" * 5000, "²", "٣", "-1", "1e9", "0x1", "", " "])
def test_a_number_that_is_none_is_no_fault_of_ours(typed):
    form = Form(MultiDict({"n": typed, "version": typed, f"rows.{typed}.x": "1"}))
    assert form.version is None
    assert form.number("n") in (typed, None)
    assert list(form.rows("rows")) == []


def test_rows_are_read_in_their_order_and_of_their_name_alone():
    values = MultiDict(
        {"a.10.x": "ten", "a.2.x": "two", "a": "no", "a.": "no", "a.b.2.x": "no", "b.1.x": "no"}
    )
    assert [row.text("x") for row in Form(values).rows("a")] == ["two", "ten"]
    deep = MultiDict({"p.q.0.x": "deep"})
    assert [row.text("x") for row in Form(deep).rows("p.q")] == ["deep"]


# -- how often -----------------------------------------------------------------------------------


def test_too_many_requests_are_told_on_a_page_and_when_to_come_again(app, client, database):
    from dataclasses import replace

    from app.http.security.rate_limits import Limits

    settings = replace(app.extensions["settings"], key_rate=0.1, key_burst=20)
    app.extensions["limits"] = Limits(lambda: database, settings)
    far = {"environ_overrides": {"REMOTE_ADDR": "203.0.113.9"}, "headers": HTML}
    for address in ("/sign-in", "/nothing-here", "/sign-out"):
        seen = [client.get(address, **far) for _ in range(45)]
        assert {one.status_code for one in seen[-5:]} == {429}, address
        assert int(seen[-1].headers["Retry-After"]) > 0
        assert seen[-1].mimetype == "text/html"


def test_a_clerk_is_counted_by_their_account(app, client, clerk, database):
    from dataclasses import replace

    from app.http.security.rate_limits import Limits

    settings = replace(app.extensions["settings"], key_rate=0.1, key_burst=20)
    app.extensions["limits"] = Limits(lambda: database, settings)
    statuses = [clerk.client.get("/account", headers=HTML).status_code for _ in range(25)]
    assert statuses[0] == 200
    assert statuses[-1] == 429
    other = make_caller(client, database, *EDITOR, office=INDUSTRY)
    assert other.get(f"{V1}/me").status_code == 200
