"""A made-up year of papers: what came in, who was given it, and what became of it."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from drills.paper_calendar import RULES, Rules, due
from drills.paper_ledger import Ledger

TODAY = date(2026, 11, 30)
"""The day on which the register is begun, and all of it is entered."""

FIRST = date(2026, 1, 5)
SEED = 2026


class Over(Exception):
    """The next paper of a case would be of a day that has not come."""


class Story:
    """The made-up story of one case, by the throws of *dice*."""

    def __init__(self, number: int, dice: Random, offices: Sequence[str]) -> None:
        self.dice, self.offices = dice, offices
        rules: Rules = dice.choice(RULES)
        self.case = Ledger(number, rules)
        self.day = FIRST + timedelta(days=dice.randrange(300))

    def later(self, least: int, most: int) -> date:
        """Return a day after the last paper, and let it be that day; raise Over in the future."""
        self.day += timedelta(days=self.dice.randint(least, most))
        if self.day >= TODAY:
            raise Over
        return self.day

    def chance(self, percent: int) -> bool:
        """Return whether something happens."""
        return self.dice.randrange(100) < percent

    def told(self) -> Ledger:
        """Return the case with all that happened until today."""
        try:
            if self.intake():
                self.handling()
        except Over:
            pass
        self.case.let_pass(TODAY)
        return self.case

    def intake(self) -> bool:
        """Submit, review and decide; return whether it goes on."""
        case = self.case
        case.step("submitted", self.later(0, 0))
        case.step("under_review", self.later(0, 5))
        roll = self.dice.randrange(100)
        if roll < 8:
            case.step("not_filed" if roll < 5 else "transferred", self.later(0, 6))
            return False
        case.step("filed", self.later(0, 6))
        if self.chance(3):
            case.step("withdrawn", self.later(0, 9))
            return False
        return True

    def handling(self) -> None:
        """Dispatch it and let the offices work."""
        office, other, third = self.dice.sample(self.offices, 3)
        on = self.later(0, 9)
        lead = self.case.dispatch(office, "lead", on)
        joint = self.case.dispatch(other, "joint", on) if self.chance(25) else None
        if self.chance(10):
            lead = self.objection(lead, third)
        if self.chance(6):
            return
        if self.case.parts[lead - 1].received is None:
            self.case.receive(lead, self.later(0, 6))
        if joint is not None and self.chance(90):
            self.case.receive(joint, self.later(0, 3))
        if self.chance(60):
            self.case.work(lead, self.later(0, 5))
        if self.chance(3):
            self.case.step("withdrawn", self.later(0, 30))
            return
        self.move_days(lead)
        self.answer(lead, joint)

    def objection(self, lead: int, third: str) -> int:
        """Let the office that leads object in time; return who leads in the end."""
        case, returned = self.case, self.chance(70)
        if case.rules.objection_from == "receipt":
            case.receive(lead, self.later(0, 2))
        on = self.later(0, 1)
        if not any(wait.due and on <= wait.due for wait in case.open("objection", part=lead)):
            return lead
        decided = self.later(1, 7)
        case.object(lead, on, decided, returned)
        if not returned:
            return lead
        return case.dispatch(third, "lead", self.later(0, 12))

    def move_days(self, lead: int) -> None:
        """Let the clock of the reply stand still, or get more time for it."""
        case, wait = self.case, self.case.clock(lead)
        if self.chance(8):
            first = self.later(1, 9)
            if wait.due is not None and wait.began < first <= wait.due:
                case.pause(lead, first, first + timedelta(days=self.dice.randrange(4, 20)))
        if not self.chance(25) or case.rules.longest is None:
            return
        asked = self.later(1, 40)
        stood = case.parts[lead - 1].pauses
        latest = due((case.rules.longest, "m"), wait.began, stood)
        if wait.due is None or asked > wait.due or wait.due >= latest:
            return
        until = min(latest, wait.due + timedelta(days=self.dice.randint(5, 60)))
        decided = self.later(0, 5)
        case.extend(lead, asked, until, decided, TODAY)

    def answer(self, lead: int, joint: int | None) -> None:
        """Let the offices reply, and the proposer say what they think of it."""
        case = self.case
        if joint is not None and case.parts[joint - 1].received is None:
            return  # without the joint opinion no reply goes out
        if joint is not None:
            case.opine(joint, self.later(5, 50))
        for round in (1, 2):
            case.draft(lead, self.later(3, 60 if round == 1 else 20))
            if joint is not None:
                case.sign(self.later(0, 4), lead)
            checked, sent = self.later(0, 3), self.later(0, 4)
            case.send(lead, checked, sent)
            if self.chance(50):
                case.publish(lead, self.later(0, 8))
            if not self.chance(65) or self.rated(lead, round):
                return

    def rated(self, lead: int, round: int) -> bool:
        """Let the proposer rate the reply; return whether that is the end of it."""
        case, on, satisfied = self.case, self.later(0, 8), self.chance(85)
        if any(wait.due and on > wait.due for wait in case.open("feedback", part=lead)):
            return True
        case.rate(lead, on, satisfied, round)
        return satisfied or round > 1 or case.rules.assesses_first or self.chance(30)


def made_up(number: int, offices: Sequence[str], seed: int = SEED) -> Iterator[Ledger]:
    """Yield so many cases of the made-up year, handled by *offices*; the same ones each time."""
    dice = Random(seed)
    for case in range(1, number + 1):
        yield Story(case, dice, offices).told()
