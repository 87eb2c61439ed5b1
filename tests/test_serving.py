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

from app.audit.signing import make_signer
from app.core.codes import Role
from app.core.config import ROOT, Settings
from app.core.database import Database
from drills.servers import PATIENCE, free_port, wait_until
from tests.support.factories import INDUSTRY, make_key

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
