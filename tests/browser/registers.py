"""A register served to a browser by a thread of the test, whose writes are real."""

import shutil
import threading
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from app import create_app
from app.core.config import Settings
from app.core.database import Database
from tests.conftest import NO_KEY, SIGNER
from tests.support.factories import make_caller, make_key

LIMITS = {"key_rate": 0, "failed_sign_ins": 1000}
"""A test asks faster than people do, and all tests come from one network."""


class Silent(WSGIRequestHandler):
    """A handler that keeps its connections, and writes no line for each request."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code="-", size="-"):
        """Write nothing: what fails is seen by the watch on the page."""


@dataclass
class ServedRegister:
    """A register at *address*, whose *database* a test may look into and write to."""

    address: str
    app: Flask

    @property
    def database(self) -> Database:
        return self.app.extensions["database"]

    def key(self, *roles, office=None, **named):
        """Return a new key with *roles*, of *office* (a slug), as the sign-in page takes it."""
        return make_key(self.database, *roles, office=office, **named)

    def caller(self, *roles, office=None, language="zh-CN"):
        """Return a caller of the API, by which a test prepares what the browser then meets."""
        return make_caller(
            self.app.test_client(), self.database, *roles, office=office, language=language
        )


@contextmanager
def serving(app):
    """Serve *app* in a thread and give its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Silent)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def served_register(template, folder, **settings):
    """Serve a copy in *folder* of the *template*, with *settings* of its own."""
    shutil.copy(template.removeprefix("sqlite:///"), folder / "register.db")
    own = {
        "database_url": f"sqlite:///{folder / 'register.db'}",
        "files_url": str(folder / "files"),
    }
    app = create_app(Settings(**LIMITS | {"audit_key": NO_KEY} | own | settings))
    database = app.extensions["database"]
    if database.signer is None:
        database.signer = SIGNER
    try:
        with serving(app) as address:
            yield ServedRegister(address, app)
    finally:
        database.engine.dispose()
