"""What figures cost, of the whole and of one dimension, at each size beside a plain scan."""

from collections.abc import Iterator
from functools import partial
from itertools import pairwise

import sqlalchemy as sa

from app.core.database import Database
from benchmarks.calls import Request
from benchmarks.flatness import TAG, Subject
from benchmarks.measuring import Ratio, Work, interleaved, ratio

FLAT = 1.3
"""What a figure may cost beside the same one at a tenth of the size."""

FIGURES = "/api/v1/figures"
QUESTIONS = {
    "progress": ("stages", ""),
    "funnel": ("funnel", ""),
    "late": ("late_recommendations", ""),
    "adopted, by kind": ("adopted_recommendations", "by=kind"),
    "adopted, by session": ("adopted_recommendations", "by=session"),
    "adopted, by tag": ("adopted_recommendations", "by=tag"),
    "implemented, of one tag": ("implementation_rate_broad", f"within=tag:{TAG}"),
    "late, of one tag": ("late_recommendations", f"within=tag:{TAG}"),
    "filed": ("filing_rate", ""),
}
"""Question → figure and query."""

GROWING = {"adopted, by session"}
"""Of which a larger register has more groups: up to a hundred are shown."""

SCAN = sa.text("SELECT count(*) FROM recommendations WHERE progress <> publication")
"""What reads every recommendation once and does nothing else."""


def counted(urls: dict[int, str], rounds: int) -> Iterator[tuple[str, Ratio, str]]:
    """Yield what each figure costs at each size beside the next smaller one, and beside a scan."""
    subjects = {size: Subject(url) for size, url in urls.items()}
    sizes = sorted(subjects)
    for name, (figure, query) in QUESTIONS.items():
        works: dict[str, Work] = {}
        for size, subject in subjects.items():
            works[f"figure {size}"] = subject.repeated(Request(f"{FIGURES}/{figure}", query))
            works[f"scan {size}"] = partial(scan, subject.database)
        times = interleaved(works, max(3, rounds // 4))
        for smaller, larger in pairwise(sizes):
            values = ratio(times, f"figure {larger}", f"figure {smaller}")
            target = "" if name in GROWING else f"<= {FLAT}"
            yield f"{name}, at {larger:,} / at {smaller:,}", values, target
        for size in sizes:
            values = ratio(times, f"figure {size}", f"scan {size}")
            yield f"{name} / a plain scan, at {size:,}", values, ""


def scan(database: Database, times: int) -> None:
    """Read every recommendation so often."""
    with database.engine.connect() as connection:
        for _ in range(times):
            connection.execute(SCAN).scalar()
