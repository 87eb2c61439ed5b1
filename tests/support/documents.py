"""Documents and pictures as programs of offices write them, and the same with something hidden."""

import io
import struct
import zipfile
import zlib

OFFICE = "application/vnd.openxmlformats-officedocument"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MICROSOFT = "http://schemas.microsoft.com/office/2006/relationships"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'

WORDS = "wordprocessingml"
SHEET = "spreadsheetml"
SLIDES = "presentationml"


def packed(members, method=zipfile.ZIP_DEFLATED):
    """Return a zip archive of *members*: name → text or bytes, or pairs of them."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in members.items() if isinstance(members, dict) else members:
            archive.writestr(name, content)
    return made.getvalue()


def types(overrides, defaults=()):
    """Return the list of types of a document: part → type of its content."""
    own = {"rels": "application/vnd.openxmlformats-package.relationships+xml",
           "xml": "application/xml", **dict(defaults)}  # fmt: skip
    return (
        f'{XML}<Types xmlns="{PACKAGE}/content-types">'
        + "".join(f'<Default Extension="{e}" ContentType="{t}"/>' for e, t in own.items())
        + "".join(f'<Override PartName="{p}" ContentType="{t}"/>' for p, t in overrides.items())
        + "</Types>"
    )


def relations(*told):
    """Return a list of relations: type, target and perhaps where that is."""
    rows = []
    for number, (kind, target, *mode) in enumerate(told, 1):
        where = f' TargetMode="{mode[0]}"' if mode else ""
        rows.append(f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"{where}/>')
    return f'{XML}<Relationships xmlns="{PACKAGE}/relationships">{"".join(rows)}</Relationships>'


PROPERTIES = {
    "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    "/docProps/app.xml": f"{OFFICE}.extended-properties+xml",
}
STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
TOP = (
    (f"{RELATION}/officeDocument", "word/document.xml"),
    (f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
    (f"{RELATION}/extended-properties", "docProps/app.xml"),
)


def word(*, main="word/document.xml", top=None, overrides=(), defaults=(), told=(), more=()):
    """Return the members of a document as Word writes it, with *more* of everything.

    What leads to its *main* part is *top*: relations of the whole, as pairs of type and target.
    """
    leads = [(f"{RELATION}/officeDocument", main)] if top is None else top
    kinds = {f"/{main}": f"{OFFICE}.{WORDS}.document.main+xml",
             "/word/styles.xml": f"{OFFICE}.{WORDS}.styles+xml",
             "/word/settings.xml": f"{OFFICE}.{WORDS}.settings+xml"}  # fmt: skip
    own = ((f"{RELATION}/styles", "styles.xml"), (f"{RELATION}/settings", "settings.xml"),
           (f"{RELATION}/hyperlink", "https://example.org/", "External"))  # fmt: skip
    return {
        "[Content_Types].xml": types(kinds | PROPERTIES | dict(overrides), defaults),
        "_rels/.rels": relations(*leads, *TOP[1:]),
        main: f'{XML}<w:document xmlns:w="urn:w"><w:body><w:p>竣工</w:p></w:body></w:document>',
        f"word/_rels/{main.rpartition('/')[2]}.rels": relations(*own, *told),
        "word/styles.xml": f'{XML}<w:styles xmlns:w="urn:w"/>',
        "word/settings.xml": f'{XML}<w:settings xmlns:w="urn:w"/>',
        "docProps/core.xml": f"{XML}<coreProperties/>",
        "docProps/app.xml": f"{XML}<Properties><Application>Word</Application></Properties>",
    } | dict(more)


def wps():
    """Return the members of a document as WPS writes it: with properties of its own."""
    custom = f"{OFFICE}.custom-properties+xml"
    items = f"{OFFICE}.customXmlProperties+xml"
    return word(
        overrides={"/docProps/custom.xml": custom, "/customXml/itemProps1.xml": items},
        defaults={"png": "image/png"},
        told=[(f"{RELATION}/customXml", "../customXml/item1.xml"),
              (f"{RELATION}/image", "media/image1.png")],
        more={
            "docProps/custom.xml": f'{XML}<Properties><property name="KSOProduct"/></Properties>',
            "customXml/item1.xml": f"{XML}<s:customData/>".replace("s:", ""),
            "customXml/itemProps1.xml": f"{XML}<itemProps/>",
            "word/media/image1.png": png(),
        },
    )  # fmt: skip


def excel(*, overrides=(), told=(), more=()):
    """Return the members of a workbook as Excel writes it, with the settings of a printer."""
    kinds = {"/xl/workbook.xml": f"{OFFICE}.{SHEET}.sheet.main+xml",
             "/xl/worksheets/sheet1.xml": f"{OFFICE}.{SHEET}.worksheet+xml",
             "/xl/styles.xml": f"{OFFICE}.{SHEET}.styles+xml"}  # fmt: skip
    return {
        "[Content_Types].xml": types(
            kinds | PROPERTIES | dict(overrides), {"bin": f"{OFFICE}.{SHEET}.printerSettings"}
        ),
        "_rels/.rels": relations((f"{RELATION}/officeDocument", "xl/workbook.xml"), *TOP[1:]),
        "xl/workbook.xml": f'{XML}<workbook xmlns="urn:x"><sheets/></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            (f"{RELATION}/worksheet", "worksheets/sheet1.xml"), *told
        ),
        "xl/worksheets/sheet1.xml": f'{XML}<worksheet xmlns="urn:x"><sheetData/></worksheet>',
        "xl/worksheets/_rels/sheet1.xml.rels": relations(
            (f"{RELATION}/printerSettings", "../printerSettings/printerSettings1.bin")
        ),
        "xl/printerSettings/printerSettings1.bin": "打印机".encode("utf-16-le") * 20,
        "xl/styles.xml": f"{XML}<styleSheet/>",
        "docProps/core.xml": f"{XML}<coreProperties/>",
        "docProps/app.xml": f"{XML}<Properties><Application>Excel</Application></Properties>",
    } | dict(more)


def slides():
    """Return the members of a presentation."""
    kinds = {"/ppt/presentation.xml": f"{OFFICE}.{SLIDES}.presentation.main+xml"}
    return {
        "[Content_Types].xml": types(kinds),
        "_rels/.rels": relations((f"{RELATION}/officeDocument", "ppt/presentation.xml")),
        "ppt/presentation.xml": f"{XML}<presentation/>",
    }


def compound(*streams):
    """Return an older kind of document with *streams*: their names stand in it as UTF-16."""
    names = b"".join(
        name.encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", *streams)
    )
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + names


OBJECT = compound("\x01Ole10Native")
"""An embedded object: a drawing, a PDF that was put into a document."""

PROJECT = compound("VBA", "_VBA_PROJECT", "dir", "ThisDocument")
"""What holds macros, whatever it is called."""


def chunk(kind, body):
    """Return a chunk of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width=2, height=2, data=True, end=True):
    """Return a PNG picture of one colour, or one that says that it is larger."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    made = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"tEXt", b"Software\0scan")
    if data:
        made += chunk(b"IDAT", zlib.compress((b"\0" + b"\xff\0\0" * 2) * 2))
    return made + (chunk(b"IEND", b"") if end else b"")


def segment(marker, body):
    """Return a segment of a JPEG."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def jpeg(first=0xE0, frame=0xC0, width=2, height=2, scan=b"\x7f\xff\x00\x12", end=True):
    """Return a JPEG picture as cameras write it: of one component, packed as *frame* says."""
    start = segment(
        first, (b"JFIF" if first == 0xE0 else b"Exif") + b"\0\x01\x01\0\0\x01\0\x01\0\0"
    )
    size = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    made = b"\xff\xd8" + start + segment(0xDB, b"\0" + bytes(64)) + segment(frame, size)
    made += segment(0xC4, b"\0" + bytes(16)) + segment(0xDA, b"\x01\x01\0\0\x3f\0") + scan
    return made + (b"\xff\xd9" if end else b"")
