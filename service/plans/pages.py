"""HTML doors of plans."""

from service.web.routing import Router

router = Router(pages=True)
