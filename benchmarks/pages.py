"""What pages cost that people open most, at each size beside the next smaller one."""

from collections.abc import Iterator
from itertools import pairwise

from sqlalchemy.orm import Session

from app.accounts.queries.principals import holder
from app.accounts.rules.keys import secret_hash
from app.console.signing_in.services import begin_sign_in, new_token
from app.console.signing_in.visitors import COOKIE
from app.core.clock import utcnow
from benchmarks.calls import Request
from benchmarks.flatness import Subject
from benchmarks.measuring import Ratio, Work, interleaved, ratio

FLAT = 1.3
"""What a page may cost beside the same one at a tenth of the size."""

HTML = ("Accept", "text/html")
TAG_PAGE = "/tags/computing-power-center"


def opened(urls: dict[int, str], rounds: int) -> Iterator[tuple[str, Ratio, str]]:
    """Yield what the front page, a tag's page and a desk cost at each size beside the smaller."""
    subjects = {size: Subject(url) for size, url in urls.items()}
    works: dict[str, dict[int, Work]] = {"front page": {}, "page of a tag": {}, "desk": {}}
    for size, subject in subjects.items():
        works["front page"][size] = subject.repeated(Request("/", headers=(HTML,)))
        works["page of a tag"][size] = subject.repeated(Request(TAG_PAGE, headers=(HTML,)))
        works["desk"][size] = subject.repeated(desk(subject))
    for name, own in works.items():
        times = interleaved({str(size): work for size, work in own.items()}, max(3, rounds // 4))
        for smaller, larger in pairwise(sorted(own)):
            values = ratio(times, str(larger), str(smaller))
            yield f"{name}, at {larger:,} / at {smaller:,}", values, f"<= {FLAT}"


def desk(subject: Subject) -> Request:
    """Return the request for the desk of the office that handles most, signed in."""
    office, _ = subject.handled()
    mark, token, now = secret_hash(subject.key_of(office)), new_token(), utcnow()

    def sign_in(session: Session) -> None:
        person = holder(session, mark, now)
        begin_sign_in(session, person.id, person.secret_id, token, now)

    subject.database.count(sign_in)
    return Request("/desk", headers=(("Cookie", f"{COOKIE}={token}"), HTML))
