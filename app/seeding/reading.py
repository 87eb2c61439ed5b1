"""Reading curated files: as text, and what is in it."""

import tomllib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from app.core.errors import InvalidChange
from app.core.types import Values

Files = dict[str, str]
"""The text of each curated file, by its path from the folder of all."""


def read_text(path: Path) -> str:
    """Return the text of the file at *path*, line ends as they are; raise InvalidChange."""
    try:
        return path.read_bytes().decode()
    except UnicodeDecodeError:
        raise wrong_file(path.name, "不是 UTF-8 文字", "is no UTF-8 text") from None


def text_in(files: Mapping[str, str], name: str) -> str:
    """Return the text of the file *name*; raise InvalidChange where there is none."""
    if name not in files:
        raise wrong_file(name, "没有这个文件", "does not exist")
    return files[name]


def toml_in(files: Mapping[str, str], name: str) -> Values:
    """Return the content of the TOML file *name*; raise InvalidChange where it is none."""
    text = text_in(files, name)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said = (f"不是有效的 TOML（{error}）", f"is no TOML: {error}")
        raise wrong_file(PurePosixPath(name).name, *said) from None


def names_in(files: Mapping[str, str], folder: str) -> list[str]:
    """Return the names of the TOML files that stand in *folder* itself, in order."""
    paths = sorted(map(PurePosixPath, files))
    return [p.as_posix() for p in paths if p.parent.as_posix() == folder and p.suffix == ".toml"]


def wrong_file(name: str, zh: str, en: str) -> InvalidChange:
    """Return the error that says what is wrong with the file *name*."""
    return InvalidChange(fields={name: (zh, en)})
