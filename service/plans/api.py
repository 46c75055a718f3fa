"""JSON doors of plans."""

from service.web.routing import Router

router = Router(tag="plans")
