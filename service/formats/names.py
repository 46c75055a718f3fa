"""Names out of foreign files as stable ids: the same name gives the same id, today and next year. Pure."""

import re
import unicodedata
from hashlib import sha256

from service.ladders.yamltext import UNPRINTABLE

LONGEST_ID = 80
_SIGNS = str.maketrans(
    {"+": " plus ", "#": " sharp ", "&": " and ", "%": " percent ", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d"}
    | dict.fromkeys("'’`´", "")
)


def slug(text: str) -> str:
    """`text` as an id. What has no Latin letters gets some out of the hash of the text, so that two names stay two.

    >>> slug("Code Review"), slug("C++"), slug("Prüfen & Übergeben"), slug("安全")
    ('code-review', 'c-plus-plus', 'prufen-and-ubergeben', 'x-afb63a62')
    """
    folded = unicodedata.normalize("NFKD", text.casefold().translate(_SIGNS))
    letters = "".join(sign for sign in folded if not unicodedata.combining(sign))
    plain = "-".join(re.findall("[a-z0-9]+", letters))
    is_lossy = any(sign.isalnum() and not sign.isascii() for sign in letters) or not plain
    if not is_lossy and len(plain) <= LONGEST_ID:
        return plain
    mark = sha256(unicodedata.normalize("NFC", text).encode("utf-8", "replace")).hexdigest()[:8]
    return f"{plain[: LONGEST_ID - 9].strip('-') or 'x'}-{mark}"


def numbered(id_: str, taken: set[str]) -> str:
    """`id_`, or with the first number from 2 that makes it one of its own; it is `taken` from now on."""
    made, number = id_, 1
    while made in taken:
        number += 1
        made = f"{id_[: LONGEST_ID - 5].rstrip('-')}-{number}"
    taken.add(made)
    return made


def first_sentence(text: str, most: int = 200) -> str:
    """The first sentence of the first line, cut at a word where it is longer than `most`."""
    line = UNPRINTABLE.sub("", text.strip().split("\n", 1)[0]).strip()
    found = re.match(r"(.+?[.!?。！？])(?=\s|$)", line)
    return shortened(found[1] if found else line, most)


def shortened(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[most // 2 :] else cut).rstrip() + "…"
