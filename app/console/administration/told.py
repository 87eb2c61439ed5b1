"""What a request would do, told line by line in words, whatever it is about."""

from collections.abc import Iterator
from typing import NamedTuple

from app.console.labels import label
from app.console.pages import say
from app.core.types import Given

NAMES = {
    "accounts": ("账户", "account"),
    "name": ("名称", "name"),
    "kind": ("类型", "kind"),
    "roles": ("角色", "roles"),
    "office": ("单位", "office"),
    "subject": ("身份平台中的名称", "name with the identity provider"),
    "disabled": ("停用", "disabled"),
    "note": ("说明", "note"),
    "reason": ("理由", "reason"),
    "key": ("密钥", "key"),
    "scopes": ("用途", "may be used for"),
    "networks": ("可用的网络", "from the networks"),
    "days": ("有效天数", "days it is good for"),
    "rate_multiple": ("请求次数是平时的几倍", "times the usual number of requests"),
    "values": ("改为", "changed to"),
    "axis": ("方面", "axis"),
    "to": ("变为", "to"),
    "text": ("文字", "words"),
    "texts": ("文字", "words"),
    "new": ("新增", "new"),
    "differs": ("有变化", "changed"),
    "digest": ("内容的 SHA-256", "SHA-256 of the content"),
}
"""The names of what requests hold, in zh and en; what is not here is told by its own name."""

WORDS = {
    "roles": "role",
    "scopes": "scope",
    "axis": "axis",
    "to": "progress",
    "kind": "actor_kind",
}
"""What holds codes, and of which vocabulary they are."""


UNTOLD = frozenset({"sealed", "version"})
"""What requests hold for the register alone: a seal of the name, the version that was seen."""


class ToldLine(NamedTuple):
    """One line: how deep it lies, its name, and its value; none where others hang below it."""

    depth: int
    name: str
    value: str


def lines_of(content: Given, depth: int = 0) -> Iterator[ToldLine]:
    """Yield a line for all that *content* holds, and deeper ones for what hangs on it."""
    for name in sorted(content.keys() - UNTOLD, key=place_of):
        yield from lines_about(name, content[name], depth)


def lines_about(name: str, own: object, depth: int) -> Iterator[ToldLine]:
    """Yield the lines about what is called *name*."""
    shown = named(name)
    if isinstance(own, dict):
        yield ToldLine(depth, shown, "")
        yield from lines_of(own, depth + 1)
    elif isinstance(own, list) and any(isinstance(one, dict) for one in own):
        for place, one in enumerate(own, 1):
            yield from lines_about(f"{shown} {place}", one, depth)
    elif name == "networks" and not own:
        yield ToldLine(depth, shown, str(say("不限", "any")))
    elif isinstance(own, list):
        words = say("、", ", ")
        yield ToldLine(depth, shown, str(words).join(worded(name, one) for one in own) or nothing())
    else:
        yield ToldLine(depth, shown, worded(name, own))


def place_of(name: str) -> tuple[int, str]:
    """Return where *name* stands among what a request holds: in the order of NAMES."""
    names = list(NAMES)
    return (names.index(name) if name in NAMES else len(names), name)


def named(name: str) -> str:
    """Return what is called *name* in a request, in the reader's language."""
    return str(say(*NAMES[name])) if name in NAMES else name


def worded(name: str, own: object) -> str:
    """Return one value as people read it."""
    if own is None:
        return nothing()
    if isinstance(own, bool):
        return str(say("是", "yes") if own else say("否", "no"))
    return label(WORDS[name], own) if name in WORDS and isinstance(own, str) else str(own)


def nothing() -> str:
    """Return what stands where there is nothing."""
    return str(say("无", "none"))
