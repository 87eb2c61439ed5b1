"""The worker of gunicorn that serves the register: what it refuses by itself is a problem document.

A request that cannot even be taken apart never reaches the program: its first line is none, its
headers are too long, or it is cut into chunks that are none.
"""

import json
import secrets
import socket

from gunicorn import util
from gunicorn.workers.gthread import ThreadWorker

from app.core.errors import Sentence
from app.http.contract.problem_types import OF_STATUS, TYPES

CODES = {**OF_STATUS, 403: "permission-denied"}
"""Status → the code of the type."""

SAID: dict[int, Sentence] = {
    400: ("请求不是 HTTP/1.1 能读懂的。", "The request is no HTTP/1.1 that can be read."),
    414: ("地址过长。", "The address is too long."),
    431: ("请求头过长或过多。", "The headers are too long, or too many."),
    500: ("系统出错，本次没有写入。", "The service failed; nothing was written."),
}


def problem_of(status: int) -> bytes:
    """Return the problem document with *status*, in both languages: no header says which."""
    own = TYPES.get(CODES.get(status, ""))
    title = own.title if own else ("请求被拒绝", "The request is refused")
    detail = SAID.get(status, ("服务器拒绝了这个请求。", "The server refuses this request."))
    content = {
        "type": own.uri if own else "about:blank",
        "title": " / ".join(title),
        "status": status,
        "detail": " / ".join(detail),
        "instance": f"urn:request:{secrets.token_hex(8)}",
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def write_problem(sock: socket.socket, status_int: int, reason: str, mesg: str) -> None:
    """Answer what gunicorn refuses, in the place of its own page; *mesg* is for its log alone."""
    body = problem_of(status_int)
    head = (
        f"HTTP/1.1 {status_int} {reason}\r\n"
        f"Date: {util.http_date()}\r\n"
        "Connection: close\r\n"
        "Content-Type: application/problem+json\r\n"
        "Content-Language: zh, en\r\n"
        "Cache-Control: no-store\r\n"
        "X-Content-Type-Options: nosniff\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    util.write_nonblock(sock, head.encode("ascii") + body)


class RegisterWorker(ThreadWorker):  # type: ignore[misc]
    """A worker with threads, whose own refusals are problem documents."""

    def init_process(self) -> None:
        """Serve, after its refusals have been put in the place of gunicorn's pages."""
        util.write_error = write_problem
        super().init_process()
