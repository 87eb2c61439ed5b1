"""The security log: what unknown callers tried, bounded so that it cannot be used as a weapon."""

import logging
import threading

from flask import request

from app.core.clock import utcnow
from app.http.context import context

log = logging.getLogger("register.security")

MOST_IN_A_MINUTE = 60


class Budget:
    """How many lines this process has written in the present minute, and how many it did not."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.minute = ""
        self.written = 0
        self.left_out = 0

    def allows(self) -> tuple[bool, int]:
        """Return whether a line may be written, and how many were left out before it."""
        with self.lock:
            minute, left_out = utcnow().strftime("%H:%M"), 0
            if minute != self.minute:
                left_out, self.left_out = self.left_out, 0
                self.minute, self.written = minute, 0
            if self.written >= MOST_IN_A_MINUTE:
                self.left_out += 1
                return False, 0
            self.written += 1
            return True, left_out


budget = Budget()


def note(what: str, **details: str) -> None:
    """Write one line about an attempt of someone unknown; never what they brought as a secret."""
    allowed, left_out = budget.allows()
    if left_out:
        log.warning("%s further attempts were left out of this log", left_out)
    if allowed:
        message = " ".join(f"{name}={value!a}" for name, value in details.items())
        place = f"{request.method} {request.path[:100]!a}"
        log.warning(
            "%s from=%s request=%s %s %s",
            what,
            request.remote_addr,
            context().request_id,
            place,
            message,
        )
