"""How a door offers keyset pages: the query parameters, and the `Link` header (RFC 8288)."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query, Response

from service.paging import Page, Row, cut, read_cursor, write_cursor

__all__ = ["After", "Limit", "Page", "cut", "link_next", "read_cursor", "write_cursor"]

After = Annotated[str | None, Query(description="The cursor from the last answer's `Link: rel=next`.", max_length=300)]
Limit = Annotated[int, Query(ge=1, le=200, description="Rows a page.")]


def link_next(response: Response, path: str, page: Page[Row], **query: str) -> None:
    """Say in a `Link` header where the list goes on; `query` are the parameters that stay as they are."""
    if page.next is not None:
        kept = {name: value for name, value in query.items() if value}
        response.headers["link"] = f'<{path}?{urlencode(kept | {"after": page.next})}>; rel="next"'
