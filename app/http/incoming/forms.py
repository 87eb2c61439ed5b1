"""Files that come in a form (multipart/form-data), as one of its parts, beside the other fields."""

import re
from typing import IO, cast

from flask import request
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.http import parse_options_header

from app.core.schemas.messages import REQUIRED, say
from app.http.context import Upload, context
from app.http.problems import Invalid, Refused
from app.http.requests import (
    bad_body,
    broken_off,
    piece_of_body,
    query_values,
    settings,
    too_large,
)
from app.http.uploads import FILE, FORM, FORM_ROOM, Incoming

FORM_MEMORY = 256 * 1024
"""How many bytes of a form are held in memory at once, its file left out."""

MOST_PARTS = 20
EXTENDED = re.compile(r"filename\*\s*=\s*([^';]*)'[^;]*", re.I)
"""The name of a part in the signs of RFC 5987, behind the name of their encoding."""

UNKNOWN_SIGN = "\ufffd"
"""What stands where bytes were no UTF-8."""

BACKSLASH = re.compile(r'\\[\\"]|\\')


class FormBody:
    """The body of a request that is a form, as far as it was read; 413 once it is too long."""

    def __init__(self) -> None:
        self.length = 0

    def read(self, size: int) -> bytes:
        """Return the next bytes of the body, *size* at most."""
        piece = piece_of_body(size)
        self.length += len(piece)
        if self.length > settings().max_file_bytes + FORM_ROOM:
            raise too_large(settings().max_file_bytes)
        if not piece and self.length < (request.content_length or 0):
            raise broken_off()
        return piece


def read_form() -> Upload:
    """Return the file in the form that the body is, with the other fields of that.

    Raises Refused as read_upload does, and 400 for what is no form; Invalid naming the part when
    there is no file, or several.
    """
    form, parts, files = parse()
    fields = fields_of(form)
    check_parts(fields, parts)
    upload = files[0].whole()
    upload.fields, upload.name = fields, filename_of(parts[FILE])
    return upload


TOO_MUCH = say(
    f"表单除文件外内容过多：最多 {MOST_PARTS} 个部分，合计 {FORM_ROOM // 1024} KiB。",
    f"There is too much in the form beside the file: at most {MOST_PARTS} parts,"
    f" {FORM_ROOM // 1024} KiB in all.",
)


def parse() -> tuple[MultiDict[str, str], MultiDict[str, FileStorage], list[Incoming]]:
    """Return the fields and the files of the form that the body is, and what came in of a file.

    Raises Refused: 413 for too much of it, 400 for what is no form; Invalid for several files.
    """
    files: list[Incoming] = []

    def begin(
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        if files:
            raise Invalid({FILE: [say("只能有一个文件", "must be one file only")]})
        files.append(Incoming())
        return cast(IO[bytes], files[0])

    parser = FormDataParser(
        begin, max_form_memory_size=FORM_MEMORY, max_form_parts=MOST_PARTS, silent=False
    )
    body = cast(IO[bytes], FormBody())
    try:
        _, form, parts = parser.parse(body, FORM, request.content_length, request.mimetype_params)
    except RequestEntityTooLarge:
        raise Refused(413, TOO_MUCH) from None
    except ValueError:
        raise bad_body("不是有效的 UTF-8 表单", "it is no form in UTF-8") from None
    names: list[object] = [*form, *parts]
    if None in names:
        raise bad_body("表单有一部分没有名称", "a part of the form has no name")
    return form, parts, files


def fields_of(form: MultiDict[str, str]) -> dict[str, list[str]]:
    """Return the fields of *form* but for empty ones, which a page sends where none was filled in.

    Raises Refused (400) for what is no UTF-8.
    """
    fields = {name: [value for value in own if value] for name, own in form.lists()}
    if any(UNKNOWN_SIGN in "".join([name, *own]) for name, own in fields.items()):
        raise bad_body("表单的字段不是 UTF-8", "a field of the form is not UTF-8")
    return {name: own for name, own in fields.items() if own or name == FILE}


def check_parts(fields: dict[str, list[str]], parts: MultiDict[str, FileStorage]) -> None:
    """Raise Invalid unless one of the *parts* of a form is the file, and no field is one."""
    if FILE in fields:
        message = say("必须是文件，其部分须有 filename", "must be a file, as a part with filename")
        raise Invalid({FILE: [message]})
    others = [name for name in parts if name != FILE]
    if others:
        message = say(f"文件的字段名必须是 {FILE}", f"must be called {FILE} where it is the file")
        raise Invalid({name: [message] for name in others})
    if FILE not in parts or not parts[FILE].filename:
        raise Invalid({FILE: [REQUIRED]})


def filename_of(part: FileStorage) -> str:
    """Return the name of a file as its *part* of a form says it, without any folder.

    The name in the signs of RFC 5987 goes before the other. Raises Invalid when it is no UTF-8.
    """
    disposition = part.headers.get("Content-Disposition", "")
    extended = EXTENDED.search(disposition)
    plain = BACKSLASH.sub(lambda sign: sign[0].ljust(2, "\\"), disposition)
    _, options = parse_options_header(f"{FORM}; {extended[0]}" if extended else plain)
    name = re.split(r"[\\/]", options.get("filename", ""))[-1]
    if UNKNOWN_SIGN in name or (extended and extended[1].lower() != "utf-8"):
        raise Invalid({"filename": [say("必须是 UTF-8 文字", "must be UTF-8 text")]})
    return name


def upload_values() -> dict[str, str | list[str]]:
    """Return what comes with a file: the query, and the fields of its form, as a plain dict.

    What stands several times, in either or both, is a list.
    """
    upload, values = context().upload, query_values()
    for name, own in (upload.fields if upload else {}).items():
        before = values.get(name, [])
        all_of = [*([before] if isinstance(before, str) else before), *own]
        values[name] = all_of if len(all_of) > 1 else all_of[0]
    if upload is not None and upload.name:
        values.setdefault("filename", upload.name)
    return values
