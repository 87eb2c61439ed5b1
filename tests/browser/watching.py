"""What must not happen in any page: a request to others, an error, a thing that is missing."""

import re
from contextlib import suppress

from playwright.sync_api import Error

INSIDE = ("data:", "blob:", "about:")
"""What a browser finds within the page."""

ANSWERED = "Failed to load resource: the server responded with a status"
"""What Chromium says of any refusal; the watch judges the answer itself."""

GIVEN_UP = "net::ERR_ABORTED"
"""Why a request ends that a person left behind, or that became a download."""


class Watch:
    """Everything that went wrong in one *context*, in words; it may ask *addresses* only."""

    def __init__(self, context, addresses):
        self.addresses = addresses
        self.context = context
        self.faults = []
        context.on("request", self.see_request)
        context.on("requestfailed", self.see_failure)
        context.on("response", self.see_answer)
        context.on("console", self.see_words)
        context.on("weberror", lambda event: self.note(f"page error: {event.error}"))
        context.on("page", self.see_page)

    def note(self, fault):
        self.faults.append(fault)

    def see_page(self, page):
        page.on("websocket", lambda socket: self.note(f"a socket to {socket.url}"))
        page.on("crash", lambda page: self.note(f"crashed: {page.url}"))

    def see_request(self, request):
        if not request.url.startswith((*INSIDE, *(f"{one}/" for one in self.addresses))):
            self.note(f"asks others: {request.method} {request.url}")

    def see_failure(self, request):
        if request.failure != GIVEN_UP:
            self.note(f"fails: {request.method} {request.url} {request.failure}")

    def see_answer(self, response):
        kind, status = response.request.resource_type, response.status
        if status >= least_fault(kind, status):
            self.note(f"{status} for a {kind}: {response.request.method} {response.url}")

    def see_words(self, message):
        if message.type == "error" and not message.text.startswith(ANSWERED):
            self.note(f"console: {message.text} ({message.location['url']})")

    def settle(self):
        """Wait until what has happened so far has been told."""
        for page in self.context.pages:
            with suppress(Error):  # one that was closed, or is just leaving
                page.evaluate("0")

    def take(self, pattern):
        """Return the faults that *pattern* finds, which are then none any more."""
        self.settle()
        found = [fault for fault in self.faults if re.search(pattern, fault)]
        self.faults = [fault for fault in self.faults if fault not in found]
        return found


def least_fault(kind, status):
    """Return from which status on an answer to a request of this *kind* is a fault.

    A page may be refused, and say so; a script may meet a refusal that it shows, but nothing
    that is not there; an image, a style or a script must be there.
    """
    if kind == "document":
        return 500
    if kind in ("xhr", "fetch"):
        return 404 if status == 404 else 500
    return 400
