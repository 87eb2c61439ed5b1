"""A registrar at the pages of the registry, and what they enter there."""

import pytest

from tests.support.drafts import SESSION, TEXT
from tests.support.factories import REGISTRAR

NEW = "/registry/proposals/new"
TITLE = "关于加快算力中心建设的提案"


@pytest.fixture
def registrar(signed_in):
    """Give a registrar, signed in."""
    return signed_in(*REGISTRAR)


def numbered(reader, title=TITLE, text=TEXT, **more):
    """Type a proposal and number its two requests; the page shows them as recommendations."""
    reader.get(NEW)
    given = {"title": title, "text": text, "session": SESSION, "kind": "npc_suggestion"}
    given |= {"proposers__0__proposer": "孙红"}
    reader.submit(NEW, ("do", "number"), **given, **more)
    assert reader.status == 200, reader.page.text
    numbers = [f"segments__{at}__number" for at in (3, 4)]
    reader.submit(NEW, ("do", "apply"), **dict(zip(numbers, "12", strict=True)))
    assert reader.status == 200, reader.page.text


def entered(reader, **more):
    """Enter a proposal whose two recommendations are numbered; return its reference."""
    numbered(reader, **more)
    reader.submit(NEW, ("do", "enter"))
    assert reader.status == 200, reader.page.text
    return reader.address.rsplit("/", 1)[-1]


def filed(reader, **more):
    """Enter a proposal and file it, all steps at once; return its reference."""
    reference = entered(reader, **more)
    reader.get("/registry/filing?state=draft")
    places = [
        name.removesuffix(".record")
        for name, value in reader.form("/registry/filing")["fields"]
        if value == reference
    ]
    reader.submit("/registry/filing", **{f"{places[0]}.chosen".replace(".", "__"): "1"})
    assert "已办1件" in reader.page.text, reader.page.text
    return reference
