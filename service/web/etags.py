"""Versions as entity tags (RFC 9110, section 13.1.1): `ETag: "3"` is version 3 of what two may edit."""

import re
from typing import Annotated

from fastapi import Depends, Header, Response

_TAG = re.compile(r'"([0-9]{1,9})"')
_NO_VERSION = -1


IfMatch = Annotated[
    str | None, Header(description="The ETag of what you changed. `*` is not enough.", examples=['"3"'])
]


def seen_version(if_match: IfMatch = None) -> int | None:
    """The version in `If-Match`. None where it is missing or `*`, which names none: the action then answers 428.

    A tag that is none of ours is a version that never stood: the action answers 412, with what stands now.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    tag = _TAG.fullmatch(if_match.strip())
    return int(tag[1]) if tag else _NO_VERSION


SeenVersion = Annotated[int | None, Depends(seen_version)]


def set_etag(response: Response, tag: int | str) -> None:
    response.headers["etag"] = f'"{tag}"'
