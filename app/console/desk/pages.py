"""The pages of the desk, part by part."""

from app.console.desk import case_steps, cases, home

PAGES = (home.blueprint, cases.blueprint, case_steps.blueprint)
