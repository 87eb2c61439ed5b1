"""Every operation and every command of the program: what is not named here is not there."""

from flask import Flask

from app.accounts.api import accounts, approvals, keys
from app.audit import api as audit
from app.commands import accounts as account_commands
from app.commands import approvals as approval_commands
from app.commands import audit as audit_commands
from app.commands import calendars, figures, register, restores, seeds, worker
from app.commands import files as file_commands
from app.commands.revisions import looking_first
from app.console import assets
from app.console.desk.pages import PAGES as DESK
from app.console.pages import add_pages
from app.console.public import front
from app.console.registry.pages import PAGES as REGISTRY
from app.console.signing_in import account, key_exchange, provider
from app.console.signing_in import pages as signing_in
from app.console.unsent import pages as unsent
from app.deadlines import api as deadlines
from app.figures.counted.api import figures as figures_counted
from app.figures.dossier.api import dossiers
from app.handling.assignments.api import assignment_list, dispatch, supervision
from app.handling.batches import api as batches
from app.handling.commitments import api as commitments
from app.handling.evaluations import api as evaluations
from app.handling.marks import api as marks
from app.handling.proposals.api import editions, ledgers, proposals, splitting
from app.handling.references import api as references
from app.handling.reforms import api as reforms
from app.handling.replies.api import contacts, replies, reply_list
from app.handling.withholding import api as withholding
from app.handling.worklists import api as worklists
from app.history.api import erasures, histories
from app.http.blueprints import Blueprint
from app.http.contract import docs, problem_pages
from app.http.meta import api as meta
from app.http.responses import PREFIX
from app.http.setup import register_api
from app.register.documents import api as documents
from app.register.files import api as files
from app.register.people.api import organizations, persons, sittings
from app.register.recommendations.api import recommendations
from app.register.recommendations.api import reports as progress_reports
from app.register.searching import api as searching
from app.register.tags.api import tag_progress, tagging, tags

GROUPS = (
    (
        "recommendations",
        "Single recommendations: find, tag, follow them.",
        (recommendations.blueprint, progress_reports.blueprint, tagging.blueprint),
    ),
    (
        "tags",
        "What recommendations are about, and how far each subject is.",
        (tags.blueprint, tag_progress.blueprint, dossiers.blueprint),
    ),
    (
        "proposals",
        "What was proposed, by whom, in which words.",
        (proposals.blueprint, splitting.blueprint, marks.blueprint, ledgers.blueprint),
    ),
    (
        "histories",
        "What happened, when, by whom and why.",
        (histories.blueprint,),
    ),
    (
        "documents",
        "The source texts, kept character for character.",
        (documents.documents, proposals.documents, editions.blueprint),
    ),
    (
        "people",
        "Sessions, persons, and organizations in their tree.",
        (sittings.blueprint, persons.blueprint, organizations.blueprint, reforms.blueprint),
    ),
    (
        "accounts",
        "Who may come in, with which roles and which keys.",
        (accounts.blueprint, keys.blueprint),
    ),
    (
        "approvals",
        "What one person asks and another must approve.",
        (approvals.blueprint,),
    ),
    (
        "erasures",
        "Words that someone wrote and that must not be kept.",
        (erasures.blueprint,),
    ),
    (
        "withholdings",
        "What is kept from the public, by whom and why.",
        (withholding.blueprint,),
    ),
    (
        "audit",
        "What was done and what was refused, in full, for auditors.",
        (audit.blueprint,),
    ),
    (
        "deadlines",
        "What procedure follows, and when something is due.",
        (deadlines.blueprint,),
    ),
    (
        "replies",
        "What offices answer, and how the proposers rate it.",
        (
            replies.blueprint,
            reply_list.blueprint,
            contacts.blueprint,
            evaluations.blueprint,
        ),
    ),
    (
        "commitments",
        "What offices promised, and whether they kept it.",
        (commitments.blueprint,),
    ),
    (
        "figures",
        "What is counted, by which formula, and the list of just what was.",
        (figures_counted.blueprint,),
    ),
    (
        "files",
        "Files that prove what offices say.",
        (files.blueprint,),
    ),
    (
        "handling",
        "What was given to which office, and what waits on its desk.",
        (dispatch.blueprint, assignment_list.blueprint, supervision.blueprint, worklists.blueprint),
    ),
    (
        "batches",
        "What one request does, in up to a hundred rows.",
        (batches.blueprint,),
    ),
    (
        "general",
        "The words and steps of the register, and who you are in it.",
        (meta.general, references.blueprint, searching.blueprint),
    ),
)
"""The groups of operations as the contract names, describes and orders them, each made of the
blueprints of its modules."""

PAGES = (
    front.blueprint,
    signing_in.blueprint,
    provider.blueprint,
    key_exchange.blueprint,
    account.blueprint,
    unsent.blueprint,
    *DESK,
    *REGISTRY,
)
"""The pages of the console, part by part."""

HEALTH = ("health", "For whoever watches the service.", (meta.health,))

audit_commands.audit.add_command(restores.accept)

COMMANDS = (
    seeds.seed,
    account_commands.key,
    account_commands.admin,
    approval_commands.approval,
    audit_commands.audit,
    calendars.calendar,
    figures.figures,
    file_commands.files,
    register.migrate,
    register.verify,
    register.demo_keys,
    worker.one_tick,
    worker.worker,
)


def add_operations(app: Flask) -> None:
    """Add every operation, the page that shows their contract, and the pages for people."""
    groups = [(group(*parts), PREFIX) for parts in GROUPS]
    register_api(app, [*groups, (group(*HEALTH), "")])
    app.register_blueprint(docs.blueprint)
    app.register_blueprint(assets.blueprint)
    add_pages(app, *PAGES)
    app.register_blueprint(problem_pages.blueprint)


def group(name: str, description: str, parts: tuple[Blueprint, ...]) -> Blueprint:
    """Return the blueprint of one group of operations."""
    found = Blueprint(name, __name__, description=description)
    for part in parts:
        found.register_blueprint(part)
    return found


def add_commands(app: Flask) -> None:
    """Add every command; each of them looks first whether the database is as it needs."""
    for command in COMMANDS:
        app.cli.add_command(looking_first(command))
