"""What every workflow is made of: steps, who may take each, what it needs, what is refused."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from app.core.codes import Axis, LabelledEnum, Need
from app.core.errors import NotAllowedNow, Sentence
from app.core.rules.permissions import Actor, Permission

NEEDED: dict[Need, Sentence] = {
    Need.DOCUMENT_NO: ("必须填写文号", "the document number is needed"),
    Need.EVIDENCE: (
        "必须附至少一份证明材料（title 和 url，或 file）",
        "at least one piece of evidence is needed, with title and url, or file",
    ),
    Need.INTO: ("必须写明并入哪件提案", "name the proposal it is merged into"),
    Need.NOTE: ("必须写明说明", "a note is needed"),
    Need.PROMISED_ON: ("必须写明新的承诺日期", "name the day that is promised now"),
    Need.REASON: ("必须说明理由", "a reason is needed"),
    Need.REASON_CODE: ("必须写明不予立案的情形", "say for which of the reasons it is not filed"),
    Need.REVIEW_ON: ("必须写明再议日期", "name the day to look at it again"),
    Need.SIGNED_BY: ("必须填写签发人", "the signer is needed"),
    Need.SUPERSEDED_BY: (
        "必须写明由哪一条建议取代",
        "name the recommendation that supersedes it, by its reference",
    ),
}
"""What is said where a step lacks something; whether another office acts is the actor's matter."""

NOT_TAKEN: Sentence = ("这一步不需要填写", "this step does not take it")
"""What is said where a step is given something it has no use for."""

WHO: dict[Permission, Sentence] = {
    Permission.HANDLE: ("承办单位", "the office that handles it"),
    Permission.SIGN: ("承办单位负责人", "the head of the office that handles it"),
    Permission.DISPATCH: ("交办人员", "dispatchers"),
    Permission.FILE: ("登记管理员", "registrars"),
    Permission.REPORT: ("主办或会办单位", "the lead office or a joint one"),
    Permission.DECIDE: ("主办单位", "the lead office"),
    Permission.VERIFY: ("申报单位以外的督办核验人员", "supervisors of another office"),
    Permission.REOPEN: ("督办核验人员", "supervisors"),
}
"""Permission of a step → who takes it."""


@dataclass(frozen=True)
class Step:
    """One allowed move: from *source* to *target*, by *permission*, with what it *needs*."""

    source: LabelledEnum
    target: LabelledEnum
    permission: Permission
    needs: frozenset[Need] = frozenset()


@dataclass(frozen=True)
class NextStep:
    """A step that may be taken now, as answers show it: by which *operation*, and with what."""

    operation: str
    axis: Axis | None
    to: str
    to_zh: str
    to_en: str
    needs: list[Need]


def by_permission(actor: Actor, step: Step) -> bool:
    """Return whether *actor* may take *step*, where nothing but the permission decides."""
    return actor.may(step.permission)


@dataclass(frozen=True, kw_only=True)
class Workflow:
    """One state machine: published under its *name*, moved by its *operation*.

    *thing* is what it is about, in zh and en. *may* says whether an actor may take a step; after
    these two it takes whose the record is, as each workflow says.
    """

    name: str
    record: str
    thing: Sentence
    operation: str
    initial: LabelledEnum
    steps: tuple[Step, ...]
    axis: Axis | None = None
    may: Callable[..., bool] = by_permission

    @property
    def states(self) -> type[LabelledEnum]:
        """Return the vocabulary of the states that a record can be in."""
        return type(self.initial)

    def within(self, allows: Callable[[Step], bool]) -> "Workflow":
        """Return this workflow with only the steps that a situation *allows*."""
        return replace(self, steps=tuple(step for step in self.steps if allows(step)))

    @cached_property
    def shown(self) -> dict[str, list[tuple[Step, NextStep]]]:
        """State → the steps that lead away from it, each as answers show it."""
        found: dict[str, list[tuple[Step, NextStep]]] = {}
        for step in self.steps:
            shown = NextStep(
                operation=self.operation,
                axis=self.axis,
                to=step.target,
                to_zh=step.target.zh,
                to_en=step.target.en,
                needs=sorted(step.needs),
            )
            found.setdefault(step.source, []).append((step, shown))
        return found

    def steps_from(self, state: str) -> list[Step]:
        """Return the steps that lead away from *state*."""
        return [step for step, _ in self.shown.get(state, ())]

    def find(self, state: str, target: str) -> Step | None:
        """Return the step from *state* to *target*, or None where there is none."""
        return next((step for step in self.steps_from(state) if step.target == target), None)

    def next_steps(self, actor: Actor, state: str, *whose: Any) -> list[NextStep]:
        """Return the steps that *actor* may take from *state*, of a record that is *whose*."""
        steps = self.shown.get(state, ())
        return [shown for step, shown in steps if self.may(actor, step, *whose)]

    def refusal(
        self,
        state: str,
        target: str,
        may: Callable[[Step], bool],
        who: Mapping[Permission, Sentence] = WHO,
    ) -> NotAllowedNow:
        """Return the refusal that names both states, and where the steps lead instead.

        Of a step that the caller may not take, it says *who* takes it.
        """
        source, wanted = (self.states(code) for code in (state, target))
        choices = [
            (step.target, None if may(step) else who[step.permission])
            for step in self.steps_from(state)
        ]
        zh = (f"{to.zh}（由{by[0]}）" if by else to.zh for to, by in choices)
        en = (f"{to} (by {by[1]})" if by else to for to, by in choices)
        return NotAllowedNow(
            axis=self.thing[1],
            axis_zh=self.thing[0],
            source=source,
            source_zh=source.zh,
            target=wanted,
            target_zh=wanted.zh,
            choices=", ".join(dict.fromkeys(en)) or "nothing",
            choices_zh="、".join(dict.fromkeys(zh)) or "无",
        )


def lacking(step: Step, given: object) -> dict[str, Sentence]:
    """Return what *given* lacks of what *step* needs, by field."""
    needed = sorted(step.needs & NEEDED.keys())
    return {need: NEEDED[need] for need in needed if not getattr(given, need)}


def surplus(step: Step, given: object, *needs: Need) -> dict[str, Sentence]:
    """Return which of *needs* are *given* although *step* has no use for them, by field."""
    idle = [need for need in needs if need not in step.needs and getattr(given, need)]
    return dict.fromkeys(idle, NOT_TAKEN)
