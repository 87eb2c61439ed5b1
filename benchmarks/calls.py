"""Calling programs inside this process: WSGI by its callable, ASGI in one event loop."""

import asyncio
import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

Environ = dict[str, Any]


@dataclass
class Request:
    """One request, as a client would send it."""

    path: str
    query: str = ""
    method: str = "GET"
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass
class Reply:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


class Caller(Protocol):
    """A program that can be asked."""

    def ask(self, request: Request) -> Reply:
        """Send one request and return the reply."""

    def repeat(self, request: Request, times: int) -> None:
        """Send one request again and again."""


def environ_of(request: Request) -> Environ:
    """Return the WSGI environ of *request*, as a server makes it."""
    environ = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path,
        "QUERY_STRING": request.query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "localhost",
        "HTTP_ACCEPT": "application/json",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in request.headers:
        environ[f"HTTP_{name.upper().replace('-', '_')}"] = value
    if request.body:
        environ |= {"CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(request.body))}
    return environ


class Wsgi:
    """A WSGI program."""

    def __init__(self, program: Callable[..., Any]) -> None:
        self.program = program

    def ask(self, request: Request) -> Reply:
        """Send one request and return the reply."""
        return self.call(environ_of(request), request.body)

    def repeat(self, request: Request, times: int) -> None:
        """Send one request again and again; each call gets an environ of its own."""
        environ = environ_of(request)
        for _ in range(times):
            self.call(environ.copy(), request.body)

    def call(self, environ: Environ, body: bytes) -> Reply:
        """Call the program as a server does."""
        environ["wsgi.input"] = io.BytesIO(body)
        started: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], error: Any = None) -> None:
            started[:] = status, headers

        result = self.program(environ, start_response)
        content = b"".join(result)
        if hasattr(result, "close"):
            result.close()
        return Reply(int(started[0][:3]), dict(started[1]), content)


class Asgi:
    """An ASGI program, called in one event loop without any server."""

    def __init__(self, program: Callable[..., Any]) -> None:
        self.program = program
        self.loop = asyncio.new_event_loop()

    def ask(self, request: Request) -> Reply:
        """Send one request and return the reply."""
        return self.loop.run_until_complete(self.call(scope_of(request), request.body))

    def repeat(self, request: Request, times: int) -> None:
        """Send one request again and again, without leaving the loop."""

        async def run() -> None:
            scope = scope_of(request)
            for _ in range(times):
                await self.call(scope.copy(), request.body)

        self.loop.run_until_complete(run())

    async def call(self, scope: dict[str, Any], body: bytes) -> Reply:
        """Call the program as a server does."""
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await self.program(scope, receive, send)
        start, *bodies = sent
        headers = {name.decode(): value.decode() for name, value in start["headers"]}
        return Reply(start["status"], headers, b"".join(m.get("body", b"") for m in bodies))


def scope_of(request: Request) -> dict[str, Any]:
    """Return the ASGI scope of *request*, as a server makes it."""
    headers = [(b"host", b"localhost"), (b"accept", b"application/json")]
    headers += [(name.lower().encode(), value.encode()) for name, value in request.headers]
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": request.path,
        "raw_path": request.path.encode(),
        "query_string": request.query.encode(),
        "root_path": "",
        "headers": headers,
        "client": ("127.0.0.1", 40000),
        "server": ("localhost", 80),
    }
