"""The tasks that jobs may name: the only list of them."""

from functools import partial

from service.documents.tasks import remove_draft, render_draft, render_revision
from service.jobs.actions import Task
from service.plans.tasks import hand_over_plans
from service.reviews.tasks import hand_over_reviews
from service.settings import Settings


def make_tasks(settings: Settings) -> dict[str, Task]:
    """Task name → `task(database, **arguments)`."""
    return {
        "hand_over_plans": hand_over_plans,
        "hand_over_reviews": hand_over_reviews,
        "remove_draft": partial(remove_draft, folder=settings.documents),
        "render_draft": partial(render_draft, folder=settings.documents),
        "render_revision": partial(render_revision, folder=settings.documents),
    }
