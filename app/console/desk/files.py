"""Files of a proposal: adding them by a button, and getting them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

from flask import Response, request

from app.console.calls import Refusal, Sending, ask, ask_file, record_named, send
from app.console.desk.home import refused_rows
from app.console.desk.proofs import MOST_FILES
from app.console.forms import NO_FORM, Form
from app.console.pages import Pages, done, page, say, signed_in
from app.console.sending import shown_again
from app.console.signing_in.connections import own_address
from app.console.withholdings.access import withholder

blueprint = Pages("desk_files", __name__)


@blueprint.get("/desk/files/<reference>")
def files(reference: str) -> Response:
    """Show the files of a proposal, and the form that adds one."""
    signed_in()
    return files_page(NO_FORM, reference)


def files_page(form: Form, reference: str) -> Response:
    """Return the page of the files of a proposal, with a *form* on it that was refused."""
    number = record_named(reference, "proposal")["id"]
    return page(
        "desk/files.html",
        form=form,
        leads_to=own_address(request.values.get("return") or f"/desk/files/{reference}"),
        proposal=ask("getProposal", {"proposal_id": number}),
        files=ask("listFiles", {"proposal_id": number}, limit=MOST_FILES)["items"],
        withholder=withholder(),
    )


@blueprint.post("/desk/files/<reference>")
@shown_again(files_page)
def add_files(form: Form, reference: str) -> Response:
    """Add the files that were chosen to a proposal, one after the other."""
    number = record_named(reference, "proposal")["id"]
    given = [own for own in form.files.getlist("file") if own.filename]
    if not given:
        raise Refusal(422, refused_rows([say("请先选择文件。", "Choose a file first.")]))
    for place, own in enumerate(given):
        stream = cast(BinaryIO, own.stream)
        sending = Sending(
            once=f"{form.once}-{place}" if form.once else None,
            query={"filename": own.filename, "internal": form.is_chosen("internal")},
            file=stream,
            media_type="application/octet-stream",
            size=size_of(stream),
        )
        with naming(str(own.filename)):
            send("uploadFile", {"proposal_id": number}, sending)
    back = own_address(form.text("return") or f"/desk/files/{reference}")
    notice = say(f"已上传 {len(given)} 个文件。", f"Added {len(given)} files.")
    return done(back, str(notice))


@contextmanager
def naming(filename: str) -> Iterator[None]:
    """Let what is refused of a file say which one it is, as several were chosen."""
    try:
        yield
    except Refusal as refusal:
        document = refusal.document
        notice = {**document, "detail": f"{filename}{say('：', ': ')}{document['detail']}"}
        raise Refusal(refusal.status, notice) from refusal


def size_of(stream: BinaryIO) -> int:
    """Return how many bytes *stream* holds; it is read from its beginning afterwards."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    return size


@blueprint.get("/desk/attachments/<reference>")
def attachment(reference: str) -> Response:
    """Give a file, to be saved under its name."""
    signed_in()
    number = record_named(reference, "file")["id"]
    return ask_file("getFileContent", {"file_id": number})  # type: ignore[return-value]
