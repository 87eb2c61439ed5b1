"""A closed list of codes, each with its label in Chinese and in English."""

from enum import StrEnum
from typing import Self


class LabelledEnum(StrEnum):
    """A closed list of codes; each member carries its labels."""

    zh: str
    en: str

    def __new__(cls, code: str, zh: str = "", en: str = "") -> Self:
        """Make a member whose value is *code*."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.zh = zh
        member.en = en
        return member

    @property
    def labels(self) -> tuple[str, str]:
        """The label in Chinese, and in English."""
        return self.zh, self.en
