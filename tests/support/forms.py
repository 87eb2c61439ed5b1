"""Forms as pages and programs send them, byte by byte."""

from tests.support.papers import PDF

BOUNDARY = "----proposal7MA4YWxk"
TYPE = f"multipart/form-data; boundary={BOUNDARY}"
NAMED = 'name="file"; filename="竣工验收报告.pdf"'


def part(disposition, content=b"", *headers):
    """Return one part of a form: what stands behind ``form-data;``, and what it holds."""
    lines = [f"Content-Disposition: form-data; {disposition}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + content + b"\r\n"


def value(name, text):
    """Return a part that is a field."""
    return part(f'name="{name}"', text.encode())


def form(*parts, boundary=BOUNDARY):
    """Return the body of a form of *parts*."""
    mark = b"--" + boundary.encode()
    return b"".join(mark + b"\r\n" + own for own in parts) + mark + b"--\r\n"


def file_part(content=PDF, disposition=NAMED):
    """Return the part that is the file."""
    return part(disposition, content, "Content-Type: application/pdf")


def send(caller, proposal, *parts, query="", boundary=BOUNDARY, **headers):
    """Send a form of *parts* and return the answer."""
    kind = f"multipart/form-data; boundary={boundary}"
    path = f"{proposal}/files{query}"
    return caller.upload(path, form(*parts, boundary=boundary), kind, **headers)
