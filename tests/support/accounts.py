"""Accounts and keys made over HTTP, as two persons and a holder make them."""

V1 = "/api/v1"


def approved(approver, asked):
    """Approve what was *asked*, an answer of 202, and return the request as it is then."""
    assert asked.status_code == 202, asked.text
    path = f"{V1}/approvals/{asked.get_json()['id']}/decision"
    answer = approver.post(path, {"decision": "approve"})
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def code_of(asked, done, place=0):
    """Return the two halves of a code: of what was *asked*, and of what was *done* about it."""
    return [shown["halves"][place]["half"] for shown in (asked.get_json(), done)]


def exchanged(client, halves, **environ):
    """Return the answer to two halves of a code."""
    body = {"halves": halves}
    return client.post(f"{V1}/keys/exchange", json=body, environ_overrides=environ)


def new_account(asker, approver, headers=None, **account):
    """Return the account that one asked for, with *headers*, and the other approved."""
    done = approved(approver, asker.post(f"{V1}/principals", account, **(headers or {})))
    return asker.get(f"{V1}/principals/{done['principals'][0]}").get_json()


def new_key(client, asker, approver, account, **key):
    """Return a key of *account*, with its secret, as its holder got it for the two halves."""
    path = f"{V1}/principals/{account['id']}/keys"
    asked = asker.post(path, {"reason": "接口", **key})
    answer = exchanged(client, code_of(asked, approved(approver, asked)))
    assert answer.status_code == 201, answer.text
    return answer.get_json()
