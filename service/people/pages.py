"""HTML doors of people."""

from service.web.routing import Router

router = Router(pages=True)
