"""Vocabularies, workflows, the caller, and whether the service is well."""

from typing import Any

from flask import current_app
from flask.views import MethodView
from sqlalchemy.orm import Session

from app.accounts.queries.principals import key_record, secrets_of, shown_key
from app.core.codes import CLOSED, PUBLISHED, LabelledEnum
from app.core.errors import NotReady
from app.core.queries.rows import View
from app.core.rules.permissions import GRANTS, Actor, Permission
from app.core.rules.workflow import Step, Workflow
from app.core.schemas.paging import NoFilterSchema
from app.core.types import Values
from app.handling.assignments.rules import ASSIGNMENT
from app.handling.commitments.rules import COMMITMENT
from app.handling.proposals.rules import PROPOSAL
from app.handling.replies.rules import OPINION, REPLY
from app.http.blueprints import Blueprint
from app.http.call import Answer, Call
from app.http.contract.operations import EntityTag
from app.http.meta import schemas as meta_schemas
from app.http.readiness import ReadinessCheck
from app.http.requests import database
from app.http.responses import Listed
from app.register.recommendations.rules import ACCEPTANCE, PROGRESS

general = Blueprint("general", __name__)
health = Blueprint("health", __name__)

UNSIGNED = (
    "没有审计密钥（AUDIT_KEY），写入的内容不会签名",
    "the key of the audit (AUDIT_KEY) is missing: what is written is not signed",
)


@general.route("/vocabularies")
class Vocabularies(MethodView):
    """Every vocabulary."""

    @general.reads(
        "getVocabularies", meta_schemas.VocabularyListSchema, NoFilterSchema, tag=EntityTag.CONTENT
    )
    def get(self, call: Call, filters: Values) -> Any:
        """Show every vocabulary with its zh and en labels.

        Closed vocabularies keep their words within this version of the API. The `open` ones
        may gain words: show one that you do not know as it comes.
        """
        known: dict[str, type[LabelledEnum]] = {**PUBLISHED, "permission": Permission}
        words = {
            name: [{"code": w, "zh": w.zh, "en": w.en} for w in vocabulary]
            for name, vocabulary in sorted(known.items())
        }
        return View(vocabularies=words, open=sorted(known.keys() - CLOSED))


@general.route("/workflows")
class Workflows(MethodView):
    """The workflows of everything that moves by steps."""

    @general.reads(
        "getWorkflows", meta_schemas.WorkflowListSchema, NoFilterSchema, tag=EntityTag.CONTENT
    )
    def get(self, call: Call, filters: Values) -> Any:
        """Show every step of every workflow: from where, to where, by whom, with what.

        A recommendation moves on two axes. States that no step leads to follow from what else
        happens: a proposal is dispatched, answered and evaluated as its assignments are.
        """
        return Listed([published(workflow) for workflow in WORKFLOWS], None, None)


WORKFLOWS = (PROGRESS, ACCEPTANCE, PROPOSAL, ASSIGNMENT, REPLY, OPINION, COMMITMENT)


def published(workflow: Workflow) -> View:
    """Return a workflow as the API shows it."""
    vocabulary = next(name for name, words in PUBLISHED.items() if words is workflow.states)
    return View(
        name=workflow.name,
        record=workflow.record,
        axis=workflow.axis,
        vocabulary=vocabulary,
        operation=workflow.operation,
        initial=workflow.initial,
        steps=[published_step(step) for step in workflow.steps],
    )


def published_step(step: Step) -> View:
    """Return one step as the API shows it."""
    return View(
        source=step.source,
        target=step.target,
        permission=step.permission,
        roles=[role for role, granted in GRANTS.items() if step.permission in granted],
        needs=sorted(step.needs),
    )


@general.route("/me")
class Me(MethodView):
    """The caller."""

    @general.reads("getMe", meta_schemas.MeSchema, NoFilterSchema)
    def get(self, call: Call, filters: Values) -> Any:
        """Show who the caller is: the account, its office, its roles, and the key and its end.

        Try a new key here: it answers without touching any record. Before it ends, ask for
        another secret with `issueSecret`, or for another key.
        """
        actor = call.actor
        me = View(
            id=actor.principal_id,
            key=own_key(call.session, actor),
            kind=actor.kind,
            name=actor.name,
            office_id=actor.office_id,
            roles=sorted(actor.roles),
            permissions=sorted(actor.permissions),
        )
        return Answer(me, vocabulary=call.cache.fresh(call.session))


def own_key(session: Session, actor: Actor) -> View | None:
    """Return the key that *actor* came with, or None."""
    key = None if actor.key_id is None else key_record(session, actor, actor.key_id)
    return None if key is None else shown_key(key, secrets_of(session, [key.id])[key.id])


@health.route("/livez")
class Live(MethodView):
    """Whether the process lives."""

    @health.reads("getLiveness", meta_schemas.HealthSchema, NoFilterSchema, tag=EntityTag.NOTHING)
    def get(self, call: Call, filters: Values) -> Any:
        """Say that the process answers.

        For a process manager: no database is asked, so this holds while the database is
        away. See `getReadiness`.
        """
        return View(status="ok")


@health.route("/readyz")
class Ready(MethodView):
    """Whether the service can work."""

    @health.reads("getReadiness", meta_schemas.HealthSchema, NoFilterSchema, tag=EntityTag.NOTHING)
    def get(self, call: Call, filters: Values) -> Any:
        """Say that the database is migrated and keeps what is written, and that this is signed.

        It is tried out every ten seconds at most; what was found then is said until the next time.
        It is not ready either while the database is another than the one that was signed before.
        """
        readiness: ReadinessCheck = current_app.extensions["readiness"]
        faults = dict(readiness.faults())
        if faults:
            raise NotReady(fields=faults)
        signer = database().signer
        if signer is None:
            raise NotReady(fields={"audit_key": UNSIGNED})
        refused = current_app.extensions["checkpointing"].objection(call.session, signer)
        if refused is not None:
            raise NotReady(fields={"audit_anchor": refused})
        return View(status="ok")
