"""Pages as people open them: with or without script, in a language, on a screen of a size."""

import re
from dataclasses import dataclass, replace

from app.core.config import ROOT
from tests.browser.watching import Watch

PICTURES = ROOT / ".cache" / "pictures"
SIZES = {"desktop": (1280, 800), "small": (360, 740)}
PATIENCE = 30_000
"""Milliseconds after which what a test waits for does not come."""


@dataclass(frozen=True)
class Way:
    """How a person comes: *language* is what their browser asks for."""

    script: bool = True
    language: str = "zh-CN"
    size: str = "desktop"

    def __str__(self):
        script = "" if self.script else "-without-script"
        return f"{self.language}{script}{'' if self.size == 'desktop' else '-' + self.size}"


WAYS = (Way(), Way(script=False), Way(language="en"))
"""The ways in which every journey is made."""


class Visits:
    """All pages that one test opens; calling it opens a further one, of a new person."""

    def __init__(self, browser, register):
        self.browser = browser
        self.register = register
        self.watches = {}
        self.ways = {}

    def __call__(self, register=None, way=None, also=(), **differing):
        """Return an empty page on *register* (a server or an address).

        *differing* are fields of Way; *also* names further addresses that it may ask.
        """
        way = replace(way or Way(), **differing)
        own = register or self.register()
        address = getattr(own, "address", own)
        context = self.context(way, address)
        self.watches[context] = Watch(context, (address, *also))
        self.ways[context] = way
        return context.new_page()

    def context(self, way, address):
        """Return a new context of the browser: cookies and storage of its own."""
        width, height = SIZES[way.size]
        context = self.browser.new_context(
            base_url=address,
            java_script_enabled=way.script,
            locale=way.language,
            timezone_id="Asia/Shanghai",
            viewport={"width": width, "height": height},
            service_workers="block",
            bypass_csp=False,
        )
        context.set_default_timeout(PATIENCE)
        return context

    def expect(self, pattern):
        """Take away the faults that *pattern* finds: the test is about them. There must be one."""
        found = [fault for watch in self.watches.values() for fault in watch.take(pattern)]
        assert found, f"no fault is like {pattern}, but {self.faults}"
        return found

    @property
    def faults(self):
        """Everything that went wrong so far, in any page."""
        for watch in self.watches.values():
            watch.settle()
        return [fault for watch in self.watches.values() for fault in watch.faults]

    def judge(self):
        """Fail where anything went wrong."""
        found = self.faults
        assert not found, "in the browser:\n" + "\n".join(found)

    def picture(self, page, name):
        """Keep the whole *page* as a picture, named after the way as well; return where."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        plain = re.sub(r"[^\w.-]+", "-", name)
        path = PICTURES / f"{plain}.{self.ways[page.context]}.png"
        page.screenshot(path=path, full_page=True, caret="initial")
        return path

    def keep(self, name):
        """Keep a picture of every page that is open, when the test failed."""
        for number, page in enumerate(p for context in self.watches for p in context.pages):
            self.picture(page, f"failed-{name}-{number}")

    def end(self):
        """Close every page."""
        for context in self.watches:
            context.close()
