"""The pages of administrators and auditors, part by part."""

from app.console.administration import (
    accounts,
    approvals,
    audit,
    keys,
    one_account,
    overview,
    rules,
)

PAGES = (
    overview.blueprint,
    accounts.blueprint,
    one_account.blueprint,
    keys.blueprint,
    approvals.blueprint,
    rules.blueprint,
    audit.blueprint,
)
