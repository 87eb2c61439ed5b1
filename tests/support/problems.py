"""What a refusal must say."""


def told(answer, status, field=None):
    """Check that *answer* is a problem of *status*, and return it."""
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    problem = answer.get_json()
    assert problem["type"].startswith("/problems/")
    assert problem["status"] == status
    assert problem["detail"]
    assert problem["instance"] == f"urn:request:{answer.headers['X-Request-ID']}"
    for word in ("sqlalchemy", "sqlite", "psycopg", "SELECT", "INSERT", "Traceback", "app/"):
        assert word not in answer.text
    if field is not None:
        assert field in [error["field"] for error in problem["errors"]], problem
    return problem
