"""How many came how far, step by step."""

from collections.abc import Sequence

from app.figures.pictures.data import FunnelStep, share
from app.figures.pictures.svg import COLOURS, GREY, WIDTH, box, label, nothing, picture, room_for

BAR, APART, TOP = 26, 12, 40


def funnel(
    title: str,
    description: str,
    steps: Sequence[FunnelStep],
    language: str = "zh",
    whole: int | None = None,
) -> str:
    """Return a picture of *steps*: a bar each, all from zero, with its number and its share.

    That is its share in *whole*, or in the first step.
    """
    if not steps:
        return nothing(title, description, language)
    whole = steps[0].number if whole is None else whole
    most = max(1, *(step.number for step in steps))
    texts = [f"{step.number:,} ({share(step.number, whole)})" for step in steps]
    left = room_for((step.label for step in steps), 240) + 12
    right = room_for(texts, WIDTH) + 12
    parts = []
    for place, (step, text) in enumerate(zip(steps, texts, strict=True)):
        y = TOP + place * (BAR + APART)
        long = (WIDTH - left - right) * step.number / most
        parts += [
            label(left - 12, y + 18, step.label, room=left - 12, text_anchor="end"),
            box(left, y, WIDTH - left - right, BAR, fill="#f2f2f2"),
            box(left, y, long, BAR, fill=COLOURS[0]),
            label(left + long + 6, y + 18, text, fill=GREY if not step.number else "#1a1a1a"),
        ]
    return picture(title, description, TOP + len(steps) * (BAR + APART), parts)
