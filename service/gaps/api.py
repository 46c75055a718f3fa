"""JSON doors of gaps."""

from service.web.routing import Router

router = Router(tag="gaps")
