"""Bytes as text, whatever program wrote them: UTF-8, UTF-16 with its mark, and others only where somebody says so. Pure."""

from service.formats.rules import Given, Note

ENCODINGS = {"": "UTF-8, or UTF-16 with its mark", "cp1252": "Windows-1252 (Western Europe)"}
"""What a person may say of a file, and the words for it."""


def decode(content: bytes, given: Given) -> tuple[str, Note | None]:
    """The text, its line ends as "\\n"; or where the first sign stands that cannot be read, and how to mend it."""
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
