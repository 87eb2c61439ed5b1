"""A register as a later release within v1 may answer: more fields, and words nobody knew.

It stands before a running register and changes what that answers by what the contract leaves open:
each word of an open vocabulary becomes another, each object gets a field more.
"""

import json
import threading
import urllib.error
import urllib.request
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from tools.contract import committed

NEW_WORD = "a_word_to_come"
NEW_FIELD = "a_field_to_come"
UNASKED = {"host", "accept-encoding"}
"""Headers of a request that are not sent on."""

KEPT = {"Content-Length", "Connection", "Transfer-Encoding", "Date", "Server"}
"""Headers of an answer that its new server says itself."""


class Changes:
    """Changes answers by the schemas of the contract, and counts the *words* and *fields*."""

    def __init__(self):
        self.document = committed()
        self.words = self.fields = 0
        self.routes = Map(
            [
                Rule(path.replace("{", "<").replace("}", ">"), endpoint=path)
                for path in self.document["paths"]
            ]
        ).bind("")

    def of(self, path, method, status, content):
        """Return the JSON *content* of an answer, with what a later release may say."""
        try:
            known, _ = self.routes.match(path)
        except HTTPException:
            return content
        operation = self.document["paths"][known][method.lower()]
        media = operation["responses"].get(str(status), {}).get("content", {})
        schema = media.get("application/json", {}).get("schema")
        return self.changed(schema, content) if schema else content

    def changed(self, schema, value):
        """Return *value*, which *schema* describes, changed in all that is open."""
        while "$ref" in schema:
            schema = self.document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        if value is None:
            return value
        for of_many in ("anyOf", "oneOf"):
            if of_many in schema:
                kinds = [one for one in schema[of_many] if one.get("type") != "null"]
                return self.changed(kinds[0], value) if len(kinds) == 1 else value
        if isinstance(value, list):
            return [self.changed(schema.get("items", {}), one) for one in value]
        if isinstance(value, dict):
            return self.more(schema, value)
        if "x-extensible-enum" in schema:
            self.words += 1
            return NEW_WORD
        return value

    def more(self, schema, value):
        """Return an object with its parts changed, and with a field more."""
        if "properties" not in schema:
            return value
        parts = {
            name: self.changed(schema["properties"].get(name, {}), one)
            for name, one in value.items()
        }
        self.fields += 1
        return parts | {NEW_FIELD: {"it": ["holds", "more"]}}


@contextmanager
def later_release(address):
    """Serve what *address*, the root of a running register, answers; give address and changes."""
    changes = Changes()

    class Handler(BaseHTTPRequestHandler):
        """Asks the register, and answers what it said."""

        protocol_version = "HTTP/1.1"

        def answer(self):
            size = int(self.headers.get("Content-Length") or 0)
            asked = urllib.request.Request(
                address + self.path,
                self.rfile.read(size) if size else None,
                {n: v for n, v in self.headers.items() if n.lower() not in UNASKED},
                method=self.command,
            )
            try:
                told = urllib.request.urlopen(asked)
            except urllib.error.HTTPError as refused:
                told = refused
            with told:
                body = told.read()
            if told.headers.get_content_type() == "application/json":
                path = self.path.partition("?")[0]
                content = changes.of(path, self.command, told.status, json.loads(body))
                body = json.dumps(content).encode()
            self.send_response(told.status)
            for name, value in told.headers.items():
                if name not in KEPT:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = answer  # noqa: N815

        def log_message(self, *_):
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", changes
        finally:
            server.shutdown()
            thread.join()
