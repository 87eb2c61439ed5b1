"""Loading and checking the curated records."""

from collections import Counter
from collections.abc import Callable

import click
from flask.cli import AppGroup
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.commands.operators import not_blank, operator, refusal, stop
from app.core.codes import ApprovalState
from app.core.errors import DomainError
from app.core.rules.permissions import Actor
from app.http.requests import database, settings
from app.models import SeedRecord
from app.register.verification.queries import verification
from app.seeding import imports
from app.seeding.category_schemes import names_of_nothing
from app.seeding.checks import check_seeds
from app.seeding.files import SeedSet, read_files, seeds_in
from app.seeding.loader import Placing, load_seeds
from app.seeding.overview import overview
from app.seeding.reading import Files

seed = AppGroup("seed", help="The curated records in seeds/.")


class NeedsApproval(Exception):
    """The load would change a register that is in use, as its *outcome* says."""

    def __init__(self, outcome: Placing) -> None:
        super().__init__()
        self.outcome = outcome


@seed.command("load")
@click.option("--quiet", is_flag=True, help="No progress bar.")
@click.option(
    "--as",
    "who",
    callback=not_blank,
    help="Your name; stands in the history of a request for approval.",
)
@click.option("--reason", default="curated records", callback=not_blank, help="Why, likewise.")
@click.option("--first-only", is_flag=True, help="Ask for nothing: leave a register in use alone.")
@click.option("--again", is_flag=True, help="Ask once more for what was rejected.")
def load(quiet: bool, who: str | None, reason: str, first_only: bool, again: bool) -> None:
    """Load the curated records; what was changed since is left alone and named.

    The first load needs nobody. A later one that changes something is a bulk import: it is staged
    and asked for with all that it changes, and when another person approves it, just what was
    staged is loaded, whatever the files say by then.
    """
    files = curated_files()
    seeds = checked(files)
    with click.progressbar(
        length=record_count(seeds), label="seed records", hidden=quiet
    ) as progress_bar:

        def work(session: Session) -> Placing:
            return load_once(session, seeds, lambda: progress_bar.update(1))

        try:
            outcome = database().write(work)
        except NeedsApproval as needed:
            if first_only:
                counts = numbers_of(needed.outcome)
                click.echo(f"left as it is; loading these files would change {counts}")
                return
            tell_differences(needed.outcome)
            raise asked_for(files, needed.outcome, operator(who), reason, again=again) from None
    report(outcome)
    tell_approval(files)


def load_once(session: Session, seeds: SeedSet, step: Callable[[], object]) -> Placing:
    """Load *seeds*; raise NeedsApproval when that changes a register that is in use."""
    first = not session.scalar(select(func.count()).select_from(SeedRecord))
    outcome = load_seeds(session, seeds, step)
    if sum(numbers_of(outcome).values()) and not first:
        raise NeedsApproval(outcome)
    return outcome


def numbers_of(outcome: Placing) -> dict[str, int]:
    """Return how many records a load makes and changes."""
    return {"created": outcome.created.total(), "updated": outcome.updated.total()}


def asked_for(
    files: Files, outcome: Placing, who: Actor, reason: str, *, again: bool
) -> click.ClickException:
    """Ask that *files* be loaded, unless that was asked before; return what happens next."""
    request = database().write(
        lambda session: imports.request_import(session, who, files, outcome, reason, again=again)
    )
    n = request.number
    if request.state is ApprovalState.REJECTED:
        note = f": {request.note}" if request.note else ""
        return stop(
            f"申请 {n} 要求的正是这些内容，已被驳回{note}。再次申请请加 --again",
            f"approval {n} asked for just this and was rejected{note}; --again asks once more",
        )
    if not request.is_new:
        return stop(
            f"申请 {n} 要求的正是这些内容，正待另一人决定。{NEXT_ZH.format(n=n)}",
            f"approval {n} for just this waits already. {NEXT_EN.format(n=n)}",
        )
    created, updated = numbers_of(outcome).values()
    return stop(
        f"这将新增 {created} 条、更改 {updated} 条记录，已提出申请 {n}。{NEXT_ZH.format(n=n)}",
        f"this creates {created} records and changes {updated}: approval {n} is asked for."
        f" {NEXT_EN.format(n=n)}",
    )


NEXT_ZH = (
    "由登记员经接口批准，或由另一名操作员在 72 小时内运行 `flask approval decide {n}`；"
    "批准时即载入此次暂存的内容，不必再次运行本命令"
)
NEXT_EN = (
    "A registrar approves it over the API, or another operator with `flask approval decide {n}`,"
    " within 72 hours; that loads what is staged now, and nothing need be run again"
)
"""What happens with request *n*."""


def tell_approval(files: Files) -> None:
    """Say by which approval just these *files* were loaded, if they were."""
    found = database().read(lambda session: imports.carried_out(session, files))
    if found is not None:
        click.echo(f"这些内容已按申请 {found.id} 载入 / this was loaded by approval {found.id}")


def report(outcome: Placing) -> None:
    """Say what a load did."""
    for name, counts in (
        ("created", outcome.created),
        ("updated", outcome.updated),
        ("unchanged", outcome.unchanged),
    ):
        click.echo(f"{name}: {described(counts)}")
    for kept in outcome.kept:
        click.echo(f"left as people changed it: {kept}")
    tell_differences(outcome)
    for gone in outcome.gone:
        click.echo(f"left, though no longer in the files: {gone}")


def tell_differences(outcome: Placing) -> None:
    """Say of each record that differs from the files what stands in it, and what in the files."""
    for name, changes in outcome.differences.items():
        for field, (before, after) in changes.items():
            shown = "others" if field == "children" else f"{shortly(before)} → {shortly(after)}"
            click.echo(f"  {name}: {FIELDS.get(field, field)}: {shown}")


FIELDS = {"children": "its passages, proposers, corrections or stretches"}
"""Fields of a difference that are no column → what they stand for."""


def shortly(value: object) -> str:
    """Return *value* in at most LONGEST_VALUE characters."""
    text = "-" if value is None else str(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"


LONGEST_VALUE = 60


def described(counts: Counter[str]) -> str:
    """Return *counts* in words."""
    return ", ".join(f"{n} {kind}" for kind, n in sorted(counts.items())) or "nothing"


def curated_files() -> Files:
    """Read the curated files; stop where one is no text."""
    try:
        return read_files(settings().seeds_dir)
    except DomainError as error:
        raise refusal(error) from None


def checked(files: Files, files_only: bool = False) -> SeedSet:
    """Return the records in *files*; stop with every problem when they are not clean.

    Unless *files_only*, what they name of the register must be there.
    """
    try:
        seeds = seeds_in(files)
    except DomainError as error:
        raise refusal(error) from None
    problems = check_seeds(seeds)
    if not files_only and not problems:
        problems = database().examine(lambda session: names_of_nothing(session, seeds))
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        raise click.ClickException(f"{len(problems)} problems in the seed records")
    return seeds


def record_count(seeds: SeedSet) -> int:
    """Return how many records a load places."""
    own = len(seeds.tags) + len(seeds.organizations) + len(seeds.sessions)
    own += sum(map(len, seeds.papers.values()))
    return own + sum(
        1 + len(d.persons) + len(d.proposals) + len(d.recommendations) for d in seeds.documents
    )


@seed.command("check")
@click.option("--files-only", is_flag=True, help="Leave the database out.")
def check(files_only: bool) -> None:
    """Prove that every passage equals its slice and every name exists; show what is left over."""
    seeds = checked(curated_files(), files_only)
    for line in overview(seeds):
        click.echo(line)
    if not files_only:
        problems, passages = database().examine(verification.passages)
        for problem in problems:
            click.echo(problem, err=True)
        if problems:
            raise click.ClickException(f"{len(problems)} passages in the database are wrong")
        click.echo(f"database: {passages} passages equal their slice of their document")
    click.echo("seed records are clean")
