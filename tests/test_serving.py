"""The register as gunicorn serves it by its own settings: what callers can do to it from outside.

Nothing here depends on the kind of database.
"""

import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from contextlib import ExitStack, closing, contextmanager

import pytest
from httplint import HttpResponseLinter

from app.audit.signing import make_signer
from app.core.codes import Role
from app.core.config import ROOT, Settings
from app.core.database import Database
from drills.servers import PATIENCE, free_port, wait_until
from tests.support.factories import INDUSTRY, make_key
from tests.support.papers import PDF

FILES = "/api/v1/proposals/1/files"
BINARY = "application/octet-stream"
MEBIBYTE = 1024 * 1024


@contextmanager
def started(folder, template, **settings):
    """Serve a copy of the *template* as `make run` does, with other *settings*; give its port."""
    url, port = f"sqlite:///{folder / 'served.db'}", free_port()
    shutil.copy(template.removeprefix("sqlite:///"), folder / "served.db")
    if not (folder / "audit-key").exists():
        make_signer(folder / "audit-key")
    own = {"DATABASE_URL": url, "AUDIT_KEY": folder / "audit-key", "FILES_URL": folder / "files"}
    own |= {"PORT": port, "WORKERS": 2, "KEY_RATE": 0, "FAILED_SIGN_INS": 1000} | settings
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "wsgi:app"],
            cwd=ROOT,
            env=os.environ | {name: str(value) for name, value in own.items()},
            stderr=log,
        )
    try:
        wait_until(lambda: is_up(port, process), "the server does not come up")
        yield port
    finally:
        process.terminate()
        process.wait(PATIENCE)


def is_up(port, process):
    """Return whether the server answers; stop when it ended."""
    assert process.poll() is None, "the server ended"
    try:
        return ask(port, "GET", "/readyz").status == 200
    except OSError:
        return False


def ask(port, method, path, body=None, **headers):
    """Send one request whole, and only then read the answer; return it with its *content*."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        connection.request(method, path, body, named)
        answer = connection.getresponse()
        answer.content = answer.read()
    return answer


def raw(port, content):
    """Send *content* as it is and nothing more; return everything that comes back."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(content)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.fixture(scope="module")
def place(request, tmp_path_factory):
    """Give the folder of a served register and the template it is a copy of."""
    return tmp_path_factory.mktemp("served"), request.config.templates["sqlite"]


@pytest.fixture(scope="module")
def port(place):
    with started(*place) as port:
        yield port


@pytest.fixture(scope="module")
def keys(place, port):
    """Give a key that may upload, and one that may not."""
    database = Database(Settings(database_url=f"sqlite:///{place[0] / 'served.db'}"))
    names = {"registrar": (Role.REGISTRAR, None), "reader": (Role.READER, INDUSTRY)}
    yield {who: make_key(database, role, office=o) for who, (role, o) in names.items()}
    database.engine.dispose()


def problem_in(answer):
    """Return the status and the problem document in what came back as it is."""
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"application/problem+json" in head, answer
    return int(head.split()[1]), json.loads(body)


BROKEN = {
    "a size that is none": b"zz\r\nab\r\n0\r\n\r\n",
    "a size below nought": b"-1\r\nab\r\n0\r\n\r\n",
    "no size": b"\r\nab\r\n0\r\n\r\n",
    "an extension that is none": b"2;\x00\r\n{}\r\n0\r\n\r\n",
    "a chunk that breaks off": b"ff\r\n{}",
    "a chunk without its end": b"2\r\n{}xx0\r\n\r\n",
    "no last chunk": b"2\r\n{}\r\n",
    "a trailer that is none": b"2\r\n{}\r\n0\r\nno colon\r\n\r\n",
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("path", ["/api/v1/tags", f"{FILES}?filename=a.txt"])
def test_a_body_of_broken_chunks_is_a_problem_of_the_caller(port, keys, path, body):
    kind = BINARY if "files" in path else "application/json"
    head = (
        f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {keys['registrar']}\r\n"
        f"Content-Type: {kind}\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    status, problem = problem_in(raw(port, head.encode() + body))
    assert (status, problem["type"].rpartition("/")[2]) == (400, "malformed-body")


def test_a_body_that_ends_early_is_a_problem_of_the_caller(port, keys):
    head = (
        f"POST /api/v1/tags HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {keys['registrar']}\r\n"
        "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n"
    )
    status, problem = problem_in(raw(port, head.encode() + b'{"slug":'))
    assert (status, problem["type"].rpartition("/")[2]) == (400, "malformed-body")


@pytest.mark.parametrize(("who", "status"), [(None, 401), ("reader", 403), ("registrar", 413)])
def test_who_sends_a_large_file_sees_why_it_is_refused(port, keys, who, status):
    size = 21 if status == 413 else 20
    headers = {} if who is None else {"Authorization": f"Bearer {keys[who]}"}
    body = bytes(size * MEBIBYTE)
    path = f"{FILES}?filename=a.pdf"
    answer = ask(port, "POST", path, body, Content_Type=BINARY, **headers)
    assert answer.status == status
    assert json.loads(answer.content)["status"] == status


def test_a_connection_goes_on_after_a_body_that_nobody_wanted(port):
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        for _ in range(2):
            connection.request("POST", FILES, bytes(3 * MEBIBYTE), {"Content-Type": BINARY})
            answer = connection.getresponse()
            assert (answer.status, answer.read()[:1]) == (401, b"{")


FORWARDED = {"X_Forwarded_Proto": "https", "X_Forwarded_For": "203.0.113.7"}


def test_without_a_proxy_no_header_says_where_a_request_comes_from(port, place):
    assert ask(port, "GET", "/livez", **FORWARDED).getheader("Strict-Transport-Security") is None
    for name in (b"SCRIPT_NAME", b"Script-Name", b"PATH_INFO", b"X-Forwarded-Prefix"):
        told = raw(port, b"GET /livez HTTP/1.1\r\nHost: x\r\n" + name + b": /elsewhere\r\n\r\n")
        assert told.startswith(b"HTTP/1.1 200 "), told
    ask(port, "GET", "/api/v1/me", Authorization="Bearer x", **FORWARDED)
    log = (place[0] / "log").read_text()
    assert "from=127.0.0.1" in log
    assert "203.0.113.7" not in log


def test_behind_a_proxy_the_register_itself_reads_what_it_says(place, tmp_path):
    with started(tmp_path, place[1], PROXY_HOPS=1) as port:
        answer = ask(port, "GET", "/livez", **FORWARDED)
        assert answer.getheader("Strict-Transport-Security")
        ask(port, "GET", "/api/v1/me", Authorization="Bearer x", **FORWARDED)
    assert "from=203.0.113.7" in (tmp_path / "log").read_text()


def test_slow_callers_do_not_keep_the_others_out(port):
    with ExitStack() as stack:
        for _ in range(6):
            slow = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            slow.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        for _ in range(20):
            assert ask(port, "GET", "/livez").status == 200


def test_the_manual_starts_the_server_by_the_settings_of_the_project():
    for name in ("docs/operating.md", "docs/operating.zh-CN.md", "Makefile"):
        text = (ROOT / name).read_text(encoding="utf-8")
        lines = re.findall(r".*gunicorn .*wsgi:app.*", text)
        assert lines, name
        for line in lines:
            assert not re.search(r"--(config|worker-class|threads|forward|header)", line), line


# -- what HTTP says of the answers -----------------------------------------------------------------

V1 = "/api/v1"
ONE = f"{V1}/recommendations/1"
INHERENT = {
    "The server didn't understand the request.",
    "The server won't accept a URI this long .",
    "The server won't accept a URI this long.",
    "This request's header fields are too large.",
}
"""What the linter says of a refusal whatever it looks like."""


@pytest.fixture(scope="module")
def file(port, keys):
    """Give the path of the content of a file that was sent, and the key that may read it."""
    key = {"Authorization": f"Bearer {keys['registrar']}", "Content_Type": BINARY}
    made = ask(port, "POST", f"{FILES}?filename=a.pdf", PDF, **key)
    assert made.status == 201, made.content
    return f"{made.getheader('Location')}/content", keys["registrar"]


def exchanged(port, method, path, **headers):
    """Send a request without a body; return the answer as it came, bytes of its head and body."""
    named = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{named}\r\n"
    head, _, body = raw(port, head.encode()).partition(b"\r\n\r\n")
    return head, body


def judged(method, head, body):
    """Return what the linter finds wrong in an answer, or doubtful."""
    first, *lines = head.split(b"\r\n")
    version, status, *phrase = first.split(b" ", 2)
    linter = HttpResponseLinter(no_content=method == "HEAD" or status == b"304")
    linter.process_response_topline(version, status, phrase[0] if phrase else b"")
    pairs = (line.partition(b":") for line in lines)
    linter.process_headers([(name, value.strip()) for name, _, value in pairs])
    linter.feed_content(body)
    linter.finish_content(True)
    notes = {str(note.summary) for note in linter.notes if note.level.name in ("BAD", "WARN")}
    return notes - INHERENT


def tag_in(head):
    return re.search(rb"ETag: (.*)", head)[1].decode().strip()


ANSWERS = {
    "a list": (200, "GET", f"{V1}/recommendations?limit=2", {}),
    "a list, gzipped": (200, "GET", f"{V1}/recommendations", {"Accept_Encoding": "gzip"}),
    "some fields": (200, "GET", f"{V1}/recommendations?fields=id", {}),
    "a record": (200, "GET", ONE, {}),
    "a record, gzipped": (200, "GET", ONE, {"Accept_Encoding": "gzip"}),
    "its head": (200, "HEAD", ONE, {}),
    "a figure": (200, "GET", f"{V1}/tags/ai-industrial-park/progress", {}),
    "a text": (200, "GET", f"{V1}/documents/1/text", {}),
    "a vocabulary": (200, "GET", f"{V1}/vocabularies", {}),
    "the contract": (200, "GET", "/openapi.json", {}),
    "its page": (200, "GET", "/docs", {}),
    "a script of it": (200, "GET", "/docs/static/docs.js", {}),
    "problems": (200, "GET", "/problems", {}),
    "a problem": (200, "GET", "/problems/not-found", {}),
    "health": (200, "GET", "/livez", {}),
    "options": (200, "OPTIONS", ONE, {}),
    "absent": (404, "GET", f"{V1}/recommendations/99999", {}),
    "no path": (404, "GET", f"{V1}/nothing", {}),
    "a slash": (404, "GET", f"{V1}/recommendations/", {}),
    "a mistake": (422, "GET", f"{V1}/recommendations?colour=red", {}),
    "no key": (401, "GET", f"{V1}/me", {}),
    "no such method": (405, "PUT", ONE, {}),
    "no such type": (406, "GET", ONE, {"Accept": "text/html"}),
    "no request": (400, "GET", "/ no http", {}),
    "too long": (414, "GET", f"/{'x' * 9000}", {}),
    "too large": (431, "GET", "/livez", {"X_Long": "x" * 20000}),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_a_linter_of_http_finds_nothing(port, name):
    status, method, path, headers = ANSWERS[name]
    head, body = exchanged(port, method, path, **headers)
    assert int(head.split()[1]) == status, head
    assert judged(method, head, body) == set()
    if status >= 400:
        problem_in(head + b"\r\n\r\n" + body)


@pytest.mark.parametrize("name", ["a list", "a record", "a figure", "a text", "a vocabulary"])
def test_a_linter_of_http_finds_nothing_in_what_is_known(port, name):
    _, method, path, headers = ANSWERS[name]
    head, _ = exchanged(port, method, path, **headers)
    again, body = exchanged(port, method, path, If_None_Match=tag_in(head))
    assert (again.split()[1], body) == (b"304", b"")
    assert judged(method, again, body) == set()
    for header in (b"Cache-Control: ", b"ETag: "):
        assert header in again


def test_a_file_is_given_in_parts(port, file):
    path, key = file
    own = {"Authorization": f"Bearer {key}"}
    head, body = exchanged(port, "GET", path, **own)
    assert b"Accept-Ranges: bytes" in head
    assert body == PDF
    for asked, part in (
        ("bytes=0-9", PDF[:10]),
        ("bytes=10-", PDF[10:]),
        ("bytes=-5", PDF[-5:]),
        (f"bytes=5-{len(PDF) + 99}", PDF[5:]),
    ):
        head, body = exchanged(port, "GET", path, Range=asked, **own)
        assert (head.split()[1], body) == (b"206", part), asked
        assert f"/{len(PDF)}".encode() in re.search(rb"Content-Range: (.*)", head)[1]
        assert judged("GET", head, body) == set()
    tag = tag_in(head)
    head, body = exchanged(port, "GET", path, Range="bytes=0-9", If_Range=tag, **own)
    assert (head.split()[1], body) == (b"206", PDF[:10])
    head, body = exchanged(port, "GET", path, Range="bytes=0-9", If_Range='"other"', **own)
    assert (head.split()[1], body) == (b"200", PDF)
    for unheeded in ("bytes=0-1,4-5", "lines=1-2", "bytes=9-1", "bytes=a-b", "0-9"):
        head, body = exchanged(port, "GET", path, Range=unheeded, **own)
        assert (head.split()[1], body) == (b"200", PDF), unheeded
    head, body = exchanged(port, "GET", path, Range=f"bytes={len(PDF)}-", **own)
    status, problem = problem_in(head + b"\r\n\r\n" + body)
    assert (status, problem["type"]) == (416, "/problems/range-not-satisfiable")
    assert f"Content-Range: bytes */{len(PDF)}".encode() in head
    assert judged("GET", head, body) == set()
    head, body = exchanged(port, "GET", path, Range="bytes=0-9", If_None_Match=tag, **own)
    assert (head.split()[1], body) == (b"304", b"")
    head, body = exchanged(port, "HEAD", path, Range="bytes=0-9", **own)
    assert head.split()[1] == b"200"


def test_one_connection_carries_many_requests(port):
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        connection.connect()
        before = connection.sock.getsockname()
        for path in (ONE, f"{V1}/tags", f"{V1}/nothing", "/livez") * 5:
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            assert not answer.will_close
        assert connection.sock.getsockname() == before
