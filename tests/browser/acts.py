"""How many acts a person needs: a click, a key, or one text typed into a field is one."""

from functools import wraps

from playwright.sync_api import Keyboard, Locator, Mouse, Page

POINTING = ("click", "dblclick", "tap", "check", "uncheck", "set_checked", "select_option")
TYPING = ("fill", "type")
ACTS = {
    Locator: (*POINTING, *TYPING, "press", "press_sequentially", "set_input_files", "drag_to"),
    Page: (*POINTING, *TYPING, "press", "set_input_files", "drag_and_drop"),
    Keyboard: ("press", "type", "insert_text"),
    Mouse: ("down", "click", "dblclick"),
}
TEXTS = (*TYPING, "press_sequentially", "insert_text")


class Acts:
    """The acts of a test so far, or since it said `begin`."""

    def __init__(self):
        self.done = []

    def begin(self):
        """Count from here."""
        self.done.clear()

    @property
    def number(self):
        """How many acts there were, in all pages of the test together."""
        return len(self.done)

    @property
    def typed(self):
        """How many of them were a text typed into a field."""
        return sum(name in TEXTS for name in self.done)


def count_acts(monkeypatch, acts):
    """Let whatever a test does with a page add to *acts*."""
    for kind, names in ACTS.items():
        for name in names:
            monkeypatch.setattr(kind, name, counted(getattr(kind, name), name, acts))


def counted(method, name, acts):
    """Return *method* so that each of its calls is an act."""

    @wraps(method)
    def call(*given, **named):
        acts.done.append(name)
        return method(*given, **named)

    return call
