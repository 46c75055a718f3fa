"""JSON doors of audit."""

from service.web.routing import Router

router = Router(tag="audit")
