"""JSON doors of reviews."""

from service.web.routing import Router

router = Router(tag="reviews")
