"""Imports that wait for a second person."""

from app.seeding.imports import asked_for, plan_of
from app.seeding.placing import Placing

NOTHING = {
    "tags.toml": "tags = []",
    "organizations.toml": "organizations = []",
    "sessions.toml": "sessions = []",
    "profiles.toml": "profiles = []",
    "label-schemes.toml": "schemes = []",
}
"""Curated files without a record: their load changes nothing."""


def import_of_nothing(reason="有理由"):
    """Return a request for an import that changes nothing."""
    return asked_for(NOTHING, plan_of(Placing()), reason)


def write_files(folder, **more):
    """Write curated files without a record into *folder*, with *more* for those of some names."""
    folder.mkdir(exist_ok=True)
    for name, text in NOTHING.items():
        (folder / name).write_text(more.get(name.partition(".")[0], text))
    return folder
