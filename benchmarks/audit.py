"""What the audit costs: a step with its event, state hash and receipt, and one without."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

from app.audit.services import recorder
from app.audit.signing import Signer
from app.core.base import Head
from benchmarks.flatness import Subject
from benchmarks.measuring import Ratio, Work, interleaved, ratio


def unwritten(session: Any, actor: Any, at: Any, values: Any) -> int:
    """Stand in for append_event: take the next sequence and write nothing."""
    head: Head = session.info["head"]
    head.sequence += 1
    return head.sequence


@contextmanager
def without(subject: Subject) -> Iterator[None]:
    """Let writes leave no event, no hash, no receipt and no checkpoint."""
    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(recorder, "append_event", unwritten))
        stack.enter_context(mock.patch.object(recorder, "state_hash", return_value=None))
        stack.enter_context(mock.patch.object(subject.database, "signer", None))
        yield


def cost(url: str, rounds: int) -> Ratio:
    """Return how much longer a step takes with the audit than without, over all rounds."""
    subject = Subject(url)
    subject.database.signer = Signer(bytes(32))
    steps = subject.each(subject.steps())
    works: dict[str, Work] = {"with": steps, "without": lambda times: bare(subject, steps, times)}
    return ratio(interleaved(works, rounds), "with", "without")


def bare(subject: Subject, steps: Work, times: int) -> None:
    """Take steps without the audit."""
    with without(subject):
        steps(times)
