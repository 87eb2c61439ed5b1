"""Keys: made once, kept as a hash, revoked at once."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.database import utcnow
from app.errors import InvalidChange
from app.models import ApiKey
from app.queries.principals import holder
from app.rules.vocabularies import Role
from app.services.keys import add_key, revoke_key, secret_hash
from tests.factories import INDUSTRY, OPERATOR


def test_only_the_hash_of_a_key_is_kept(session):
    secret = add_key(session, OPERATOR, name="甲", roles=[Role.OFFICE_EDITOR], office=INDUSTRY)
    kept = session.scalar(sa.select(ApiKey).order_by(ApiKey.id.desc()).limit(1))
    assert secret not in (kept.prefix, kept.secret_sha256)
    found = holder(session, secret_hash(secret), utcnow())
    assert (found.name, found.roles) == ("甲", "office_editor")


def test_an_expired_key_opens_nothing(session):
    past = utcnow() - timedelta(seconds=1)
    secret = add_key(session, OPERATOR, name="乙", roles=[Role.READER], expires_at=past)
    assert holder(session, secret_hash(secret), utcnow()) is None


def test_a_revoked_key_opens_nothing(session):
    secret = add_key(session, OPERATOR, name="丙", roles=[Role.READER])
    assert revoke_key(session, OPERATOR, secret[:12]) == 1
    assert holder(session, secret_hash(secret), utcnow()) is None
    assert revoke_key(session, OPERATOR, secret[:12]) == 0


@pytest.mark.parametrize(
    ("roles", "office", "field"),
    [
        (["king"], None, "roles"),
        ([], None, "roles"),
        (["office_editor"], None, "office"),
        (["reader"], "nowhere", "office"),
    ],
)
def test_a_key_that_makes_no_sense_is_refused(session, roles, office, field):
    with pytest.raises(InvalidChange) as refused:
        add_key(session, OPERATOR, name="丁", roles=roles, office=office)
    assert set(refused.value.fields) == {field}
