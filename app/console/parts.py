"""Every page of the console: what is not named here is not there."""

from app.console.administration.pages import PAGES as ADMINISTRATION
from app.console.desk.pages import PAGES as DESK
from app.console.public import (
    answers,
    documents,
    figures,
    front,
    lists,
    offices,
    proposals,
    recommendations,
    searching,
    sessions,
    tags,
)
from app.console.registry.pages import PAGES as REGISTRY
from app.console.signing_in import account, key_exchange, provider
from app.console.signing_in import pages as signing_in
from app.console.supervision.pages import PAGES as SUPERVISION
from app.console.unsent import pages as unsent
from app.console.withholdings.pages import PAGES as WITHHOLDINGS

PUBLIC = (
    front.blueprint,
    searching.blueprint,
    lists.blueprint,
    tags.blueprint,
    recommendations.blueprint,
    proposals.blueprint,
    documents.blueprint,
    answers.blueprint,
    offices.blueprint,
    sessions.blueprint,
    figures.blueprint,
)
SIGNING_IN = (
    signing_in.blueprint,
    provider.blueprint,
    key_exchange.blueprint,
    account.blueprint,
    unsent.blueprint,
)

PAGES = (
    *PUBLIC,
    *SIGNING_IN,
    *DESK,
    *REGISTRY,
    *SUPERVISION,
    *WITHHOLDINGS,
    *ADMINISTRATION,
)
