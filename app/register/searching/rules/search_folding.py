"""When two texts are one to whoever searches, and which characters stand beside each other."""

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import NamedTuple

STOP = ","
"""What every mark that parts sentences, clauses or numbers is folded to; several to one."""

STOPS = frozenset(",.;:!?、。█")
GONE = frozenset({"Cc", "Cf", "Cs"})
"""Categories of characters that are not seen: they are left out, as blanks and other marks are."""

SET_UPON = r"\u0300-\u036f\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u3099\u309a\uff9e\uff9f"
CLUSTER = re.compile(rf"[\s\S][{SET_UPON}]*")
"""A character with the marks that are set upon it: what NFKC may make one of."""


@cache
def variants() -> dict[str, str]:
    """Return the character that each traditional form and each variant is taken for."""
    text = Path(__file__).with_name("variants.txt").read_text("utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return {pair[0]: pair[1] for line in lines for pair in line.split()}


class Folds(dict[str, str]):
    """What each cluster is folded to, worked out when it is first met."""

    most = 50_000

    def __missing__(self, cluster: str) -> str:
        """Return what *cluster* is folded to, and keep it while there is room."""
        wide = unicodedata.normalize("NFKC", cluster).casefold()
        plain = unicodedata.normalize("NFKC", wide)
        folded = "".join(map(one_folded, plain))
        if len(self) < self.most:
            self[cluster] = folded
        return folded


def one_folded(character: str) -> str:
    """Return what one character is folded to: itself, another one, a stop, or nothing."""
    if character in STOPS:
        return STOP
    category = unicodedata.category(character)
    if category[0] in "PSZ" or category in GONE:
        return ""
    return variants().get(character, character)


FOLDS = Folds()


def search_folded(text: str) -> str:
    """Return one line of *text* as it is searched: of one width, case and form of characters.

    Blanks, brackets, quotation marks, hyphens and the dots of names are left out; what parts
    sentences and clauses becomes one comma. What is stored stays as it was written.
    """
    found = "".join(map(FOLDS.__getitem__, CLUSTER.findall(text)))
    return re.sub(f"{STOP}+", STOP, found)


def lines_folded(text: str) -> str:
    """Return *text* folded line by line: no phrase goes over the end of one."""
    return "\n".join(map(search_folded, text.split("\n")))


class Placed(NamedTuple):
    """A line folded, and for each character of it where what it stands for begins and ends."""

    text: str
    starts: list[int]
    ends: list[int]

    def places(self, phrase: str) -> list[tuple[int, int]]:
        """Return where the folded *phrase* stands in the line as it was written, in order."""
        found, at = [], self.text.find(phrase)
        while phrase and at >= 0:
            last = at + len(phrase)
            found.append((self.starts[at], self.ends[last - 1]))
            at = self.text.find(phrase, last)
        return found


def folded_in_place(text: str) -> Placed:
    """Return *text* folded as search_folded() does, with the places of its characters."""
    placed = Placed("", [], [])
    letters: list[str] = []
    for cluster in CLUSTER.finditer(text):
        for character in FOLDS[cluster.group()]:
            if character == STOP and letters[-1:] == [STOP]:
                placed.ends[-1] = cluster.end()
                continue
            letters.append(character)
            placed.starts.append(cluster.start())
            placed.ends.append(cluster.end())
    return placed._replace(text="".join(letters))


RUN = re.compile(f"[^\n{STOP}]+")


def grams(folded: str) -> set[str]:
    """Return the pairs of characters that stand beside each other, and each run's last one.

    So a single character begins a pair, or is the last of its run: no other index is needed.
    """
    return {run[at : at + 2] for run in RUN.findall(folded) for at in range(len(run))}


EVERYTHING = "everything"
"""What stands for all grams where there are too many: longer than any, so that it is none."""

MOST_BYTES = 900_000
"""How long the grams of one text may be together: a tsvector of PostgreSQL holds a megabyte."""


def kept_grams(folded: str) -> str:
    """Return the grams of a *folded* text as the index keeps them, between blanks.

    Those of a text with too many are EVERYTHING: it is then a candidate of every search.
    """
    kept = " ".join(sorted(grams(folded)))
    return kept if len(kept.encode()) <= MOST_BYTES else EVERYTHING


def needed_grams(phrase: str) -> list[tuple[str, bool]]:
    """Return what stands among the grams of every text that holds the folded *phrase*.

    Each is a gram, or with True what one begins with.
    """
    found: dict[tuple[str, bool], None] = {}
    for run in RUN.findall(phrase):
        pairs = [(run[at : at + 2], False) for at in range(len(run) - 1)]
        found |= dict.fromkeys(pairs or [(run, True)])
    return list(found)
