"""The desk of an office: what waits there, receiving many, finding a case."""

import pytest

from tests.support.casework import dispatch
from tests.support.pages import Reader

pytestmark = pytest.mark.usefixtures("today")


def test_smoke(people, callers, proposal, database):
    made = dispatch(callers, proposal)
    r = people("industry")
    r.get("/desk")
    print(r.status, r.page.text)
    r.submit("/desk/receipts", assignment=made["reference"])
    print(r.status, r.page.text[:600])
    r.get(f"/desk/cases/{made['reference']}")
    print(r.status, r.page.text)
    assert 0
