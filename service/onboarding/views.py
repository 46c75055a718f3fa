"""Onboarding as a reader gets it."""

from dataclasses import dataclass
from uuid import UUID

from service.onboarding.rules import Stage


@dataclass(frozen=True, slots=True)
class Starter:
    """Somebody for whom an onboarding plan can be started."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of a plan by stage; none where it is no onboarding plan."""

    plan_id: UUID
    done: int
    count: int
    may_tick: bool
    stages: tuple[Stage, ...]
