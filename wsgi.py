"""The WSGI application object that a server imports."""

from contextlib import suppress

from sqlalchemy.exc import OperationalError

from app import assert_durable, create_app

app = create_app()

with suppress(OperationalError):  # a database that does not answer yet: /readyz says so
    assert_durable(app.extensions["database"].engine)
app.extensions["database"].engine.dispose()  # a server may fork after this
