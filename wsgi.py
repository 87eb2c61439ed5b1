"""The WSGI application object that a server imports."""

from app import create_app

app = create_app()
