"""Synthetic records: the real tags, offices and people, and made-up documents in real proportions.

Rows are tuples in the order of COLUMNS. Moments are text that both databases read as UTC.
"""

import hashlib
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from app.core.codes import Progress
from app.core.rules.state_groups import UNDONE
from benchmarks.known import Known
from benchmarks.moves import Chain

PER_PROPOSAL = 25
PER_DOCUMENT = 4 * PER_PROPOSAL
PER_SESSION = 20
DOCUMENTS_PER_BATCH = 5 * PER_SESSION
INTERNAL = 0.04
"""The share of proposals that are not published."""

STATES = {
    "not_started": 35, "planned": 12, "in_progress": 25, "implemented": 8, "verified": 8,
    "stalled": 4, "deferred": 3, "not_pursued": 3, "superseded": 2,
}  # fmt: skip
"""Progress → its share, in percent."""

COLUMNS = {
    "sessions": (
        "id", "slug", "body_id", "kind", "name_zh", "version", "created_at", "updated_at",
    ),
    "documents": (
        "id", "reference", "text", "sha256", "title", "kind", "level", "session_id", "version",
        "created_at", "updated_at",
    ),
    "proposals": (
        "id", "reference", "kind", "source_kind", "title", "title_is_printed", "document_id",
        "session_id", "handling_state", "publication", "version", "created_at", "updated_at",
    ),
    "proposers": ("id", "proposal_id", "position", "person_id", "role", "as_printed"),
    "recommendations": (
        "id", "proposal_id", "number", "reference", "summary_zh", "summary_en", "stance",
        "publication", "acceptance", "progress", "last_move", "claimed_by_office_id",
        "lead_office_id", "lead_status", "due_on", "review_on", "targets", "search_text",
        "version", "created_at", "updated_at", "next_due_on", "next_clock", "public_due_on",
        "public_clock",
    ),
    "passages": (
        "id", "document_id", "recommendation_id", "position", "start_at", "end_at", "text",
    ),
    "recommendation_tags": (
        "recommendation_id", "tag_id", "is_direct", "progress", "last_move", "publication",
    ),
    "recommendation_offices": ("recommendation_id", "office_id"),
    "tasks": (
        "id", "kind", "desk", "office_id", "role", "proposal_id", "recommendation_id",
        "publication", "pauses", "extensions", "due_on", "is_provisional",
    ),
    "task_counts": (
        "desk", "office_id", "grain", "due_on", "kind", "role", "publication", "number",
    ),
    "events": (*Chain.COLUMNS,),
}  # fmt: skip

SUBJECTS = [
    "大模型",
    "算力",
    "数据要素",
    "智能制造",
    "智慧物流",
    "人才",
    "产业园",
    "标准",
    "科研平台",
]
VERBS = ["加快建设", "统筹推进", "支持发展", "完善", "专项资金扶持", "组织企业参与", "出台办法规范"]
PLACES = ["在全市", "在郑东新区", "在高新区", "在航空港区", "在各开发区", "会同高校"]
Rows = dict[str, list[tuple[Any, ...]]]


@dataclass
class Source:
    """A document being made: its numbers, its theme, and the words so far."""

    id: int
    session_id: int
    created_at: str
    theme: list[int]
    text: list[str] = field(default_factory=list)
    length: int = 0


class Generator:
    """Makes *size* recommendations on top of what is *known*, in batches; always the same ones."""

    def __init__(self, known: Known, size: int, seed: int = 20_26) -> None:
        self.known = known
        self.random = random.Random(seed)
        self.documents = size // PER_DOCUMENT
        self.next_id = dict(known.next_id)
        self.chain = Chain(known.sequence, known.last_hash)
        self.tags = list(known.brought)
        self.rows: Rows = defaultdict(list)
        self.drafts: list[dict[str, Any]] = []
        self.desks: Counter[tuple[Any, ...]] = Counter()

    def batches(self) -> Iterator[Rows]:
        """Yield the rows of one hundred documents at a time, parents before children."""
        for number in range(self.documents):
            self.document(number)
            if (number + 1) % DOCUMENTS_PER_BATCH == 0:
                yield self.taken()
        yield self.taken()
        self.rows["task_counts"] = [(*key, number) for key, number in self.desks.items()]
        yield self.taken()

    def number(self, table: str) -> int:
        """Return the next id of *table*."""
        self.next_id[table] += 1
        return self.next_id[table] - 1

    def document(self, number: int) -> None:
        """Make one document with its proposals and their recommendations."""
        if number % PER_SESSION == 0:
            self.sitting()
        at = datetime(2016, 1, 4, 9, tzinfo=UTC) + timedelta(hours=number % 80_000)
        own = self.random.sample(self.known.subject, 5)
        source = Source(
            id=self.number("documents"),
            session_id=self.next_id["sessions"] - 1,
            created_at=moment(at),
            theme=own + self.random.sample(self.tags, 8),
        )
        for _ in range(PER_DOCUMENT // PER_PROPOSAL):
            self.proposal(source)
        text = "".join(source.text)
        digest = hashlib.sha256(text.encode()).hexdigest()
        self.rows["documents"].append(
            (source.id, f"D-{source.id:07}", text, digest, f"郑州市合成文本第{source.id}号",
             "filed_text", "city", source.session_id, 1, source.created_at, source.created_at)
        )  # fmt: skip

    def sitting(self) -> None:
        """Make one session."""
        number = self.number("sessions")
        at = "2016-01-04 09:00:00.000000"
        self.rows["sessions"].append(
            (number, f"synthetic-{number}", self.known.body_id, "plenary", f"合成会议第{number}次",
             1, at, at)
        )  # fmt: skip

    def proposal(self, source: Source) -> None:
        """Make one proposal with its proposer and its recommendations."""
        number = self.number("proposals")
        person_id, name = self.random.choice(self.known.people)
        publication = "internal" if self.random.random() < INTERNAL else "published"
        title = f"关于{self.random.choice(VERBS)}{self.random.choice(SUBJECTS)}的建议（{number}）"
        self.rows["proposals"].append(
            (number, f"S-{number:08}", "cppcc_proposal", "filed_case", title, True, source.id,
             source.session_id, "filed", publication, 1, source.created_at, source.created_at)
        )  # fmt: skip
        proposer = (self.number("proposers"), number, 1, person_id, "lead", name)
        self.rows["proposers"].append(proposer)
        for position in range(1, PER_PROPOSAL + 1):
            self.drafts.append(
                {"id": self.number("recommendations"), "proposal_id": number, "title": title,
                 "number": position, "publication": publication, "name": name, "source": source}
            )  # fmt: skip
            self.passage(source, self.drafts[-1])

    def passage(self, source: Source, draft: dict[str, Any]) -> None:
        """Give a recommendation its words in the document."""
        pick = self.random.choice
        summary = f"{pick(PLACES)}{pick(VERBS)}{pick(SUBJECTS)}，{pick(VERBS)}{pick(SUBJECTS)}"
        quote = f"建议{summary}，到{pick(range(2024, 2031))}年见到成效（第{draft['id']}条）。"
        start, source.length = source.length, source.length + len(quote)
        source.text.append(quote)
        draft |= {"summary": summary, "quote": quote}
        self.rows["passages"].append(
            (self.number("passages"), source.id, draft["id"], 1, start, source.length, quote)
        )

    def taken(self) -> Rows:
        """Return what was made since the last time: states in a shuffled order of moves."""
        for draft in self.drafts:
            self.state(draft)
        moved = [draft for draft in self.drafts if draft["progress"] != Progress.NOT_STARTED]
        self.random.shuffle(moved)
        self.rows["events"] += [self.chain.event(draft) for draft in moved]
        for draft in self.drafts:
            self.recommendation(draft)
        rows, self.rows, self.drafts = self.rows, defaultdict(list), []
        return rows

    def state(self, draft: dict[str, Any]) -> None:
        """Give a recommendation its progress, its offices and its tags."""
        progress = self.random.choices(list(STATES), list(STATES.values()))[0]
        first, *joint = self.random.sample(self.known.offices, 3)
        theme = draft["source"].theme
        given = self.random.sample(theme, self.random.choice((2, 2, 3, 3, 4)))
        tags: dict[int, bool] = {}
        for tag in given:
            for brought, direct in self.known.brought[tag].items():
                tags[brought] = direct or tags.get(brought, False)
        draft |= {"progress": progress, "office": first, "tags": tags, "last_move": 0}
        draft["joint"] = joint[: self.random.choice((0, 0, 0, 1, 2))]
        draft["due_in"] = self.random.randrange(1, 4000)

    def recommendation(self, draft: dict[str, Any]) -> None:
        """Write the rows of one recommendation."""
        number, progress, move = draft["id"], draft["progress"], draft["last_move"]
        publication = draft["publication"]
        self.rows["recommendations"].append(recommendation_row(draft))
        self.rows["recommendation_tags"] += [
            (number, tag, direct, progress, move, publication)
            for tag, direct in draft["tags"].items()
        ]
        self.rows["recommendation_offices"] += [(number, office) for office, _ in draft["joint"]]
        self.waits(draft)

    def waits(self, draft: dict[str, Any]) -> None:
        """Put on the desks what waits for a recommendation, and count it."""
        due = due_of(draft) if draft["progress"] in UNDONE else None
        for desk, office, kind, role in waiting(draft):
            self.rows["tasks"].append(
                (self.number("tasks"), kind, desk, office, role, draft["proposal_id"],
                 draft["id"], draft["publication"], "[]", "[]", due, False)
            )  # fmt: skip
            day = due or "9999-12-31"
            rest = (kind, role or "", draft["publication"])
            self.desks[desk, office, "day", day, *rest] += 1
            self.desks[desk, office, "month", f"{day[:8]}01", *rest] += 1


def due_of(draft: dict[str, Any]) -> str | None:
    """Return the day a recommendation is due; every third one has none."""
    day = date(2020, 1, 1) + timedelta(days=draft["due_in"])
    return day.isoformat() if draft["due_in"] % 3 else None


def next_of(draft: dict[str, Any]) -> tuple[str | None, str | None]:
    """Return the day a recommendation is next due and its clock: its own day, while it waits."""
    day = due_of(draft) if draft["progress"] in UNDONE else None
    return day, "own_day" if day else None


def waiting(draft: dict[str, Any]) -> Iterator[tuple[str, int, str, str | None]]:
    """Yield desk, office, kind and role of what waits for a recommendation."""
    if draft["progress"] == Progress.IMPLEMENTED:
        yield "supervisors", 0, "verify", None
    if draft["progress"] in UNDONE:
        if draft["progress"] != Progress.NOT_STARTED:
            yield "office", draft["office"][0], "implement", "lead"
        for office, _ in draft["joint"]:
            yield "office", office, "implement", "joint"


def recommendation_row(draft: dict[str, Any]) -> tuple[Any, ...]:
    """Return the row of the table recommendations."""
    progress, summary, office = draft["progress"], draft["summary"], draft["office"][0]
    moved = progress != Progress.NOT_STARTED
    created = draft["source"].created_at
    due = date(2020, 1, 1) + timedelta(days=draft["due_in"])
    claimed = office if progress in ("implemented", "verified") else None
    searched = f"{summary} \n{draft['quote']}\n{draft['title']}\n{draft['name']}".casefold()
    return (
        draft["id"], draft["proposal_id"], draft["number"], f"S-R{draft['id']:08}", summary, None,
        "asks", draft["publication"], "accepted" if moved else "undecided", progress,
        draft["last_move"], claimed, office, "taken_on" if moved else "suggested",
        due_of(draft),
        due.isoformat() if progress == "deferred" else None,
        "[]", searched, 2 if moved else 1, created, draft.get("moved_at", created),
        *2 * next_of(draft),
    )  # fmt: skip


def moment(at: datetime) -> str:
    """Return a moment in UTC as both databases read it."""
    return at.strftime("%Y-%m-%d %H:%M:%S.%f")
