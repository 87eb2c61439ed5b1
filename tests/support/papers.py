"""Small files of each kind that is taken as evidence, and of some that are not."""

import zipfile

from tests.support import compound as older
from tests.support.documents import (
    MICROSOFT,
    OBJECT,
    OFFICE,
    PROJECT,
    RELATION,
    SHEET,
    STRICT,
    WORDS,
    XML,
    compound,
    excel,
    jpeg,
    packed,
    png,
    relations,
    slides,
    types,
    word,
    wps,
)

TEXT = {"WordDocument": older.words(), "1Table": bytes(5000), "\x05SummaryInformation": bytes(200)}
TABLE = {"Workbook": older.table()}
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


GOOD = {
    "竣工验收报告.pdf": PDF,
    "SCAN.PDF": PDF,
    "公文.ofd": packed({"OFD.xml": "<OFD/>", "Doc_0/Document.xml": "<Document/>"}),
    "说明.docx": packed(word()),
    "台账.xlsx": packed(excel()),
    "汇报.pptx": packed(slides()),
    "旧公文.doc": older.compound(TEXT),
    "旧台账.XLS": older.compound(TABLE),
    "公文.wps": older.compound(TEXT),
    "新公文.wps": packed(wps()),
    "台账.et": older.compound(TABLE),
    "新台账.et": packed(excel()),
    "现场.jpg": jpeg(),
    "现场.jpeg": jpeg(first=0xE1, frame=0xC2),
    "截图.png": png(),
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


LONG = "竣工验收报告" * 1_000_000
EMBEDDED = "word/embeddings/oleObject1.bin"

REAL = {
    "a document of WPS": ("a.docx", packed(wps())),
    "a document whose main part is called otherwise": (
        "a.docx", packed(word(main="word/document2.xml"))),
    "a document whose main part is named from the top": (
        "a.docx", packed(word(top=[(f"{RELATION}/officeDocument", "/word/document.xml")]))),
    "a document whose main part is named in a roundabout way": (
        "a.docx", packed(word(
            top=[(f"{RELATION}/officeDocument", "./word/../Word/%64ocument.xml")]))),
    "a document of the strict kind": (
        "a.docx", packed(word(top=[(f"{STRICT}/officeDocument", "word/document.xml")]))),
    "a document whose main part stands anywhere": (
        "a.docx", packed(word(main="other/正文.xml"))),
    "a document whose parts lead to each other": ("a.docx", packed(word(more={
        "word/_rels/document.xml.rels": relations((f"{RELATION}/subDocument", "document.xml")),
        "_rels/more.rels": relations((f"{RELATION}/officeDocument", "../_rels/.rels"))}))),
    "a document whose parts are not packed": ("a.docx", packed(word(), zipfile.ZIP_STORED)),
    "a document that tells one type for all XML": ("a.docx", packed(
        {"[Content_Types].xml": types({}, {"xml": f"{OFFICE}.{WORDS}.document.main+xml"}),
         "_rels/.rels": relations((f"{RELATION}/officeDocument", "word/document.xml")),
         "word/document.xml": f"{XML}<document/>"})),
    "a document with an object": ("a.docx", packed(word(
        defaults={"bin": f"{OFFICE}.oleObject"}, more={EMBEDDED: OBJECT},
        told=[(f"{RELATION}/oleObject", "embeddings/oleObject1.bin")]))),
    "a document with a table of Excel in it": ("a.docx", packed(word(
        defaults={"xlsx": f"{OFFICE}.{SHEET}.sheet"},
        more={"word/embeddings/Microsoft_Excel_Worksheet.xlsx": packed(excel())}))),
    "a document with an older table in it": ("a.docx", packed(word(
        defaults={"xls": "application/vnd.ms-excel"},
        more={"word/embeddings/Microsoft_Excel_97-2003_Worksheet.xls": compound("Workbook")}))),
    "a document of a template of the office": ("a.docx", packed(word(
        more={"word/_rels/settings.xml.rels": relations(
            (f"{RELATION}/attachedTemplate", "file:///D:\\模板\\公文.dotm", "External"))}))),
    "a table with the settings of a printer": ("a.xlsx", packed(excel())),
    "a table that names a type nothing has": ("a.xlsx", packed(excel() | {
        "[Content_Types].xml": types(
            {"/xl/workbook.xml": f"{OFFICE}.{SHEET}.sheet.main+xml"},
            {"vml": "application/vnd.ms-office.vbaProject"})})),
    "an older text of large sectors": ("a.doc", older.compound(TEXT, size=4096)),
    "an older text of many sectors": ("a.doc", older.compound(TEXT | {"Data": bytes(9_000_000)})),
    "a table of before 1997": ("a.xls", older.compound({"Book": older.table()})),
    "a table of many sheets": ("a.xls", older.compound({
        "Workbook": older.table(*[older.sheet(f"{month}月", 2) for month in range(1, 13)])})),
    "an older text with a table in it": ("a.doc", older.compound(TEXT | {
        "ObjectPool": {"_1": TABLE, "_2": {"Package": packed(excel())}}})),
    "an older text with a picture put into it": ("a.doc", older.compound(TEXT | {
        "ObjectPool": {"_1": {"\x01Ole10Native": png()}}})),
    "an older text that speaks of macros": ("a.doc", older.compound(TEXT | {
        "1Table": "VBA _VBA_PROJECT Macros".encode("utf-16-le").ljust(5000, b"\0")})),
    "a PDF behind what a gateway wrote": ("a.pdf", b"X-Scanned: yes\r\n\r\n" + PDF),
    "a PDF at the end of where it may begin": ("a.pdf", b" " * 1018 + b"\r" + PDF),
    "a PDF of another version": ("a.pdf", PDF.replace(b"1.7", b"2")),
    "a text of one sign": ("a.txt", "\ufeff 是\n".encode()),
    "a text of two marks": ("a.txt", "？！".encode()),
    "a PDF with a line after its end": ("a.pdf", PDF + b"\r\n" * 100),
    "a picture with something after its end": ("a.png", png() + bytes(1000)),
    "a photo with a film after its end": ("a.jpg", jpeg() + b"ftypmp42" * 1000),
    "a large scan": ("a.png", png(14_043, 9_933)),
    "a photo that is shown line by line": ("a.jpg", jpeg(frame=0xC2)),
}  # fmt: skip
"""What it is → name and content of a file that programs of offices write."""

MAIN = f"{OFFICE}.{WORDS}.document.main+xml"
DOCTYPE = '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]>'

BAD = {
    "empty": ("a.pdf", b""),
    "an old document": ("a.docx", OLE),
    "a program": ("a.pdf", b"MZ\x90\x00"),
    "a page": ("a.png", b"<html><script>alert(1)</script></html>"),
    "a picture that draws itself": ("a.jpg", b"<svg onload='alert(1)'/>"),
    "a picture called a document": ("a.docx", GOOD["截图.png"] + b"."),
    "a document called a table": ("a.xlsx", packed(word(more={"word/a.xml": "<a/>"}))),
    "an archive called a document": ("a.docx", packed({"setup.exe": "MZ"})),
    "a document that leads nowhere": ("a.docx", packed(word(top=[]))),
    "a document without relations": ("a.docx", packed({
        name: part for name, part in word().items() if name != "_rels/.rels"})),
    "a document whose main part is not there": (
        "a.docx", packed(word(top=[(f"{RELATION}/officeDocument", "word/absent.xml")]))),
    "a document whose main part is outside": (
        "a.docx", packed(word(top=[(f"{RELATION}/officeDocument", "../word/document.xml")]))),
    "a document whose main part is outside in other signs": (
        "a.docx", packed(word(top=[(f"{RELATION}/officeDocument", "%2e%2e\\word/document.xml")]))),
    "a document whose main part is in the network": ("a.docx", packed(word(
        top=[(f"{RELATION}/officeDocument", "word/document.xml", "External")]))),
    "a document whose main part is at an address": ("a.docx", packed(word(
        top=[(f"{RELATION}/officeDocument", "https://example.org/document.xml")]))),
    "a document of two main parts": ("a.docx", packed(word(
        top=[(f"{RELATION}/officeDocument", "word/document.xml"),
             (f"{RELATION}/officeDocument", "word/styles.xml")]))),
    "a document whose main part is another one": (
        "a.docx", packed(word(top=[(f"{RELATION}/officeDocument", "word/styles.xml")]))),
    "a document of too many relations": ("a.docx", packed(
        word(top=[(f"{RELATION}/officeDocument", "word/document.xml")] * 10_000),
        zipfile.ZIP_STORED)),
    "relations of the whole with a DOCTYPE": ("a.docx", packed(word(more={
        "_rels/.rels": relations(
            (f"{RELATION}/officeDocument", "word/document.xml")).replace(XML, DOCTYPE)}))),
    "relations of the whole that are no XML": ("a.docx", packed(word(more={
        "_rels/.rels": "<Relationships"}))),
    "an older document called otherwise": ("a.docx", GOOD["旧公文.doc"] + b"."),
    "a document called older": ("a.doc", packed(word(more={"word/b.xml": "<a/>"}))),
    "a table called a text": ("a.doc", GOOD["旧台账.XLS"] + b"."),
    "a text called a table": ("a.et", GOOD["公文.wps"] + b"."),
    "a newer text called a table": ("a.et", packed(wps() | {"word/a.xml": "<a/>"})),
    "a page called an older text": ("a.doc", b"<html><body>1</body></html>"),
    "an older text of its first sector": ("a.doc", OLE),
    "an older text cut short": ("a.doc", GOOD["旧公文.doc"][:4000]),
    "an older text whose words stand deeper": ("a.doc", older.compound({"ObjectPool": TEXT})),
    "an older text with macros": ("a.doc", older.compound(TEXT | {
        "Macros": {"VBA": {"_VBA_PROJECT": b"\xcca", "dir": b"?"}, "PROJECT": b"?"}})),
    "a document of WPS with macros": ("a.wps", older.compound(TEXT | {
        "A": {"vba": {"dir": b"?"}}})),
    "an older table with macros": ("a.xls", older.compound(TABLE | {
        "_VBA_PROJECT_CUR": {"VBA": {"_VBA_PROJECT": b"\xcca"}}})),
    "an older table with a sheet of macros": ("a.xls", older.compound({
        "Workbook": older.table(older.sheet("台账"), older.sheet("宏", 1))})),
    "an older text with a control": ("a.doc", older.compound(TEXT | {
        "ObjectPool": {"_1": {"\x03OCXNAME": b"CommandButton1"}}})),
    "an older text with a password": ("a.doc", older.compound({
        "WordDocument": older.words(flags=0x0100)})),
    "an older table with a password": ("a.xls", older.compound({
        "Workbook": older.table(older.record(0x2F, bytes(54)))})),
    "a newer document with a password called older": ("a.doc", older.compound({
        "EncryptedPackage": bytes(5000), "EncryptionInfo": bytes(100)})),
    "an older text with a table with macros in it": ("a.doc", older.compound(TEXT | {
        "ObjectPool": {"_1": {"Package": packed(excel(more={"xl/a.bin": PROJECT}))}}})),
    "an older text with a file with macros put into it": ("a.doc", older.compound(TEXT | {
        "ObjectPool": {"_1": {"\x01Ole10Native": b"a.doc\0" + PROJECT}}})),
    "a program in an OFD": ("a.ofd", packed({"OFD.xml": "<OFD/>", "Doc_0/Res/a.png": b"MZ\x90"})),
    "a script in an OFD": ("a.ofd", packed({"OFD.xml": "<OFD/>", "a": b"#!/bin/sh"})),
    "an archive called OFD": ("a.ofd", packed({"setup.exe": "MZ"})),
    "a document without its list of types": ("a.docx", packed({"word/document.xml": "<a/>"})),
    "a document without its main part": ("a.docx", packed({
        "[Content_Types].xml": types({"/word/document.xml": MAIN})})),
    "a document cut short": ("a.docx", WORD[:-10]),
    "a document without its list": ("a.docx", WORD[:30]),
    "a document whose list lies": ("a.docx", lying(WORD)),
    "a document with a longer list": ("a.docx", longer(WORD)),
    "a document with a broken list": ("a.docx", WORD.replace(b"PK\x01\x02", b"PK\x01\x03")),
    "a part that stands twice": (
        "a.docx", packed([*word().items(), ("Word/Document.xml", "<a/>")])),
    "a part that is packed as none is": ("a.docx", packed(word(), zipfile.ZIP_BZIP2)),
    "a list of types that is no XML": ("a.docx", packed(word(more={
        "[Content_Types].xml": "<Types"}))),
    "a list of types with a DOCTYPE": ("a.docx", packed(word(more={
        "[Content_Types].xml": types({"/word/document.xml": MAIN}).replace(XML, DOCTYPE)}))),
    "relations with a DOCTYPE": ("a.docx", packed(word(more={
        "word/_rels/a.xml.rels": relations().replace(XML, DOCTYPE)}))),
    "macros": ("a.docx", packed(word(more={"word/vbaProject.bin": PROJECT}))),
    "macros under another name": ("a.docx", packed(word(more={"word/theme/theme9.bin": PROJECT}))),
    "macros by their type": ("a.docx", packed(word(
        overrides={"/word/a.bin": "application/vnd.ms-office.vbaProject"},
        more={"word/a.bin": "?"}))),
    "macros by the type of an extension": ("a.docx", packed(word(
        defaults={"dat": "application/vnd.ms-office.vbaProject"}, more={"word/a.dat": "?"}))),
    "macros by their relation": ("a.docx", packed(word(
        told=[(f"{MICROSOFT}/vbaProject", "a.bin")], more={"word/a.bin": "?"}))),
    "a name of macros written otherwise": ("a.docx", packed(word(
        overrides={"/word/%61.bin": "application/vnd.ms-office.VBAProject"},
        more={"word\\A.bin": "?"}))),
    "a document for macros": ("a.docx", packed({
        "[Content_Types].xml": types(
            {"/word/document.xml": "application/vnd.ms-word.document.macroEnabled.main+xml"}),
        "word/document.xml": "<document/>"})),
    "a sheet of macros": ("a.xlsx", packed(excel(
        more={"xl/macrosheets/sheet1.xml": f"{XML}<macrosheet/>"}))),
    "a sheet of macros by its type": ("a.xlsx", packed(excel(
        overrides={"/xl/worksheets/sheet2.xml": "application/vnd.ms-excel.macrosheet+xml"},
        more={"xl/worksheets/sheet2.xml": f"{XML}<macrosheet/>"}))),
    "a sheet of macros by its relation": ("a.xlsx", packed(excel(
        told=[(f"{MICROSOFT}/xlIntlMacrosheet", "worksheets/sheet2.xml")],
        more={"xl/worksheets/sheet2.xml": f"{XML}<macrosheet/>"}))),
    "an object with macros": ("a.docx", packed(word(more={EMBEDDED: PROJECT}))),
    "an older table with macros in a document": ("a.docx", packed(word(
        more={"word/embeddings/a.xls": compound("Workbook", "_VBA_PROJECT_CUR", "_VBA_PROJECT")}))),
    "a table with macros in a document": ("a.docx", packed(word(
        more={"word/embeddings/a.xlsx": packed(excel(more={"xl/a.bin": PROJECT}))}))),
    "a table with a sheet of macros in a document": ("a.docx", packed(word(
        more={"word/embeddings/a.bin": packed(excel(
            told=[(f"{MICROSOFT}/xlMacrosheet", "worksheets/sheet2.xml")]))}))),
    "macros in an OFD": ("a.ofd", packed({"OFD.xml": "<OFD/>", "Doc_0/a.bin": PROJECT})),
    "documents in documents": ("a.docx", packed(word(
        more={"a.docx": packed({"b.docx": packed({"c.docx": packed(word())})})}))),
    "controls": ("a.docx", packed(word(
        told=[(f"{RELATION}/control", "activeX/activeX1.xml")],
        overrides={"/word/activeX/activeX1.xml": "application/vnd.ms-office.activeX+xml"},
        more={"word/activeX/activeX1.xml": "<ocx/>"}))),
    "a template of the network": ("a.docx", packed(word(
        more={"word/_rels/settings.xml.rels": relations(
            (f"{RELATION}/attachedTemplate", "https://example.org/a.dotm", "External"))}))),
    "a bomb": ("a.docx", packed(word(more={"word/a.xml": LONG}))),
    "a thousand parts": ("a.xlsx", packed(excel(more={str(n): "" for n in range(1000)}))),
    "a PDF of one line": ("a.pdf", b"%PDF-1.7"),
    "a PDF without anything in it": ("a.pdf", b"%PDF-1.7\n%%EOF\n"),
    "a PDF cut short": ("a.pdf", PDF[:-6] + b"." * 4000),
    "a picture of its first signs": ("a.png", png()[:8]),
    "a picture without its data": ("a.png", png(data=False)),
    "a picture cut short": ("a.png", png(end=False)),
    "a picture of no size": ("a.png", png(width=0)),
    "a picture of any size": ("a.png", png(width=60_000, height=60_000)),
    "a picture with an altered sign": ("a.png", png().replace(b"scan", b"scam")),
    "a photo of its first signs": ("a.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF"),
    "a photo without its data": ("a.jpg", jpeg(scan=b"")),
    "a photo cut short": ("a.jpg", jpeg(end=False)),
    "a photo of no size": ("a.jpg", jpeg(height=0)),
    "a photo without its size": ("a.jpg", jpeg(frame=0xEE)),
    "a PDF within a line": ("a.pdf", b"It says %PDF-1.7 " + PDF[9:]),
    "a PDF of no version": ("a.pdf", PDF.replace(b"1.7", b"x.7")),
    "a PDF that begins too late": ("a.pdf", b" " * 1019 + b"\n" + PDF),
    "a text of blanks": ("a.txt", " \t\r\n\u3000\u00a0\u2003".encode()),
    "a text of blanks without width": ("a.csv", "\ufeff\u200b\u200d\u2060\ufeff\u3164".encode()),
    "a text of one mark": ("a.txt", "\ufeff\n 。\u200b".encode()),
    "a text of one narrow mark": ("a.csv", b"-\r\n"),
    "text of another encoding": ("a.csv", "建议".encode("gb18030")),
    "text with a NUL": ("a.txt", b"a\x00b"),
    "text cut within a sign": ("a.txt", "建议".encode()[:-1]),
}  # fmt: skip
"""What is wrong → name and content of a file that is refused."""
