"""Whole registers in a folder of their own, worked on from the command line."""

from dataclasses import replace

import pytest

from app import create_app
from app.audit.signing import make_signer
from app.core.config import Settings
from tests.conftest import FILES, end_timers


@pytest.fixture
def settings(real, tmp_path):
    """Give the settings of a register with a key, an anchor and a file outside."""
    make_signer(tmp_path / "audit-key")
    return Settings(
        database_url=real.engine.url.render_as_string(hide_password=False),
        audit_key=tmp_path / "audit-key",
        checkpoints_file=tmp_path / "outside.jsonl",
        files_url=FILES,
        key_rate=0,
    )


@pytest.fixture
def apps(settings):
    """Give what makes an application, with other settings where some are named."""
    made = []

    def app(**others):
        made.append(create_app(replace(settings, **others)))
        return made[-1]

    yield app
    end_timers()
    for one in made:
        one.extensions["checkpointing"].database.engine.dispose()


@pytest.fixture
def operate(apps):
    """Give what runs a command."""

    def run(*words, **others):
        result = apps(**others).test_cli_runner().invoke(args=list(words))
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run
