"""Bytes as text, whatever program wrote them: UTF-8, UTF-16 with its mark, and others only where somebody says so. Pure."""

from service.formats.rules import Given, Note

ENCODINGS = {"": "UTF-8, or UTF-16 with its mark", "cp1252": "Windows-1252 (Western Europe)"}
"""What a person may say of a file, and the words for it."""
_OTHERS = (
    (b"%PDF", "a PDF", "Export the table or the text it was made from"),
    (b"\xd0\xcf\x11\xe0", "a file of an older Office program", "Open it there and save it anew"),
    (b"\x89PNG", "a picture", "Only text can be read"),
    (b"\xff\xd8\xff", "a picture", "Only text can be read"),
    (b"GIF8", "a picture", "Only text can be read"),
)


def other_kind(content: bytes) -> str:
    """What a file is by its first bytes, whatever its name ends in, and how to mend it; "" where it may be text."""
    start = content[:200].lstrip()
    for sign, kind, way in _OTHERS:
        if start.startswith(sign):
            return f"This is {kind}, whatever its name ends in. {way}, as XLSX, CSV or Markdown."
    if start.lower().startswith((b"<!doctype html", b"<html")):
        return "This is a web page. Open it in a spreadsheet program and save the table as XLSX or CSV."
    return ""


def decode(content: bytes, given: Given) -> tuple[str, Note | None]:
    """The text, its line ends as "\\n"; or where the first sign stands that cannot be read, and how to mend it."""
    if kind := other_kind(content):
        return "", Note("", kind)
    chosen = given.fields.get("encoding") or ""
    encoding = "cp1252" if chosen == "cp1252" else "utf-8-sig"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        before = content[: error.start].decode(encoding, "replace")
        hint = (
            "Save it as UTF-8, or say that it is in Windows-1252." if encoding == "utf-8-sig" else "Save it as UTF-8."
        )
        return "", Note(_place(before), f"Here is no {encoding.removesuffix('-sig').upper()} text. {hint}")
    if "\x00" in text:
        return "", Note(_place(text[: text.index("\x00")]), "Here is a NUL character; this is not a text file.")
    return text.replace("\r\n", "\n").replace("\r", "\n"), None


def _place(before: str) -> str:
    lines = before.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return f"line {len(lines)}, column {len(lines[-1]) + 1}"
