"""New keys, and the halves of their codes."""

import pytest
import sqlalchemy as sa

from app.core.codes import Role
from app.models import AccessKey
from tests.support.factories import make_caller


@pytest.fixture
def admins(client, database):
    """Give two security administrators and an auditor."""
    roles = {"one": Role.SECURITY_ADMIN, "two": Role.SECURITY_ADMIN, "auditor": Role.AUDITOR}
    return {name: make_caller(client, database, role) for name, role in roles.items()}


def account_of(database, caller):
    """Return the number of a caller's account."""
    public_id = caller.headers["Authorization"].removeprefix("Bearer ").split("_")[1]
    mine = sa.select(AccessKey.principal_id).where(AccessKey.public_id == public_id)
    return database.read(lambda s: s.scalar(mine))
