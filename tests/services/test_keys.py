"""Keys: made once, kept as a hash, rotated, revoked at once."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts.queries.principals import holder
from app.accounts.rules.keys import checksum, id_in, new_id, new_secret, secret_hash
from app.accounts.services import keys
from app.accounts.services.keys import (
    KeyInput,
    add_key,
    create_key,
    issue_secret,
    revoke_key,
    revoke_secret,
)
from app.core.clock import utcnow
from app.core.codes import Role
from app.core.errors import InvalidChange, KeyEnded, PermissionDenied, TooManySecrets
from app.models import AccessKey, KeySecret, Principal
from tests.support.factories import INDUSTRY, OPERATOR, everything, make_actor


def added(session, **values):
    """Return a new key: the text, and its record."""
    given = {"name": "甲", "roles": [Role.READER], **values}
    own = {name: given.pop(name) for name in ("scopes", "expires_at") if name in given}
    secret = add_key(session, OPERATOR, **given, wanted=KeyInput(**own))
    found = session.scalar(sa.select(AccessKey).where(AccessKey.public_id == id_in(secret)))
    return secret, found


def opens(session, secret):
    return holder(session, secret_hash(secret), utcnow()) is not None


def test_a_key_tells_its_id_and_whether_it_was_mistyped():
    secret = new_secret(new_id())
    assert len(secret) == 4 + 10 + 1 + 43 + 1 + 8
    assert id_in(secret) == secret[4:14]
    for place in range(15, len(secret)):
        other = "0" if secret[place] != "0" else "1"
        assert id_in(secret[:place] + other + secret[place + 1 :]) is None
    assert id_in(secret + "\n") is None
    assert id_in("prk_" + "a" * 43) is None
    assert checksum("prk_a") == checksum("prk_a") != checksum("prk_b")


def test_only_the_hash_of_a_key_is_kept(session):
    secret, key = added(session, roles=[Role.OFFICE_EDITOR], office=INDUSTRY)
    kept = session.scalar(sa.select(KeySecret).where(KeySecret.key_id == key.id))
    assert kept.secret_sha256 == secret_hash(secret)
    assert secret.split("_", 2)[2] not in f"{vars(key)} {vars(kept)}"
    found = holder(session, secret_hash(secret), utcnow())
    assert (found.name, found.roles) == ("甲", "office_editor")
    assert everything(session) == []


def test_a_key_lives_ninety_days_unless_said_and_never_over_a_year(session):
    _, key = added(session)
    assert timedelta(days=89) < key.expires_at - utcnow() <= timedelta(days=90)
    with pytest.raises(InvalidChange) as refused:
        added(session, expires_at=utcnow() + timedelta(days=366))
    assert set(refused.value.fields) == {"days"}


def test_an_expired_key_opens_nothing(session):
    secret, key = added(session)
    key.expires_at = utcnow() - timedelta(seconds=1)
    session.flush()
    assert not opens(session, secret)
    with pytest.raises(KeyEnded):
        issue_secret(session, OPERATOR, key)


def test_a_revoked_key_opens_nothing(session):
    secret, key = added(session)
    revoke_key(session, OPERATOR, key)
    version = key.version
    assert not opens(session, secret)
    revoke_key(session, OPERATOR, key)
    assert key.version == version
    with pytest.raises(KeyEnded):
        issue_secret(session, OPERATOR, key)
    assert everything(session) == []


def test_a_disabled_account_comes_in_no_more(session):
    secret, key = added(session)
    session.get_one(Principal, key.principal_id).disabled_at = utcnow()
    session.flush()
    assert not opens(session, secret)


def test_a_key_is_rotated_with_two_live_secrets(session):
    first, key = added(session)
    second = issue_secret(session, OPERATOR, key)
    assert opens(session, first)
    assert opens(session, second)
    with pytest.raises(TooManySecrets):
        issue_secret(session, OPERATOR, key)
    old, _ = keys.live_secrets(session, key)
    revoke_secret(session, OPERATOR, key, old)
    assert not opens(session, first)
    assert opens(session, second)
    assert issue_secret(session, OPERATOR, key)
    assert everything(session) == []


def test_a_stranger_touches_no_key(session):
    _, key = added(session)
    stranger = make_actor(session, Role.REGISTRAR)
    for work in (issue_secret, revoke_key):
        with pytest.raises(PermissionDenied):
            work(session, stranger, key)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"roles": ["king"]}, "roles"),
        ({"roles": []}, "roles"),
        ({"roles": ["auditor", "registrar"]}, "roles"),
        ({"roles": ["security_admin", "system_admin"]}, "roles"),
        ({"roles": ["office_editor"]}, "office"),
        ({"roles": ["office_head"]}, "office"),
        ({"office": "nowhere"}, "office"),
        ({"name": " "}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes"),
    ],
)
def test_a_key_that_makes_no_sense_is_refused(session, values, field):
    with pytest.raises(InvalidChange) as refused:
        added(session, **values)
    assert set(refused.value.fields) == {field}


@pytest.mark.parametrize("network", ["10.0.0.1", "10.0.0.1/8", "x/8", "10.0.0.0/33", "::/129"])
def test_a_network_is_written_with_its_length(session, network):
    _, key = added(session)
    principal = session.get_one(Principal, key.principal_id)
    with pytest.raises(InvalidChange) as refused:
        create_key(session, OPERATOR, principal, KeyInput(scopes=["read"], networks=[network]))
    assert set(refused.value.fields) == {"networks"}
