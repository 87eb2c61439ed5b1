"""The register that follows proposals until they are carried out."""

from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app.audit.checkpointing import Checkpointing
from app.audit.signing import read_signer
from app.core.config import Settings, read_settings
from app.core.database import Database
from app.core.logs import begin_logging
from app.core.storage import Store
from app.http.readiness import ReadinessCheck
from app.register.people.queries.reference_data import ReferenceDataCache


def create_app(settings: Settings | None = None, **overrides: Any) -> Flask:
    """Return the application; *overrides* are settings that win over the environment."""
    from app.hooks import add_hooks
    from app.http.security.oidc import Tokens
    from app.http.security.rate_limits import Limits
    from app.wiring import add_commands, add_operations

    settings = settings or read_settings(**overrides)
    begin_logging(settings.log_level)
    app = Flask(__name__, static_folder=None)
    app.config["TRUSTED_HOSTS"] = list(settings.trusted_hosts) or None
    app.extensions["settings"] = settings
    app.extensions["database"] = database = Database(settings)
    database.signer = read_signer(settings.audit_key)
    app.extensions["store"] = Store(settings.files_url)
    app.extensions["vocabulary"] = ReferenceDataCache()
    app.extensions["limits"] = Limits(lambda: app.extensions["database"], settings)
    app.extensions["readiness"] = ReadinessCheck(lambda: app.extensions["database"])
    app.extensions["tokens"] = Tokens(settings)
    app.extensions["checkpointing"] = Checkpointing(app.extensions["database"], settings)
    app.extensions["checkpointing"].begin()
    app.before_request(app.extensions["checkpointing"].wake)
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    add_hooks()
    add_operations(app)
    add_commands(app)
    return app


__all__ = ["create_app"]
