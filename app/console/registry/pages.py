"""The pages of the registry, part by part."""

from app.console.registry import (
    cases,
    decisions,
    dispatching,
    evaluations,
    filing,
    overview,
    splitting,
    tagging,
)
from app.console.registry.entering import editions, new_proposals, proposers
from app.console.registry.lists import (
    offices,
    persons,
    reforms,
    requests,
    sessions,
    tag_splits,
    tags,
)

PAGES = (
    overview.blueprint,
    new_proposals.blueprint,
    cases.blueprint,
    proposers.blueprint,
    splitting.blueprint,
    editions.blueprint,
    filing.blueprint,
    dispatching.blueprint,
    decisions.blueprint,
    evaluations.blueprint,
    tagging.blueprint,
    tags.blueprint,
    tag_splits.blueprint,
    sessions.blueprint,
    persons.blueprint,
    offices.blueprint,
    reforms.blueprint,
    requests.blueprint,
)
