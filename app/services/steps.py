"""Refusing a step: there is none, or it lacks what it needs."""

from collections.abc import Iterable

from app.errors import NotAllowedNow, Sentence
from app.rules.vocabularies import Need, Vocabulary
from app.rules.workflow import Step

NEEDED: dict[Need, Sentence] = {
    Need.DOCUMENT_NO: ("必须填写文号", "the document number is needed"),
    Need.EVIDENCE: ("必须附证明材料", "at least one piece of evidence is needed"),
    Need.INTO: ("必须写明并入哪件提案", "name the proposal it is merged into"),
    Need.PROMISED_ON: ("必须写明新的承诺日期", "name the day that is promised now"),
    Need.REASON: ("必须说明理由", "a reason is needed"),
    Need.REASON_CODE: ("必须写明不予立案的情形", "say for which of the reasons it is not filed"),
    Need.SIGNED_BY: ("必须填写签发人", "the signer is needed"),
}
"""What is said where a step of handling lacks something."""

NOT_TAKEN: Sentence = ("这一步不需要填写", "this step does not take it")
"""What is said where a step is given something it has no use for."""


def no_such_step(
    thing: Sentence, source: Vocabulary, target: Vocabulary, steps: Iterable[Step]
) -> NotAllowedNow:
    """Return the refusal that names both states of *thing* (zh, en), and where *steps* lead."""
    choices = list(dict.fromkeys(step.target for step in steps))
    return NotAllowedNow(
        axis=thing[1],
        axis_zh=thing[0],
        source=source,
        source_zh=source.zh,
        target=target,
        target_zh=target.zh,
        choices=", ".join(choices) or "nothing",
        choices_zh="、".join(choice.zh for choice in choices) or "无",
    )
