"""What one case should look like by its papers: a plain ledger, kept without the register."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from drills.paper_calendar import (
    DAY,
    INTAKE,
    PUBLICATION,
    RECEIPT,
    Rules,
    Stretch,
    due,
    reply_due,
)

WINDOWS = ("objection", "feedback")


@dataclass(frozen=True)
class Paper:
    """One paper: which *step* it says was taken, by which *part* (0: the proposal), on which day.

    *more* is what else it says.
    """

    step: str
    on: date
    part: int = 0
    more: dict[str, Any] = field(default_factory=dict)


@dataclass
class Wait:
    """Something that was waited for, of a part of the case."""

    kind: str
    part: int
    began: date
    due: date | None = None
    original: date | None = None
    ended: date | None = None

    def end(self, on: date, void: bool = False) -> None:
        """End it *on* a day; a window that nobody used was over the day after."""
        over = self.due + DAY if void and self.kind in WINDOWS and self.due else on
        self.ended = min(on, over)


@dataclass
class Part:
    """What one office was given: its role, and how far it is."""

    office: str
    role: str
    given: date
    state: str = "pending"
    received: date | None = None
    pauses: list[Stretch] = field(default_factory=list)


class Ledger:
    """One case: its papers in order, and what follows from them."""

    def __init__(self, number: int, rules: Rules) -> None:
        self.number, self.rules = number, rules
        self.papers: list[Paper] = []
        self.waits: list[Wait] = []
        self.parts: list[Part] = []
        self.state, self.moved = "draft", False
        self.submitted: date | None = None
        self.filed: date | None = None

    # -- what waits ------------------------------------------------------------------------------

    def note(self, step: str, on: date, part: int = 0, **more: Any) -> None:
        """Keep a paper."""
        self.papers.append(Paper(step, on, part, more))

    def begin(self, kind: str, part: int, on: date, until: date | None = None) -> None:
        """Wait for something from *on*."""
        self.waits.append(Wait(kind, part, on, until, until))

    def open(self, *kinds: str, part: int | None = None) -> Iterator[Wait]:
        """Yield what is waited for, of *kinds* or any, of a *part* or of all."""
        for wait in self.waits:
            fits = not kinds or wait.kind in kinds
            if wait.ended is None and fits and part in (None, wait.part):
                yield wait

    def end(self, *kinds: str, on: date, part: int | None = None, void: bool = False) -> None:
        """End it."""
        for wait in list(self.open(*kinds, part=part)):
            wait.end(on, void)

    # -- intake ----------------------------------------------------------------------------------

    def step(self, to: str, on: date) -> None:
        """Submit, review, file, refuse, transfer or withdraw the proposal."""
        self.note(to, on)
        self.state = to
        if to == "submitted":
            self.submitted = on
            self.begin("review", 0, on)
        elif to == "filed":
            self.filed = on
            self.end(on=on)
            self.begin("dispatch", 0, self.submitted or on, due(INTAKE, self.submitted or on))
        elif to != "under_review":
            self.end(on=on, void=True)
            for part in self.parts:
                part.state = part.state if part.state in ("returned", "answered") else "withdrawn"

    # -- offices ---------------------------------------------------------------------------------

    def dispatch(self, office: str, role: str, on: date) -> int:
        """Give an office the case, and return the number of its part."""
        self.parts.append(Part(office, role, on))
        part = len(self.parts)
        self.note("dispatch", on, part, office=office, role=role)
        self.state = "dispatched" if self.state == "filed" else self.state
        if role == "lead":
            self.end("dispatch", "redispatch", on=on)
        signed_by = due(RECEIPT, on)
        self.begin("receive", part, on, signed_by)
        rules = self.rules
        if rules.objection_from == "dispatch":
            self.begin("objection", part, on, due(rules.objection, on))
        kind, counts = self.owed(role)
        self.begin(kind, part, on if counts == "dispatch" else signed_by)
        self.set_due(part)
        return part

    def owed(self, role: str) -> tuple[str, str]:
        """Return what an office in *role* owes, and from what that counts."""
        lead = role == "lead"
        return ("reply", self.rules.reply_from) if lead else ("co_opinion", self.rules.opinion_from)

    def clock(self, part: int) -> Wait:
        """Return the clock of a part that answers."""
        return next(self.open("reply", "co_opinion", part=part))

    def set_due(self, part: int) -> None:
        """Count the clock of a part anew."""
        wait, pauses = self.clock(part), self.parts[part - 1].pauses
        if wait.kind == "reply":
            wait.due = wait.original = reply_due(self.rules, wait.began, pauses)
        else:
            wait.due = wait.original = due(self.rules.opinion, wait.began, pauses)

    def receive(self, part: int, on: date) -> None:
        """Sign for it."""
        self.note("received", on, part)
        own = self.parts[part - 1]
        own.received, own.state = on, "received"
        self.end("receive", part=part, on=on)
        if self.rules.objection_from == "receipt":
            self.begin("objection", part, on, due(self.rules.objection, on))
        if self.owed(own.role)[1] == "receipt":
            self.clock(part).began = on
            self.set_due(part)

    def work(self, part: int, on: date) -> None:
        """Begin the work."""
        self.note("in_progress", on, part)
        self.parts[part - 1].state = "in_progress"
        self.end("objection", part=part, on=on, void=True)
        if self.parts[part - 1].role == "lead":
            self.state = "in_progress"

    def object(self, part: int, on: date, decided: date, returned: bool) -> None:
        """Object, and hear what the dispatchers say."""
        self.note("objection_pending", on, part)
        self.end("objection", part=part, on=on)
        self.begin("decide_objection", part, on)
        self.note("returned" if returned else "upheld", decided, part)
        self.end("decide_objection", part=part, on=decided)
        self.parts[part - 1].state = "returned" if returned else "upheld"
        if returned:
            self.end(part=part, on=decided, void=True)
            limit = self.rules.redispatch
            self.begin("redispatch", part, decided, due(limit, decided) if limit else None)

    # -- days ------------------------------------------------------------------------------------

    def pause(self, part: int, first: date, last: date) -> None:
        """Let the clock stand still."""
        self.note("pause", first, part, last=last)
        self.parts[part - 1].pauses.append((first, last))
        self.set_due(part)

    def extend(self, part: int, on: date, until: date, decided: date, today: date) -> None:
        """Ask for more time and get it; who needs no consent is decided on when it is late."""
        wait = self.clock(part)
        asks = self.rules.consent or (wait.due is not None and today > wait.due)
        self.note("extension", on, part, until=until)
        if asks:
            self.begin("decide_extension", part, on)
            self.note("granted", decided, part)
            self.end("decide_extension", part=part, on=decided)
        wait.due = until

    # -- answers ---------------------------------------------------------------------------------

    def opine(self, part: int, on: date) -> None:
        """Send a joint opinion, drafted on the same day."""
        self.note("opinion", on, part)
        self.end("co_opinion", part=part, on=on)
        self.end("objection", part=part, on=on, void=True)
        self.parts[part - 1].state = "answered"

    def draft(self, part: int, on: date) -> None:
        """Draft a reply, which joint offices are asked to countersign."""
        self.note("draft", on, part)
        self.begin("check_reply", part, on)
        for number, other in enumerate(self.parts, 1):
            if other.role == "joint" and other.state not in ("returned", "withdrawn"):
                self.begin("countersign", number, on)

    def sign(self, on: date, part: int) -> None:
        """Agree to the reply, as each joint office does."""
        for wait in list(self.open("countersign")):
            self.note("countersign", on, wait.part, reply_of=part)
            wait.end(on)

    def send(self, part: int, checked: date, on: date) -> None:
        """Check and send the reply."""
        self.note("checked", checked, part)
        self.end("check_reply", part=part, on=checked)
        self.note("sent", on, part)
        self.end("feedback", "publish", "objection", part=part, on=on, void=True)
        self.end("reply", "rehandle", part=part, on=on)
        feedback = self.rules.feedback
        self.begin("feedback", part, on, due(feedback, on) if feedback else None)
        self.begin("publish", part, on, due(PUBLICATION, on))
        self.parts[part - 1].state, self.state = "answered", "replied"

    def publish(self, part: int, on: date) -> None:
        """Let everyone read it."""
        self.note("published", on, part)
        self.end("publish", part=part, on=on)

    def rate(self, part: int, on: date, satisfied: bool, round: int) -> None:
        """Return the form of the one proposer."""
        self.note("rated", on, part, satisfied=satisfied)
        self.end("feedback", part=part, on=on)
        if satisfied:
            self.state = "evaluated"
        elif round > 1 or self.rules.assesses_first:
            self.begin("assess", part, on)
        else:
            self.begin("rehandle", part, on, due(self.rules.rehandling, on))
            self.parts[part - 1].state, self.state = "in_progress", "reprocessing"

    def let_pass(self, today: date) -> None:
        """Close the windows that are over *today*; a case that nobody waits for is evaluated."""
        for wait in list(self.open(*WINDOWS)):
            if wait.due is not None and wait.due < today:
                wait.end(today, void=True)
        rated = ("feedback", "assess", "rehandle")
        if self.state == "replied" and not any(self.open(*rated)):
            self.state = "evaluated"
