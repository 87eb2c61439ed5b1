"""Reading a curated file."""

import tomllib
from pathlib import Path

from app.core.types import Values


def read_toml(path: Path) -> Values:
    """Return the content of the TOML file at *path*."""
    with path.open("rb") as file:
        return tomllib.load(file)
