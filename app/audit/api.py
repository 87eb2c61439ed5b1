"""The audit over HTTP."""

from flask.views import MethodView

from app.audit.queries import event_log as queries
from app.audit.schemas import audit as schemas
from app.core.types import Values
from app.http.blueprints import Blueprint
from app.http.call import Answer, Call
from app.http.paging import listing

blueprint = Blueprint("audit", __name__)


@blueprint.route("/audit")
class Audit(MethodView):
    """Every event."""

    @blueprint.reads("listAudit", schemas.AuditPageSchema, schemas.AuditFilterSchema)
    def get(self, call: Call, filters: Values) -> Answer:
        """List events with everything their hash covers, attempts that were refused included.

        The hashes chain the events, so that a change behind the register's back is found;
        `sequence` has no gaps. Page with `cursor` to the end to have them all; nothing is
        ever taken out, and words that were erased read （已删除） beside their seals.
        """
        statement = queries.events(filters)
        return listing(call, statement, filters, queries.ORDERS, shown=queries.event_rows)


@blueprint.route("/audit/checkpoints")
class Checkpoints(MethodView):
    """Every checkpoint."""

    @blueprint.reads(
        "listCheckpoints", schemas.CheckpointPageSchema, schemas.CheckpointFilterSchema
    )
    def get(self, call: Call, filters: Values) -> Answer:
        """List the signed checkpoints over the chain of events, newest first.

        Each signs the hash of the newest event it covers with the installation's Ed25519
        key. Keep one outside, and nobody can rewrite what lies before it unnoticed.
        """
        return listing(call, queries.checkpoints(), filters, queries.CHECKPOINT_ORDERS)
