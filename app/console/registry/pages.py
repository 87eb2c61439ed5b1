"""The pages of the registry, part by part."""

from app.console.registry import (
    cases,
    decisions,
    dispatching,
    entering,
    filing,
    overview,
    proposers,
    splitting,
    tagging,
)

PAGES = (
    overview.blueprint,
    entering.blueprint,
    cases.blueprint,
    proposers.blueprint,
    splitting.blueprint,
    filing.blueprint,
    dispatching.blueprint,
    decisions.blueprint,
    tagging.blueprint,
)
