"""HTML doors of reviews."""

from service.web.routing import Router

router = Router(pages=True)
