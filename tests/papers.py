"""Small files of each kind that is taken as evidence, and of some that are not."""

import io
import zipfile

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def packed(*members, times=1):
    """Return a zip archive with *members*, each holding a short text so many *times*."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in members:
            archive.writestr(name, "竣工验收报告" * times)
    return made.getvalue()


GOOD = {
    "竣工验收报告.pdf": PDF,
    "SCAN.PDF": PDF,
    "公文.ofd": packed("OFD.xml", "Doc_0/Document.xml"),
    "说明.docx": packed("[Content_Types].xml", "word/document.xml"),
    "台账.xlsx": packed("[Content_Types].xml", "xl/workbook.xml"),
    "汇报.pptx": packed("[Content_Types].xml", "ppt/presentation.xml"),
    "现场.jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF",
    "现场.jpeg": b"\xff\xd8\xff\xe1\x00\x10Exif",
    "截图.png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "清单.csv": "\ufeff建议,进展\r\n1,已完成\r\n".encode(),
    "说明.txt": "已竣工。".encode(),
}
"""Name → content of a file that is taken."""

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
WORD = GOOD["说明.docx"]


def lying(content):
    """Return an archive whose list of members says that it is much longer than it is."""
    end = content.rindex(b"PK\x05\x06")
    return content[: end + 12] + b"\xff\xff\xff\x7f" + content[end + 16 :]


def longer(content):
    """Return an archive that says that its list of members is told elsewhere, as large ones do."""
    end = content.rindex(b"PK\x05\x06")
    return content[:end] + b"PK\x06\x07" + bytes(16) + content[end:]


BAD = {
    "empty": ("a.pdf", b""),
    "an old document": ("a.docx", OLE),
    "a program": ("a.pdf", b"MZ\x90\x00"),
    "a page": ("a.png", b"<html><script>alert(1)</script></html>"),
    "a picture that draws itself": ("a.jpg", b"<svg onload='alert(1)'/>"),
    "a picture called a document": ("a.docx", GOOD["截图.png"] + b"."),
    "a document called a table": ("a.xlsx", packed("word/document.xml")),
    "an archive called a document": ("a.docx", packed("setup.exe")),
    "a document cut short": ("a.docx", WORD[:-10]),
    "a document without its list": ("a.docx", WORD[:30]),
    "a document whose list lies": ("a.docx", lying(WORD)),
    "a document with a longer list": ("a.docx", longer(WORD)),
    "a document with a broken list": ("a.docx", WORD.replace(b"PK\x01\x02", b"PK\x01\x03")),
    "macros": ("a.docx", packed("word/document.xml", "word/vbaProject.bin")),
    "a bomb": ("a.docx", packed("word/document.xml", times=1_000_000)),
    "a thousand parts": ("a.xlsx", packed("xl/workbook.xml", *map(str, range(1000)))),
    "text of another encoding": ("a.csv", "建议".encode("gb18030")),
    "text with a NUL": ("a.txt", b"a\x00b"),
    "text cut within a sign": ("a.txt", "建议".encode()[:-1]),
}
"""What is wrong → name and content of a file that is refused."""
