"""What a request would do, told line by line in words, whatever it is about."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from app.console.calls import Refusal
from app.console.labels import label, office_name
from app.console.pages import day, say
from app.console.paging import read_on
from app.core.types import Given

NAMES = {
    "accounts": ("账户", "account"),
    "organization": ("机构", "organization"),
    "slug": ("代号", "short name"),
    "name": ("名称", "name"),
    "name_zh": ("名称", "name in Chinese"),
    "name_en": ("英文名称", "name in English"),
    "aliases": ("其他名称", "other names"),
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
    "effective_on": ("生效日期", "from which day"),
    "paper": ("依据的文件", "the paper that says so"),
    "created": ("新增", "made"),
    "updated": ("更新", "changed"),
    "renamed": ("更名", "renamed"),
    "moved": ("改变上级", "moved"),
    "ended": ("撤销或并入", "ended"),
    "parent": ("上级", "the one above it"),
    "successors": ("由谁承接", "succeeded by"),
    "region_code": ("行政区划代码", "code of its place"),
    "is_office": ("可以承办", "can be given work"),
    "is_vertical": ("垂直管理", "led from above its city"),
    "name_status": ("名称是否现用", "whether the name is in use"),
    "name_source": ("名称的依据", "source of the name"),
    "open": ("未办完的", "what is open there"),
    "assignments": ("交办件", "cases"),
    "commitments": ("承诺", "promises"),
    "recommendations": ("建议", "recommendations"),
    "watched": ("督办的提案", "proposals it watches over"),
    "keys": ("密钥", "keys"),
    "records": ("记录", "records"),
    "new": ("新增", "new"),
    "changed": ("有变化", "changed"),
    "differs": ("有变化", "changed"),
    "places": ("所在之处", "where it stands"),
    "table": ("表", "table"),
    "id": ("编号", "number"),
    "column": ("栏", "column"),
    "field": ("栏", "field"),
    "spans": ("第几个字", "which characters"),
    "kept": ("保留不动", "left as it is"),
    "digest": ("内容的 SHA-256", "SHA-256 of the content"),
    "plan": ("改动的 SHA-256", "SHA-256 of the changes"),
    "on": ("实际日期", "the day it was"),
    "document_no": ("文号", "number of the letter"),
    "signed_by": ("签发人", "signed by"),
    "recommendation": ("建议", "recommendation"),
    "outcome": ("办理结果", "outcome"),
    "label": ("分类字母", "letter"),
    "review_on": ("再议日期", "when to look again"),
    "promised_on": ("承诺日期", "promised for"),
    "superseded_by": ("取代它的建议", "the one in its place"),
    "suggested_office": ("建议由哪个单位办理", "which office should have it"),
    "title": ("标题", "title"),
    "url": ("网址", "address on the web"),
    "percent": ("完成百分比", "percent done"),
    "summary_zh": ("概要", "summary"),
}
"""The names of what requests and forms hold, in zh and en; others are told by their own name."""

WORDS = {
    "roles": ("role",),
    "scopes": ("scope",),
    "axis": ("axis",),
    "to": ("progress",),
    "kind": ("actor_kind", "organization_kind"),
    "name_status": ("name_status",),
}
"""What holds codes, and of which vocabularies they are."""

ORGANIZATIONS = frozenset({"office", "organization", "parent", "successors"})
"""What holds short names of organizations, which are told by their names."""

BY_ORGANIZATION = "open"
"""What holds something for each organization, under its short name."""

PAIRS = "changed"
"""What holds records whose fields each have what was and what is to be."""

PARTS_OF_TABLES = frozenset({"table", "column", "field"})
"""What holds the name of something that has a name here, perhaps."""

UNTOLD = frozenset({"sealed", "version", "versions", "midnight"})
"""What requests hold for the register alone: a seal of the name, the versions that were seen."""


class ToldLine(NamedTuple):
    """One line: how deep it lies, its name, and its value; none where others hang below it."""

    depth: int
    name: str
    value: str


@dataclass(frozen=True)
class Telling:
    """Tells contents line by line; *organizations* are names by short names."""

    organizations: Given = field(default_factory=dict)

    def lines(self, content: Given, depth: int = 0) -> Iterator[ToldLine]:
        """Yield a line for all that *content* holds, and deeper ones for what hangs on it."""
        for name in sorted(content.keys() - UNTOLD, key=place_of):
            yield from self.about(name, named(name), content[name], depth)

    def about(self, name: str, shown: str, own: object, depth: int) -> Iterator[ToldLine]:
        """Yield the lines about what is called *name*, which is *shown* as it is read."""
        if isinstance(own, dict):
            yield ToldLine(depth, shown, "" if own else nothing())
            yield from self.inside(name, own, depth + 1)
        elif isinstance(own, list) and any(isinstance(one, dict) for one in own):
            for place, one in enumerate(own, 1):
                yield from self.about(name, f"{shown} {place}", one, depth)
        else:
            yield ToldLine(depth, shown, self.worded(name, own))

    def inside(self, name: str, own: Given, depth: int) -> Iterator[ToldLine]:
        """Yield the lines about what hangs on *name*."""
        if name == BY_ORGANIZATION:
            for slug, numbers in own.items():
                yield from self.about("", self.organization(slug), numbers, depth)
        elif name == PAIRS:
            for record, changes in own.items():
                yield ToldLine(depth, record, "")
                yield from self.changes(changes, depth + 1)
        else:
            yield from self.lines(own, depth)

    def changes(self, changes: Given, depth: int = 0) -> Iterator[ToldLine]:
        """Yield the lines about fields, each with what was and what is."""
        for name, own in changes.items():
            if isinstance(own, list) and len(own) == 2:
                was, now = (self.worded(name, one) for one in own)
                yield ToldLine(depth, named(name), f"{was} → {now}")
            else:
                yield from self.about(name, named(name), own, depth)

    def worded(self, name: str, own: object) -> str:
        """Return one value as people read it: no brackets, no quotation marks."""
        if isinstance(own, list):
            parts = [self.worded(name, one) for one in own]
            empty = str(say("不限", "any")) if name == "networks" else nothing()
            return str(say("、", ", ")).join(parts) or empty
        if isinstance(own, dict):
            parts = [f"{named(key)} {self.worded(key, one)}" for key, one in own.items()]
            return str(say("，", "; ")).join(parts) or nothing()
        if isinstance(own, bool):
            return str(say("是", "yes") if own else say("否", "no"))
        if own is None or own == "":
            return str(say("不限", "any")) if name == "networks" else nothing()
        return self.text(name, own)

    def text(self, name: str, own: object) -> str:
        """Return a code as its word, a short name as the name, a day as it is written."""
        if name in ORGANIZATIONS:
            return self.organization(str(own))
        if name in PARTS_OF_TABLES:
            return named(str(own))
        if name == "effective_on":
            return day(str(own))
        for vocabulary in WORDS.get(name, ()):
            if (word := label(vocabulary, str(own))) != own:
                return word
        return str(own)

    def organization(self, slug: str) -> str:
        """Return the name of an organization; the short name where it is not known, or new."""
        return str(self.organizations.get(slug, slug))


def request_lines(content: Given) -> list[ToldLine]:
    """Return the lines that tell what a request holds."""
    names = names_of_organizations() if holds_organization(content) else {}
    return list(Telling(names).lines(content))


def told_changes(changes: Given) -> list[ToldLine]:
    """Return the lines that tell what was changed from what to what."""
    return list(Telling().changes(changes))


def holds_organization(content: object) -> bool:
    """Return whether *content* names an organization anywhere."""
    if isinstance(content, dict):
        return any(
            (one and name in ORGANIZATIONS) or holds_organization(one)
            for name, one in content.items()
        )
    return isinstance(content, list) and any(holds_organization(one) for one in content)


def names_of_organizations() -> dict[str, str]:
    """Return the names of organizations by their short names; none where they may not be seen."""
    try:
        rows = read_on("listOrganizations").rows
    except Refusal:
        return {}
    return {one["slug"]: f"{office_name(one)}（{one['slug']}）" for one in rows}


def place_of(name: str) -> tuple[int, str]:
    """Return where *name* stands among what a request holds: in the order of NAMES."""
    names = list(NAMES)
    return (names.index(name) if name in NAMES else len(names), name)


def named(name: str) -> str:
    """Return what is called *name* in a request, in the reader's language."""
    return str(say(*NAMES[name])) if name in NAMES else name


def nothing() -> str:
    """Return what stands where there is nothing."""
    return str(say("无", "none"))
