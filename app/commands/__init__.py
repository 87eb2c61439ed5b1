"""The administrator's commands; above every layer, beside the API."""

from flask import Flask

from app.commands import accounts, approvals, calendars, files, register, restores, seeds, worker
from app.commands.revisions import looking_first


def register_commands(app: Flask) -> None:
    """Add the commands to *app*; each of them looks first whether the database is as it needs."""
    groups = (
        seeds.seed, accounts.key, accounts.admin, approvals.approval, restores.audit,
        calendars.calendar, files.files,
    )  # fmt: skip
    for group in groups:
        app.cli.add_command(looking_first(group))
    commands = (register.migrate, register.verify, register.demo_keys)
    for command in (*commands, worker.one_tick, worker.worker):
        app.cli.add_command(looking_first(command))
