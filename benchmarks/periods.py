"""What the periods cost: a step with and without them, lists as of a day, filling them."""

import time
from collections.abc import Iterator
from functools import partial
from unittest import mock

from app.core import following
from app.core.clock import utcnow
from app.core.config import Settings
from app.core.database import Database
from app.register.periods.services import fill_periods
from benchmarks.calls import Request
from benchmarks.flatness import TAG, Subject
from benchmarks.measuring import Ratio, Work, interleaved, ratio

DEARER = 1.3
"""What a step may cost beside one that keeps no periods, and a list beside a tenth of it."""

LIST = "/api/v1/recommendations"
PAGES = {
    "newest first": "sort=-id&limit=50",
    "of a tag and progress": f"tag={TAG}&progress=in_progress&limit=50",
}


def lived(urls: dict[int, str], rounds: int) -> Iterator[tuple[str, Ratio, str]]:
    """Yield what steps cost at the largest size, and pages as of yesterday beside today's."""
    subjects = {size: ready(url, size) for size, url in urls.items()}
    largest = max(subjects)
    subject = subjects[largest]
    steps = subject.each(subject.steps())
    works: dict[str, Work] = {"with": steps, "without": partial(forgetful, steps)}
    paid = ratio(interleaved(works, rounds), "with", "without")
    yield f"step, with periods / without at {largest:,}", paid, f"<= {DEARER}"
    day = utcnow().date().isoformat()
    for name, query in PAGES.items():
        works = {
            f"{when} {size}": one.repeated(Request(LIST, f"{query}{more}"))
            for size, one in subjects.items()
            for when, more in (("now", ""), ("then", f"&as_of={day}"))
        }
        times = interleaved(works, max(3, rounds // 4))
        for size in sorted(subjects):
            values = ratio(times, f"then {size}", f"now {size}")
            yield f"page {name}, as of a day / now at {size:,}", values, ""


def ready(url: str, size: int) -> Subject:
    """Return the program on the database at *url*, whose periods are filled."""
    database = Database(Settings(database_url=url))
    begun = time.perf_counter()
    number = database.write(fill_periods)
    took = time.perf_counter() - begun
    print(f"# periods of {number:,} records filled in {took:.0f} s, at {size:,}", flush=True)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    database.engine.dispose()
    return Subject(url)


def forgetful(steps: Work, times: int) -> None:
    """Take steps of which no period is kept."""
    with mock.patch.object(following, "FOLLOWERS", []):
        steps(times)
