"""The text in which a recommendation is searched, line by line."""

QUOTES_LINE = 1
"""The line of a recommendation's search text that holds the words in which it stands."""

TITLE_LINE = 2
"""The line of a recommendation's search text that holds its proposal's title."""

PROPOSERS_LINE = 3
"""The one that holds the names of the proposers."""


def with_line(text: str, number: int, line: str) -> str:
    """Return the search text *text* with another line *number*."""
    lines = text.split("\n")
    lines[number] = line.casefold()
    return "\n".join(lines)


def search_text(
    summary_zh: str, summary_en: str | None, quotes: str, title: str, proposers: str
) -> str:
    """Return the text in which a recommendation is searched, a line for each part.

    The search pays no regard to upper and lower case, so the text is case-folded.
    """
    quotes = " ".join(quotes.splitlines())
    return "\n".join((f"{summary_zh} {summary_en or ''}", quotes, title, proposers)).casefold()
