"""What a page of a search costs: by the index, beside a scan of the same texts in the same run."""

from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from urllib.parse import parse_qsl, urlencode

import sqlalchemy as sa

from app.core.config import Settings
from app.core.database import Database
from app.models import Recommendation
from app.register.searching.services import fill_index
from benchmarks.calls import Request, Wsgi
from benchmarks.flatness import Subject
from benchmarks.measuring import Ratio, Work, interleaved, ratio

PAGE = 50
FREQUENT = {
    "two characters": '"算力"',
    "four characters": '"算力中心"',
    "six characters": '"人工智能产业"',
}
RARE = {"a rare word": '"第4242条"', "no hit": '"饕餮之城"'}
FASTER = 20
"""How many times faster than a scan what is rare is to be found."""

NEAR = 3
"""What a page may cost beside one among a tenth of the recommendations."""

PLACES = {"/recommendations": "-id", "/search": "-written_at"}
"""Where words are searched for, and the order that begins with the newest."""

MORE = ("facets=true", "sort=relevance")

R = Recommendation


def searched(urls: dict[int, str], rounds: int) -> Iterator[tuple[str, Ratio, str]]:
    """Yield what pages cost at each size beside the next smaller one, and beside a scan."""
    subjects = {size: ready(url) for size, url in urls.items()}
    sizes = sorted(subjects)
    for place in PLACES:
        for small, large in pairwise(sizes):
            works = {
                f"{name} {size}": asking(subjects[size], place, words)
                for size in (small, large)
                for name, words in (FREQUENT | RARE).items()
            }
            times = interleaved(works, rounds)
            for name in FREQUENT | RARE:
                values = ratio(times, f"{name} {large}", f"{name} {small}")
                yield f"{place}: {name}, {large:,} / {small:,}", values, f"<= {NEAR}"
        largest = subjects[sizes[-1]]
        works = {name: asking(largest, place, words) for name, words in RARE.items()}
        works |= {f"{name}, scan": scanning(largest, words) for name, words in RARE.items()}
        times = interleaved(works, max(3, rounds // 8))
        for name in RARE:
            values = ratio(times, f"{name}, scan", name)
            yield f"{place}: {name}, scan / index at {sizes[-1]:,}", values, f">= {FASTER}"
    yield from beside(subjects[sizes[-1]], sizes[-1], max(3, rounds // 4))


def beside(subject: Subject, size: int, rounds: int) -> Iterator[tuple[str, Ratio, str]]:
    """Yield what facets, and the order by relevance, cost beside a plain page of a search."""
    for name, words in FREQUENT.items():
        works = {"plain": asking(subject, "/search", words)}
        for more in MORE:
            works[more] = asking(subject, "/search", words, more)
        times = interleaved(works, rounds)
        for more in MORE:
            yield f"{name}, {more} / a plain page at {size:,}", ratio(times, more, "plain"), ""


def ready(url: str) -> Subject:
    """Return the program on the database at *url*, whose index of words is filled."""
    database = Database(Settings(database_url=url))
    database.write(fill_index)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    database.engine.dispose()
    return Subject(url)


def asking(subject: Subject, place: str, words: str, more: str = "") -> Work:
    """Return the work of one page of what holds *words* at *place*, newest first.

    *more* are further parameters, which take the place of the same ones.
    """
    program: Wsgi = subject.program
    query = {"sort": PLACES[place], "limit": str(PAGE), "q": words} | dict(parse_qsl(more))
    return partial(program.repeat, Request(f"/api/v1{place}", urlencode(query)))


def scanning(subject: Subject, words: str) -> Work:
    """Return the work of finding the numbers of the same page without the index."""
    held = R.search_text.contains(words.strip('"'), autoescape=True)
    statement = sa.select(R.id).where(held).order_by(R.id.desc()).limit(PAGE)

    def work(times: int) -> None:
        for _ in range(times):
            with subject.database.reading() as session:
                session.execute(statement).all()

    return work
