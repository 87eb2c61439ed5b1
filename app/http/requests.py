"""Reading requests: who asks, which version they saw, and a body that is what it says."""

import json
import re
from collections.abc import Callable
from typing import Any, NoReturn
from urllib.parse import unquote_to_bytes

from flask import current_app, request

from app.core.config import Settings
from app.core.database import Database
from app.core.schemas.messages import say
from app.core.types import Values
from app.http.context import context
from app.http.contract.problem_types import PROBLEM
from app.http.problems import Refused
from app.register.people.queries.reference_data import ReferenceDataCache

JSON, HTML = "application/json", "text/html"
DEEPEST = 32
SIGNS = re.compile(r'\\.|["\[\]{}]', re.S)
"""What matters for the depth of JSON: brackets, quotes, and whatever a backslash escapes."""

LONGEST_NUMBER = 20
VERSION_TAG = re.compile(r'(?:W/)?"v([1-9][0-9]{0,8})(?:\.[0-9a-f]{1,18})?"')
"""An entity tag of ours; what follows the point says what was shown, and is not compared."""


def database() -> Database:
    """Return the database of this application."""
    found: Database = current_app.extensions["database"]
    return found


def settings() -> Settings:
    """Return the settings of this application."""
    found: Settings = current_app.extensions["settings"]
    return found


def vocabulary_cache() -> ReferenceDataCache:
    """Return what this process knows of tags and organizations."""
    found: ReferenceDataCache = current_app.extensions["vocabulary"]
    return found


def check_acceptable(*media_types: str) -> None:
    """Raise Refused (406) when the caller's Accept takes no answer of one of *media_types*.

    Some generated clients name only the type of a problem document where they take bytes: what
    names that is answered, for every operation has it among its answers.
    """
    given = request.environ.get("HTTP_ACCEPT")
    if not given or given == "*/*" or given in media_types:
        return
    accepted = request.accept_mimetypes
    named = any("/" in one for one in accepted.values())  # what is no media type asks for nothing
    taken = any(accepted.quality(one) > 0 for one in media_types)
    if named and not taken and dict(accepted).get(PROBLEM, 0) <= 0:
        known = ", ".join(media_types)
        message = say(
            f"只能以 {known} 回答；请在 Accept 中写明或不写 Accept。",
            f"The answer is {known}; name it in Accept, or send no Accept.",
        )
        raise Refused(406, message)


def prefers_page() -> bool:
    """Return whether the caller would rather have a page for people than JSON, as browsers do."""
    return request.accept_mimetypes.best_match([JSON, HTML]) == HTML


def expected_version(*, needed: bool) -> int | None:
    """Return the version in If-Match, or None where none is *needed* or any will do (``*``).

    Raises Refused: 428 without one that is needed, 400 when malformed.
    """
    header = request.headers.get("If-Match")
    if header is None and not needed:
        return None
    if header is not None and header.strip() == "*":
        return None
    if header is None:
        raise Refused(
            428,
            say(
                '请在 If-Match 请求头中写明您看到的版本，例如 "v3"（见读取时的 ETag）。',
                'Say in If-Match which version you saw, such as "v3" (the ETag of the reading).',
            ),
        )
    match = VERSION_TAG.fullmatch(header.strip())
    if match is None:
        raise Refused(
            400,
            say('If-Match 应写作 "v3" 的样子，带引号。', 'If-Match is written "v3", with quotes.'),
            kind="malformed-if-match",
        )
    return int(match[1])


def read_body() -> Any:
    """Return the JSON of the body, read strictly.

    Raises Refused: 415 for another content type, 413 when it is too large, 400 when it is no
    JSON, or JSON with doubled names, too deep, or with numbers no record can hold.
    """
    if request.mimetype != "application/json":
        raise Refused(
            415,
            say(
                "请求内容必须是 JSON（Content-Type: application/json）。",
                "The body must be JSON (Content-Type: application/json).",
            ),
            headers={"Accept": "application/json"},
        )
    return parse_json(body_bytes())


def body_bytes() -> bytes:
    """Return the body; raise Refused: 413 when it is too large, 400 when it breaks off."""
    limit = settings().max_body_bytes
    content = piece_of_body(limit + 1)
    if len(content) > limit or (request.content_length or 0) > limit:
        raise too_large(limit)
    if len(content) < (request.content_length or 0):
        raise broken_off()
    context().content = content
    return content


def piece_of_body(size: int) -> bytes:
    """Return the next bytes of the body, *size* at most, none at its end.

    Raises Refused (400) when it breaks off, or is cut into chunks that are none.
    """
    try:
        piece: bytes = request.stream.read(size)
    except Exception:  # each server has its own: a chunk of no size, a caller that went away
        raise broken_off() from None
    return piece


def too_large(limit: int) -> Refused:
    """Return the refusal of a body of more than *limit* bytes."""
    return Refused(413, say(f"最大 {limit} 字节。", f"At most {limit} bytes."))


def broken_off() -> Refused:
    """Return the refusal of a body that did not come in whole."""
    return bad_body("没有收全", "it did not come in whole")


def parse_json(content: bytes) -> Any:
    """Return the value of the JSON text *content*; raise Refused (400) saying what is wrong."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise bad_body("内容不是 UTF-8 文字", "the body is not UTF-8") from None
    if depth(text) > DEEPEST:
        raise bad_body(f"嵌套超过 {DEEPEST} 层", f"nested deeper than {DEEPEST}")
    try:
        return json.loads(
            text,
            object_pairs_hook=without_doubles,
            parse_constant=no_constant,
            parse_int=short(int),
            parse_float=short(finite),
        )
    except json.JSONDecodeError as error:
        place = f"{error.lineno}:{error.colno}"
        raise bad_body(f"不是有效的 JSON（位置 {place}）", f"no valid JSON (at {place})") from None


def depth(text: str) -> int:
    """Return how deep brackets nest in *text*, those inside strings left out; in one pass."""
    deepest = now = 0
    quoted = False
    for sign in SIGNS.findall(text):
        if sign == '"':
            quoted = not quoted
        elif quoted or sign[0] == "\\":
            continue
        elif sign in "[{":
            now += 1
            deepest = max(deepest, now)
        else:
            now -= 1
    return deepest


def without_doubles(pairs: list[tuple[str, Any]]) -> Values:
    """Return the object of *pairs*; raise Refused when a name stands twice."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise bad_body("同一字段出现两次", "a name stands twice in one object")
    if any("\ud800" <= sign <= "\udfff" for name in found for sign in name):
        raise bad_body("字段名不是文字", "a name is no text")
    return found


def no_constant(word: str) -> NoReturn:
    """Refuse NaN and Infinity, which are no JSON."""
    raise bad_body(f"{word} 不是 JSON", f"{word} is no JSON")


def short(convert: Callable[[str], Any]) -> Callable[[str], Any]:
    """Return *convert* for numbers of a length that some field can hold."""

    def converted(digits: str) -> Any:
        if len(digits) > LONGEST_NUMBER:
            raise bad_body("数字太长", "a number is too long")
        return convert(digits)

    return converted


def finite(digits: str) -> float:
    """Return a float; raise Refused when it is too large to be one."""
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise bad_body("数字太大", "a number is too large")
    return value


def bad_body(zh: str, en: str) -> Refused:
    """Return the refusal of a body."""
    detail = say(f"请求内容无法读懂：{zh}。", f"The body cannot be read: {en}.")
    return Refused(400, detail, kind="malformed-body")


def query_values() -> dict[str, str | list[str]]:
    """Return the query as a plain dict; what stands several times is a list.

    Raises Refused (400) for bytes that are no UTF-8.
    """
    try:
        unquote_to_bytes(request.query_string).decode("utf-8")
    except UnicodeDecodeError:
        detail = say("网址参数不是 UTF-8。", "The query is not UTF-8.")
        raise Refused(400, detail) from None
    return {name: own if len(own) > 1 else own[0] for name, own in request.args.lists()}
