"""HTML doors of audit."""

from service.web.routing import Router

router = Router(pages=True)
