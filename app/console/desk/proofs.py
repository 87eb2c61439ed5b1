"""What proves something: files of the proposal that are chosen in a form, and a page."""

from collections.abc import Iterable

from app.console.calls import ask
from app.console.forms import Form
from app.core.types import Given, Values

MOST_FILES = 200


def files_of(proposal_id: int) -> list[Values]:
    """Return the files of a proposal that nothing newer stands in the place of."""
    found = ask("listFiles", {"proposal_id": proposal_id}, limit=MOST_FILES)["items"]
    return [file for file in found if file["superseded_by"] is None]


def proofs_in(form: Form, files: Iterable[Given]) -> list[Values] | None:
    """Return what was chosen of *files* and the page that was typed in; None for nothing."""
    names = {file["reference"]: file["filename"] for file in files}
    chosen = [{"title": names.get(one, one), "file": one} for one in form.texts("file")]
    link, title = form.text("link"), form.text("link_title")
    if link is not None or title is not None:
        page = {"title": title or link, "url": link}
        chosen.append({name: own for name, own in page.items() if own is not None})
    return chosen or None
