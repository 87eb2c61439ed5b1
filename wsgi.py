"""The WSGI application object that a server imports."""

import logging
from contextlib import suppress

import click
from sqlalchemy.exc import OperationalError

from app import create_app
from app.core.engines import assert_durable, open_to_others
from app.core.errors import DomainError

app = create_app()
engine = app.extensions["database"].engine

with suppress(OperationalError, DomainError):  # one that does not answer yet: /readyz says so
    assert_durable(engine)
engine.dispose()  # a server may fork after this

if click.get_current_context(silent=True) is None:  # a command says it by itself
    for path in open_to_others(engine.url):
        logging.getLogger(__name__).warning("%s is open to others: run `flask migrate`", path)
