"""Figures as pictures."""

from datetime import date

from app.core.queries.rows import View
from app.figures import pictures
from app.figures.pictures import FunnelStep, SeriesLine, Timeliness
from app.register.counting.rules.figure import DENOMINATOR, NUMERATOR, Figure

REST = {"zh": "其余", "en": "the rest"}
SAID = {
    "zh": "{formula}。截至 {day}，{scope}：{parts}。",
    "en": "{formula}. As of {day}, {scope}: {parts}.",
}


def drawn(figure: Figure, view: View, language: str) -> str:
    """Return the picture of *figure* with the numbers of *view*, in *language*.

    With month ends it is lines over them; a share that is broken down is a bar for each group, its
    numerator filled; anything else is a bar for each part.
    """
    place = 0 if language == "zh" else 1
    title, text = figure.name[place], described(figure, view, language, place)
    names = {code: labels[place] for code, labels in figure.parts.items()}
    if view.over_time:
        days: list[date] = [point.on for point in view.over_time]
        lines = [
            SeriesLine(names[part.code], [point.parts[n].number for point in view.over_time])
            for n, part in enumerate(view.parts)
        ]
        return pictures.series(title, text, days, lines, language)
    if view.groups and figure.is_share:
        meanings = names[NUMERATOR], REST[language]
        return pictures.bars(
            title, text, [bar(one, language) for one in view.groups], language, meanings
        )
    parts = sorted(view.parts, key=lambda part: part.code != DENOMINATOR)
    steps = [FunnelStep(names[part.code], part.number) for part in parts]
    apart = sum(step.number for step in steps) if figure.is_partition else None
    return pictures.funnel(title, text, steps, language, apart)


def bar(group: View, language: str) -> Timeliness:
    """Return the bar of a group of a share."""
    numbers = {part.code: part.number for part in group.parts}
    label = group.label_zh if language == "zh" else group.label_en
    return Timeliness(label, numbers[NUMERATOR], numbers[DENOMINATOR] - numbers[NUMERATOR])


def described(figure: Figure, view: View, language: str, place: int) -> str:
    """Return what a picture says to those who do not see it: the formula and the numbers."""
    parts = "；" if language == "zh" else "; "
    told = [f"{figure.parts[part.code][place]} {part.number}" for part in view.parts]
    return SAID[language].format(
        formula=figure.formula[place],
        day=view.as_of,
        scope=view.scope_zh if language == "zh" else view.scope_en,
        parts=parts.join(told),
    )
