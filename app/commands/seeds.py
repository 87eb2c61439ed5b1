"""Loading and checking the curated records."""

from collections import Counter
from dataclasses import replace

import click
from flask.cli import AppGroup
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.queries.approvals import approved_import
from app.accounts.services import approvals
from app.commands.operators import not_blank, operator, refusal
from app.core.clock import utcnow
from app.core.codes import ApprovalKind
from app.core.errors import DomainError
from app.core.types import Values
from app.http.requests import database, settings
from app.models import SeedRecord
from app.register.verification.queries import verification
from app.seeding.category_schemes import names_of_nothing
from app.seeding.checks import check_seeds
from app.seeding.files import SeedSet, digest_of, read_seeds
from app.seeding.loader import SEEDER, Placing, load_seeds
from app.seeding.overview import overview

seed = AppGroup("seed", help="The curated records in seeds/.")


MOST_SHOWN = 500
"""How many records a request for approval names one by one."""


class NeedsApproval(Exception):
    """The load would change a register that is in use, as its *outcome* says."""

    def __init__(self, outcome: Placing) -> None:
        super().__init__()
        self.outcome = outcome

    @property
    def counts(self) -> dict[str, int]:
        """How many records it would make and change."""
        return {
            "created": self.outcome.created.total(),
            "updated": self.outcome.updated.total(),
        }

    @property
    def records(self) -> Values:
        """What whoever approves looks at: the new records, and of the others what differs."""
        changed = {
            name: {field: list(pair) for field, pair in changes.items()}
            for name, changes in self.outcome.differences.items()
            if name not in self.outcome.kept
        }
        return {
            "new": self.outcome.new[:MOST_SHOWN],
            "changed": dict(list(changed.items())[:MOST_SHOWN]),
            "kept": self.outcome.kept[:MOST_SHOWN],
        }


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
def load(quiet: bool, who: str | None, reason: str, first_only: bool) -> None:
    """Load the curated records; what was changed since is left alone and named.

    The first load needs nobody. A later one that changes something is a bulk import: it is asked
    for with all that it changes, another person approves it, and the same files are loaded by the
    same command again.
    """
    seeds = checked_seeds()
    digest = digest_of(settings().seeds_dir)
    with click.progressbar(
        length=record_count(seeds), label="seed records", hidden=quiet
    ) as progress_bar:

        def work(session: Session) -> Placing:
            return load_once(session, seeds, digest, lambda: progress_bar.update(1))

        try:
            outcome = database().write(work)
        except NeedsApproval as needed:
            if first_only:
                click.echo(f"left as it is; loading these files would change {needed.counts}")
                return
            tell_differences(needed.outcome)
            raise ask_for_import(digest, needed, who, reason) from None
    report(outcome)


def load_once(session: Session, seeds: SeedSet, digest: str, step: object) -> Placing:
    """Load *seeds*; raise NeedsApproval when that changes a register that is in use."""
    first = not session.scalar(select(func.count()).select_from(SeedRecord))
    approval = approved_import(session, digest, utcnow() - approvals.PATIENCE)
    loading = replace(SEEDER, approval_id=approval)
    outcome = load_seeds(session, seeds, step, loading)  # type: ignore[arg-type]
    changes = outcome.created.total() + outcome.updated.total()
    if changes and not first and approval is None:
        raise NeedsApproval(outcome)
    return outcome


def ask_for_import(
    digest: str, needed: NeedsApproval, who: str | None, reason: str
) -> click.ClickException:
    """Ask that these files be loaded, and return what to do next."""
    counts = needed.counts
    payload = {"digest": digest, **counts, "records": needed.records}
    about = ("register", 0, digest[:16])
    made = database().write(
        lambda session: (
            approvals.ask(session, operator(who), ApprovalKind.IMPORT, about, payload, reason).id
        )
    )
    return click.ClickException(
        f"this changes {counts}: approval {made} is asked for. A registrar approves it over the"
        f" API, or another operator with `flask approval decide {made}`, within 72 hours; then"
        " load again"
    )


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


def checked_seeds(files_only: bool = False) -> SeedSet:
    """Read the seeds; stop with every problem when they are not clean.

    Unless *files_only*, what they name of the register must be there.
    """
    try:
        seeds = read_seeds(settings().seeds_dir)
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
    seeds = checked_seeds(files_only)
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
