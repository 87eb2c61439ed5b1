"""The pages of the desk, part by part."""

from app.console.desk import (
    case_steps,
    cases,
    files,
    home,
    late,
    promises,
    recommendations,
    replies,
    reports,
)

PAGES = (
    home.blueprint,
    cases.blueprint,
    case_steps.blueprint,
    replies.blueprint,
    reports.blueprint,
    late.blueprint,
    files.blueprint,
    recommendations.blueprint,
    promises.blueprint,
)
