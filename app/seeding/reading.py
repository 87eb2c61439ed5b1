"""Reading a curated file."""

import tomllib
from pathlib import Path
from typing import Any


def read_toml(path: Path) -> dict[str, Any]:
    """Return the content of the TOML file at *path*."""
    with path.open("rb") as file:
        return tomllib.load(file)
