"""A client that keeps its connection and believes only answers that came in whole."""

import http.client
import json
from dataclasses import dataclass
from typing import Any

PREFIX = "/api/v1/recommendations"
PATIENCE = 60

BROKEN = (OSError, http.client.HTTPException)
"""What is raised when no answer came, or not the whole of one: the outcome is not known."""


@dataclass(frozen=True)
class Reply:
    """An answer that came in whole."""

    status: int
    content: Any
    headers: dict[str, str]

    @property
    def kind(self) -> str:
        """Return what kind of problem was answered, such as ``busy``."""
        told = self.content.get("type", "") if isinstance(self.content, dict) else ""
        return told.rpartition("/")[2]


class Client:
    """One connection, opened anew after each failure, and the key it shows."""

    def __init__(self, port: int, key: str | None = None) -> None:
        """Prepare a connection to *port*; contextlib.closing() ends it."""
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self.headers = {"Content-Type": "application/json", "Accept-Language": "en"}
        if key:
            self.headers["Authorization"] = f"Bearer {key}"

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Reply:
        """Send one request, *headers* with ``_`` for ``-``; raise one of BROKEN."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = None if body is None else json.dumps(body)
        try:
            self.connection.request(method, path, sent, self.headers | named)
            response = self.connection.getresponse()
            content = response.read()
        except BROKEN:
            self.close()
            raise
        return Reply(response.status, json.loads(content), dict(response.headers))


@dataclass(frozen=True)
class Seen:
    """A recommendation as a caller saw it last."""

    version: int
    progress: str
    tags: tuple[str, ...]

    @classmethod
    def of(cls, content: Any) -> "Seen":
        """Return what the API's *content* shows."""
        slugs = sorted(tag["slug"] for tag in content["tags"])
        return cls(content["version"], content["progress"], tuple(slugs))


def look(client: Client, record: int) -> Seen | None:
    """Read a recommendation; return None when the register cannot show it now."""
    reply = client.ask("GET", f"{PREFIX}/{record}")
    return Seen.of(reply.content) if reply.status == 200 else None
