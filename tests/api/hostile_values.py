"""What must be refused: values by kind of field, bodies, headers and parts of addresses."""

import json

from marshmallow import fields

from app.core.schemas import date_fields, filters
from app.core.schemas import fields as own
from app.register.counting import schemas as counting
from app.register.people.schemas.organizations import Region

SEEN_AS_NOTHING = [
    "a\u0000b", "a\u001bb", "a\u007fb", "a\u0085b", "a\u202eb", "a\u2066b", "a\u200bb", "\ufeffa",
    "a\u2028b",
]  # fmt: skip
BLANK = ["", " ", "\u3000", "\u00a0\t"]
HALVES = ["\ud800", "a\udc00", "\udc00\ud800"]
"""Lone surrogates: JSON can write them, but they are no text."""

NO_TEXT = [7, 2.5, True, [], {}, ["a"]]
LINES = [*SEEN_AS_NOTHING, *BLANK, "a\nb", "abc\n", "a\rb"]
SLUGS = ["Über", "a_b", "-a", "a-", "a--b", "A", "a b", "１", "../a"]
LINKS = [
    "javascript:alert(1)", "data:text/html,x", "ftp://x", "//x", "https://", "https:///x",
    "https://u@h/", "https://u:p@h/", "https://a b", "https://h/a b", "x",
]  # fmt: skip
NUMBERS = ["1_000", "１２", "2.5", "1e3", "0x10", "+5", " 5", "5\n", "--1", "", "x", "9" * 30]
WORDS = ["nope", "", "None", "a\u0000b"]
FLAGS = ["yes", "no", "on", "1", "0", "True", "FALSE", "true ", "ｔrue", ""]
DAYS = [
    "2024-W01-1", "2024-001", "20240101", "2024-1-1", "2024-02-30", "2024-13-01", "２０２４-01-01",
    "0001-01-01", "1948-12-31", "2200-01-01", "9999-12-31", "2024-01-01T00:00:00Z",
    " 2024-01-01", "2024-01-01\n", "today", "",
]  # fmt: skip
MOMENTS = [
    "2024-01-01", "2024-01-01T00:00:00", "20240101T000000Z", "2024-01-01 00:00:00Z",
    "2024-01-01T00:00Z", "2024-01-01T00:00:00.123456789Z", "2024-01-01T24:00:00Z",
    "2024-01-01T23:59:60Z", "2024-01-01T00:00:00+25:00", "2024-01-01T00:00:00+08:60",
    "2024-01-01T00:00:00+0800", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00",
    "1948-12-31T23:59:59Z", "2200-01-01T00:00:00Z", "２０２４-01-01T00:00:00Z",
    "2024-01-01T00:00:00Z\n", "now", "",
]  # fmt: skip

TEXTS = {
    own.Slug: lambda field: [*LINES, *SLUGS, "a" * 65],
    own.Link: lambda field: [*LINES, *LINKS, "https://h/" + "a" * 991],
    Region: lambda field: [*LINES, "4101", "41010", "４１０１００", "41010 ", "410100-1"],
    own.Text: lambda field: [*SEEN_AS_NOTHING, *BLANK, "a\fb", "长" * (field.longest + 1)],
    own.Line: lambda field: [*LINES, "长" * (field.longest + 1)],
    own.Number: lambda field: [*NUMBERS, *map(str, beyond(field)), str(2**63), str(-(2**63) - 1)],
    own.Flag: lambda field: FLAGS,
    own.Code: lambda field: [*WORDS, f"{next(iter(field.vocabulary))} ", other_case(field)],
    own.Choice: lambda field: [*WORDS, "password_hash", "id;drop", f"{field.choices[0]}\n"],
    date_fields.Day: lambda field: DAYS,
    date_fields.Instant: lambda field: MOMENTS,
    filters.Several: lambda field: refused_texts(field.inner),
}
"""Kind of field → texts that it refuses, in a body and in a query alike."""

VALUES = {
    own.Line: lambda field: [*NO_TEXT, *HALVES],
    own.Number: lambda field: [
        2.5, 1.5, 1e30, 1e-300, True, False, "1", *beyond(field), 2**63, -(2**63) - 1, [], {}, [1],
    ],
    own.Flag: lambda field: ["true", "false", 1, 0, 2.5, [], {}],
    own.Code: lambda field: [*NO_TEXT, *HALVES],
    own.Choice: lambda field: [*NO_TEXT, *HALVES],
    date_fields.Day: lambda field: [*NO_TEXT, 20240101, 1704067200],
    date_fields.Instant: lambda field: [*NO_TEXT, 1704067200],
    own.Items: lambda field: [
        {}, {"0": "a"}, "x", "", 7, 2.5, True, *([[]] if field.validate.min else []),
        [valid(field.inner)] * (field.most + 1), [0] * 100_000,
        *([value] for value in refused_values(field.inner)),
    ],
    fields.Nested: lambda field: ["x", "", 7, 2.5, True, [], [{}]],
}  # fmt: skip
"""Kind of field → what else it refuses in a body."""

MEANINGLESS = {
    "networks": [[text] for text in ("10.0.0.0/33", "１０.0.0.0/8", "10.0.0.1", "10.0.0.1/8",
                                     "::1", "fe80::%eth0/64", "x")],
    "office": ["no-such-office"],
    "broader": ["no-such-tag"],
    "caught_by": ["no-such-tag"],
    "body": ["no-such-office"],
    "parent": ["no-such-office"],
    "add": [["no-such-tag"]],
    "remove": [["no-such-tag"]],
    "to": ["no-such-state", "implemente d"],
    "superseded_by": ["D999-P99-R99"],
    "review_on": ["2020-01-01"],
}  # fmt: skip
"""Field → values of the right kind that stand for nothing."""

EVERYWHERE = ["NaN", "-1e400", "9" * 30]
"""What a parser must refuse, whichever field it stands in."""


def kind_of(field, table):
    """Return the kind of *field* under which it stands in *table*."""
    return next(kind for kind in type(field).__mro__ if kind in table)


def beyond(field):
    """Return the numbers just below and above what *field* takes."""
    allowed = field.validate
    return [allowed.min - 1, allowed.max + 1]


def other_case(field):
    """Return a word of the field's vocabulary in capitals."""
    return next(iter(field.vocabulary)).upper()


def refused_texts(field):
    """Return the texts that *field* refuses, wherever they come from."""
    return TEXTS[kind_of(field, TEXTS)](field)


def refused_values(field):
    """Return what *field* refuses in a JSON body."""
    texts = refused_texts(field) if set(TEXTS) & set(type(field).__mro__) else []
    others = VALUES[kind_of(field, VALUES)](field)
    return [*texts, *others, *([] if field.allow_none else [None])]


FITTING = {
    own.Slug: lambda field: ["a" * 64, "0"],
    own.Link: lambda field: ["https://h/" + "𠮷" * 990, "http://[::1]:0/?#"],
    Region: lambda field: ["410100000000", "410100"],
    own.Text: lambda field: ["𠮷" * field.longest, "\n" * (field.longest - 1) + "a", "'\";--%_\\"],
    own.Line: lambda field: ["𠮷" * field.longest, "é", "'\";--%_\\", "{}%s$1:a"],
    filters.Asking: lambda field: ["q=%25_", "progress=verified"],
    counting.FigurePart: lambda field: [field.parts[0], field.parts[-1]],
    counting.DimensionName: lambda field: ["month:2199-12", "kind:npc_bill", "tag:none"],
    own.Number: lambda field: sorted(
        {field.validate.min, field.validate.max, min(2**31, field.validate.max)}
    ),
    own.Flag: lambda field: [True, False],
    own.Code: lambda field: [str(list(field.vocabulary)[-1])],
    own.Choice: lambda field: [field.choices[-1]],
    date_fields.Day: lambda field: ["1949-01-01", "2199-12-31", "2024-02-29"],
    date_fields.Instant: lambda field: [
        "1949-01-01T00:00:00Z", "2199-12-31T23:59:59.999999+00:00", "2024-01-01t00:00:00z",
    ],
    filters.Several: lambda field: fitting(field.inner),
    own.Items: lambda field: [
        [valid(field.inner)] * field.most,
        *([value] for value in fitting(field.inner)),
        *([[]] if not field.validate.min else []),
    ],
    fields.Nested: lambda field: [
        valid(field) | {name: value}
        for name, inner in field.schema.fields.items()
        for value in fitting(inner)
    ],
}  # fmt: skip
"""Kind of field → what it holds at its very limits."""


def fitting(field):
    """Return values at the limits of *field*; what they mean may still be refused."""
    return [*FITTING[kind_of(field, FITTING)](field), *([None] if field.allow_none else [])]


UNORDINARY = (
    own.Slug | own.Link | Region | filters.Asking | counting.FigurePart | counting.DimensionName
)
"""Lines that not every text fits into."""


def valid(field):
    """Return an ordinary value of *field*."""
    if isinstance(field, filters.Several):
        return valid(field.inner)
    if isinstance(field, fields.Nested):
        inner = field.schema.fields
        return {name: valid(f) for name, f in inner.items() if f.required}
    if isinstance(field, own.Items):
        return [valid(field.inner)]
    if isinstance(field, own.Line) and not isinstance(field, UNORDINARY):
        return "文字"
    return FITTING[kind_of(field, FITTING)](field)[-1]


SEARCHES = [
    "%",
    "_",
    "\\",
    "'",
    '"',
    "' OR 1=1--",
    "ai",
    "AI",
    "É",
    "ß",
    "İ",
    "ＡＩ",
    "😀",
    "(",
    "*",
]
"""Words that a careless search takes for something else."""

MORE_FIELDS = [
    "id", "is_admin", "created_at", "updated_at", "publication", "__class__", "", "json", "query",
    "_schema", "长" * 100, "a\u0000b", "a\u202eb", "a.b",
]  # fmt: skip
NAMELESS = ("", "_schema")
"""Names under which errors stand that are about no field."""
MORE_PARAMETERS = [
    "stauts", "offset", "page", "id", "limit[]", "Limit", "key", "access_token", "json", "query",
    "_schema", "%00", "a.b", "%E2%80%AE",
]  # fmt: skip
NO_QUERIES = ["%ff=1", "a=%ed%a0%80", "a=%c0%80", "a=%e4%b8", "\xff", "a=\xff", "a=%ff&a=%ff"]
"""Queries that are no UTF-8, written in percent signs or not."""


def deep(levels):
    """Return a list inside a list inside a list."""
    return b"[" * levels + b"]" * levels


def broken_bodies(text):
    """Return bodies that cannot be read, by what is wrong; *text* is a good one."""
    good, name = text.encode(), json.dumps(next(iter(json.loads(text)))).encode()
    return {
        "empty": b"", "blank": b" \n", "cut short": good[:-1], "cut in a name": good[:3],
        "two": good + good, "a comma too many": good[:-1] + b",}", "a comment": good + b"//",
        "a NUL after it": good + b"\0", "single quotes": b"{'a':1}", "no quotes": b"{a:1}",
        "no UTF-8": b"\xff", "a half in UTF-8": b'{"a":"\xed\xa0\x80"}',
        "an overlong NUL": b'{"a":"\xc0\x80"}', "GBK": '{"note":"提案"}'.encode("gbk"),
        "UTF-16": text.encode("utf-16"), "a byte-order mark": b"\xef\xbb\xbf" + good,
        "a name twice": b"{" + name + b":null," + good[1:],
        "a name twice within": b'{"a":[{"b":1,"b":2}]}',
        "a name twice, once escaped": b'{"a":1,"\\u0061":2}',
        "a half as a name": b'{"\\ud800":1}', "a line break in a text": b'{"a":"b\nc"}',
        "an unknown escape": b'{"a":"\\x41"}', "100,000 brackets": b"[" * 100_000,
        "5,000 objects": b'{"a":' * 5000, "33 levels": b'{"a":' + deep(32) + b"}",
        "5,000 digits": b'{"a":' + b"9" * 5000 + b"}", "21 digits": b'{"a":' + b"9" * 21 + b"}",
        "a long fraction": b'{"a":0.' + b"1" * 5000 + b"}", "NaN": b'{"a":NaN}',
        "Infinity": b'[{"a":Infinity}]', "1e400": b'{"a":[1e400]}',
        "a zero before a number": b'{"a":01}', "a plus before a number": b'{"a":+1}',
        "quotes without end": b'"' + b'\\"' * 200_000, "a form": b"a=1&b=2",
    }  # fmt: skip


NO_OBJECTS = [b"[]", b"null", b'"x"', b"7", b"true", b"[{}]", b"[" + deep(30) + b"]"]

FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=b"
OTHER_TYPES = [
    None, "", "text/plain", "text/json", FORM, PARTS, "application/vnd.x+json", "application/jsonp",
    "application/json, application/json", "application", "*/*", "application/octet-stream",
]  # fmt: skip
SAME_TYPES = ["APPLICATION/JSON", "application/json; charset=utf-8", "application/json;x"]

NO_TAGS = [
    "", "v1", '"1"', '"v0"', '"v01"', '"v-1"', '"v1', 'v1"', "'v1'", '"v1", "v2"', 'w/"v1"', 'W/v1',
    'W/ "v1"', '"v1.x"', '"v9999999999"', '"v1"x', '"V1"', '"v１"', "\x00", '"v1\x7f"',
]  # fmt: skip
NO_KEYS_TO_REPEAT = [
    "",
    "a" * 256,
    "a b",
    '"',
    '""',
    '"a',
    'a"b',
    "é",
    "密",
    "a\x01",
    "\x7f",
    "a\\b",
]


def no_authority(key):
    """Return Authorization headers that let nobody in, by what they are; *key* is a good one."""
    return {
        "nothing": "", "a space": " ", "no key": "Bearer", "an empty key": "Bearer ",
        "two spaces": f"Bearer  {key}", "another scheme": f"Basic {key}", "no scheme": key,
        "Basic": "Basic YTpi", "an unknown scheme": f"Token {key}", "a colon": f"Bearer: {key}",
        "a word after it": f"Bearer {key} x", "a NUL after it": f"Bearer {key}\x00",
        "a comma after it": f"Bearer {key},", "twice": f"Bearer {key}, Bearer {key}",
        "cut short": f"Bearer {key[:-1]}", "in capitals": f"Bearer {key.upper()}",
        "quoted": f'Bearer "{key}"', "no ASCII": "Bearer é", "Chinese": "Bearer 密钥",
        "dots": "Bearer a.b.c", "only dots": "Bearer ..", "half a character": "Bearer \ud800",
        "a token nobody signed": "Bearer eyJhbGciOiJub25lIn0.e30.",
        "too long": "Bearer " + "a" * 100_000, "another's checksum": f"Bearer {key[:-8]}00000000",
    }  # fmt: skip


IGNORED = {
    "Accept": [
        "application/xml, */*;q=0.1",
        "*/*",
        "application/problem+json",
        ";;q=x,\x01",
        "a/b;q=1e400",
    ],
    "Accept-Language": ["xx", "*", ",,;q=", "zh;q=NaN", "é,zh;q=9" + ",zh" * 5000],
    "Accept-Charset": ["utf-7"],
    "Accept-Encoding": ["gzip, bomb"],
    "Cookie": ["session=a; =; \x01"],
    "If-Modified-Since": ["yesterday", "Thu, 01 Jan 9999 00:00:00 GMT"],
    "If-None-Match": ['"nope"', "v1", '"v1', "," * 1000, "\x00"],
    "If-Range": ["x"],
    "Origin": ["https://evil.example", "null"],
    "Host": ["evil.example", "evil.example:99999"],
    "Range": ["bytes=0-1", "bytes=9-1,-", "x"],
    "X-Forwarded-For": ["198.51.100.7"],
    "X-Forwarded-Host": ["evil.example"],
    "X-Forwarded-Proto": ["https"],
    "X-Forwarded-Prefix": ["/evil"],
    "Forwarded": ["for=198.51.100.7;host=evil.example;proto=https"],
    "X-HTTP-Method-Override": ["DELETE"],
    "X-Original-URL": ["/evil"],
    "X-Request-ID": ["a b", "<script>", "é", "a" * 65, "", "a\x00b"],
}
"""Header → values that must make no difference to an answer."""

NO_IDS = [
    "0", "01", "-1", "+1", "1.0", "1e3", "1_0", "0x1", "x", str(2**31), str(2**31 - 1), "9" * 18,
    "9" * 19, str(2**63), "9" * 30, "%EF%BC%91", "%D9%A1", "%201", "1%20", "1%0A", "1%00", "%00",
    "%FF", "%2E%2E%2F", "..", "%2e%2e%2f1", "1%2F..", "1;a=b", "1%3Fa", "*", "%EF%BB%BF1",
]  # fmt: skip
NO_SLUGS = [
    "no-such-thing", "A", "a_b", "-a", "a--b", "%C3%9Cber", "a%20b", "a%00b", "a%0A", "{}%0A",
    "{}%20", "{}.", "%FF", "%2E%2E%2F", "..", "%2e%2e%2f{}", "{}%2F..", "{};a=b", "a" * 5000,
    "%EF%BD%81", "{}%E2%80%8B",
]  # fmt: skip
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "FOO", "PROPFIND"]
NO_HOSTS = ["a b", "[::1"]
FOREIGN_HOSTS = ["evil.example", "localhost.evil.example", "evil.example:80", "localhost@evil", ""]
