"""What the address of a list asks for: passed on to the operation, and said in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request

from app.console.calls import Refusal, ask
from app.console.labels import label, office_name
from app.console.offers import Offer
from app.console.pages import say
from app.console.paging import ReadOn, read_on
from app.core.types import Given, Values

OF_THE_PAGE = frozenset({"lang", "fields", "expand"})
"""What an address says to the page alone, and what would change what the page is given."""

UNSPOKEN = frozenset({"with_total", "sort", "q", "by", "months"})
"""What is no narrowing, or stands in the form already."""

WORDS = {
    "tag": ("标签", "Tag", ""),
    "office": ("单位", "Office", ""),
    "session": ("会议", "Session", ""),
    "progress": ("落实进度", "Progress", "progress"),
    "acceptance": ("采纳情况", "Acceptance", "acceptance"),
    "stance": ("性质", "Kind", "stance"),
    "specificity": ("是否具体", "Specificity", "specificity"),
    "part": ("该单位的职责", "Part of the office", "office_role"),
    "lead_status": ("主办情况", "Lead office", "lead_status"),
    "document": ("文件", "Document", ""),
    "proposal": ("提案", "Proposal", ""),
    "proposer": ("提案人", "Proposer", ""),
    "recommendation": ("建议", "Recommendation", ""),
    "case_no": ("案号", "Case number", ""),
    "overdue": ("逾期", "Late", "yes"),
    "promised": ("有承诺", "With a promise", "yes"),
    "reported": ("报过完成比例", "With a percentage", "yes"),
    "ended": ("已随提案终止", "Ended with its proposal", "yes"),
    "is_key": ("重点提案", "Key proposal", "yes"),
    "open": ("未办结", "Open", "yes"),
    "clock": ("期限", "What is due", "clock"),
    "handling_state": ("办理状态", "State", "handling_state"),
    "kind": ("类别", "Kind", ""),
    "level": ("层级", "Level", "level"),
    "category": ("分类", "Category", ""),
    "mark": ("评定", "Mark", "mark_kind"),
    "state": ("状态", "State", ""),
    "role": ("职责", "Role", "assignment_role"),
    "strength": ("承诺力度", "Strength", "promise_strength"),
    "counted_in": ("计入指标", "Counted in", ""),
    "within": ("范围", "Within", ""),
    "asking": ("所提建议", "Asking", ""),
    "as_of": ("截至", "As of", ""),
    "due_before": ("期限早于", "Due before", ""),
    "due_after": ("期限晚于", "Due after", ""),
    "cursor": ("页次", "Page", ""),
    "limit": ("每页条数", "Per page", ""),
    "updated_since": ("更新不早于", "Changed since", ""),
}
"""Filter → its name in Chinese and English, and the vocabulary of its values; empty: as written."""

READ_ONE = {
    "tag": ("getTag", "slug"),
    "office": ("getOrganization", "slug"),
    "session": ("getSession", "slug"),
}
"""Filter → the operation that reads one record of its values, and the parameter that names it."""

MOST_CHOSEN = 3
"""How many values that no list holds are asked for by their slugs."""

YES = {"true": ("是", "yes"), "false": ("否", "no")}


@dataclass(frozen=True)
class Narrowing:
    """One filter of the address in words, and the address of the page without it."""

    filter: str
    is_first: bool
    name: str
    value: str
    without: str


def passed_on() -> dict[str, list[str]]:
    """Return what the address asks of the list; what is left empty in a form is not asked."""
    found = {}
    for name, values in request.args.lists():
        kept = [value for value in values if value.strip()]
        if kept and name not in OF_THE_PAGE:
            found[name] = kept
    return found


def narrowings(names: Given) -> list[Narrowing]:
    """Return the filters of the address in words; *names* are those of slugs."""
    asked = passed_on()
    pairs = [(name, one) for name, values in asked.items() for one in values]
    return [
        Narrowing(
            name,
            value == asked[name][0],
            str(say(*WORDS[name][:2])) if name in WORDS else name,
            worded(name, value, names),
            address_without(pairs, (name, value)),
        )
        for name, value in pairs
        if name not in UNSPOKEN
    ]


def worded(name: str, value: str, names: Given) -> str:
    """Return the *value* of the filter *name* in words."""
    vocabulary = WORDS.get(name, ("", "", ""))[2]
    if vocabulary == "yes":
        return str(say(*YES.get(value, (value, value))))
    if vocabulary:
        return label(vocabulary, value)
    if name == "cursor":
        return str(say("后面的一页", "a later one"))
    if name == "counted_in":
        return counted_words(value)
    slug = value.partition(":")[2] if name == "within" else value
    return str(names.get(slug, value))


def counted_words(value: str) -> str:
    """Return which part of which figure *value* is, such as ``funnel.asked``."""
    figure, _, code = value.partition(".")
    for definition in ask("listFigures")["items"]:
        if definition["id"] == figure:
            parts = [
                say(p["label_zh"], p["label_en"]) for p in definition["parts"] if p["code"] == code
            ]
            name = say(definition["name_zh"], definition["name_en"])
            return " · ".join(str(one) for one in (name, *parts))
    return value


def address_without(pairs: Iterable[tuple[str, str]], left: tuple[str, str]) -> str:
    """Return the address of this page with all *pairs* but the one that is *left* out."""
    kept = [pair for pair in pairs if pair != left and pair[0] != "cursor"]
    return f"{request.path}?{urlencode(kept)}" if kept else request.path


# -- what can be chosen --------------------------------------------------------------------------


def tags() -> ReadOn:
    """Return the tags that a form offers."""
    return offered("tag", "listTags")


def offices() -> ReadOn:
    """Return the offices that a form offers."""
    return offered("office", "listOrganizations", is_office=True)


def sessions() -> ReadOn:
    """Return the sessions that a form offers."""
    return offered("session", "listSessions")


def offered(name: str, operation: str, is_office: bool | None = None) -> ReadOn:
    """Return what *operation* lists, and what the filter *name* of the address says beside it.

    There is nothing where the visitor may not see it.
    """
    try:
        found = read_on(operation, is_office=is_office)
    except Refusal:
        return ReadOn([], None)
    known = {row["slug"] for row in found.rows}
    chosen = [one for one in passed_on().get(name, ()) if one not in known]
    extra = [record_called(name, slug) for slug in chosen[:MOST_CHOSEN]]
    return ReadOn([*found.rows, *filter(None, extra)], found.next)


def record_called(name: str, slug: str) -> Values | None:
    """Return the record that the filter *name* means by *slug*; None where there is none."""
    operation, parameter = READ_ONE[name]
    try:
        return ask(operation, {parameter: slug})
    except Refusal:
        return None


def names_in(*groups: ReadOn) -> dict[str, str]:
    """Return the names of all records of *groups*, by their slugs."""
    return {row["slug"]: office_name(row) for group in groups for row in group.rows}


def choices(found: ReadOn, chosen: list[str]) -> Offer:
    """Return the slugs and names of what was *found*, with those *chosen* by the address."""
    known = names_in(found)
    pairs = [*known.items(), *((slug, slug) for slug in chosen if slug not in known)]
    return Offer(pairs, is_whole=found.is_whole)
