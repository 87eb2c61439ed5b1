"""Tags that the words of a recommendation suggest, and those that are typed by their names."""

from collections.abc import Collection
from dataclasses import dataclass

from app.console.choices import Choices
from app.console.labels import office_name
from app.console.paging import every
from app.core.types import Given, Values
from app.register.tags.rules import words_in


@dataclass(frozen=True)
class SuggestedTag:
    """A tag that a recommendation has or may have, and the *word* of it that stands there."""

    slug: str
    name: str
    word: str
    is_chosen: bool


def tag_rows() -> list[Values]:
    """Return the tags that stand, with the words they are found by."""
    return list(every("listTags"))


def choices_of(tags: list[Values]) -> Choices:
    """Return *tags* as choices."""
    return [(one["slug"], office_name(one)) for one in tags]


def suggested_tags(words: str, chosen: Collection[str], tags: list[Values]) -> list[SuggestedTag]:
    """Return those of *tags* that are *chosen*, or a name or synonym of which stands in *words*."""
    text = words.casefold()
    found = []
    for tag in tags:
        names = [tag["name_zh"], *tag["synonyms"], *([tag["name_en"]] if tag["name_en"] else [])]
        standing = words_in(text, names)
        if standing or tag["slug"] in chosen:
            own = (tag["slug"], office_name(tag), standing[0] if standing else "")
            found.append(SuggestedTag(*own, tag["slug"] in chosen))
    return found


def tags_to_add(
    recommendation: Given, chosen: Collection[str], tags: list[Values]
) -> list[SuggestedTag]:
    """Return those of *tags* that a *recommendation* has not, and that its words suggest.

    Those that were *chosen* already are among them whatever it says.
    """
    held = {one["slug"] for one in recommendation["tags"]}
    words = [recommendation["summary_zh"], *(one["text"] for one in recommendation["passages"])]
    return [one for one in suggested_tags(" ".join(words), chosen, tags) if one.slug not in held]
