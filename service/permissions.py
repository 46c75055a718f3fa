"""Who may do what: every permission of the product in one table of pure predicates (PRODUCT.md, "Who may see what").

*Who* is decided here, *when* in each feature's `rules.py`. The default is nothing. What an actor may not even see answers 404,
what they see but may not do answers 403.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, StrEnum, auto
from itertools import chain, product
from typing import Any
from uuid import UUID

from service.errors import Forbidden, NotFound, NotSignedIn


class Role(StrEnum):
    """Granted roles. Being a manager is not one: it comes from the reporting line."""

    HR = "hr"
    PARTNER = "hr-partner"
    AUDITOR = "auditor"


class Scope(StrEnum):
    """What an API token may do of what its owner may do."""

    READ = "read"
    WRITE = "write"


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever asks: a signed-in person, that person by an API token (`scope` set), the system, or nobody. `leads` are the
    places whose objectives a manager writes: the unit they belong to, or None, the company."""

    person_id: UUID | None = None
    name: str = ""
    roles: frozenset[Role] = frozenset()
    units: frozenset[UUID] = frozenset()
    managers: tuple[UUID, ...] = ()
    has_reports: bool = False
    leads: frozenset[UUID | None] = frozenset()
    scope: Scope | None = None
    is_system: bool = False


NOBODY = Actor()
SYSTEM = Actor(name="Nextrung", is_system=True)


@dataclass(frozen=True, slots=True)
class Subject:
    """The person a thing is about: `managers` from the nearest to the top, `unit_id` the org unit."""

    person_id: UUID
    managers: tuple[UUID, ...] = field(default=())
    unit_id: UUID | None = None


class Permission(Enum):
    """Every right in the product."""

    PUBLIC = auto()
    USE_APP = auto()
    MANAGE_OWN_ACCOUNT = auto()
    READ_LADDERS = auto()
    PUBLISH_LADDERS = auto()
    LIST_DRAFTS = auto()
    READ_DRAFT = auto()
    WRITE_DRAFT = auto()
    COMMENT_DRAFT = auto()
    PUBLISH_DRAFT = auto()
    LIST_PEOPLE = auto()
    READ_PERSON = auto()
    IMPORT_PEOPLE = auto()
    GRANT_ROLES = auto()
    SET_PASSWORD = auto()
    LIST_CYCLES = auto()
    RUN_CYCLES = auto()
    READ_TEAM = auto()
    READ_REVIEW = auto()
    NAME_ASSESSOR = auto()
    READ_SELF_ASSESSMENT = auto()
    READ_MANAGER_ASSESSMENT = auto()
    RATE = auto()
    SUBMIT_ASSESSMENT = auto()
    REOPEN_ASSESSMENT = auto()
    RESPOND_TO_EVIDENCE = auto()
    SHARE_REVIEW = auto()
    READ_AGREEMENT = auto()
    AGREE_RATINGS = auto()
    CONFIRM_REVIEW = auto()
    MOVE_REVIEW = auto()
    READ_IMPACT = auto()
    READ_GAPS = auto()
    READ_PLAN = auto()
    WRITE_PLAN = auto()
    AGREE_PLAN = auto()
    CLOSE_PLAN = auto()
    READ_REFLECTION = auto()
    READ_OBJECTIVES = auto()
    WRITE_OBJECTIVES = auto()
    PLACE_OBJECTIVES = auto()
    READ_CHECK_INS = auto()
    CHECK_IN = auto()
    READ_AUDIT = auto()
    READ_OWN_AUDIT = auto()


Predicate = Callable[[Actor, Any], bool]


def anybody(_actor: Actor, _thing: Any) -> bool:
    return True


def signed_in(actor: Actor, _thing: Any) -> bool:
    return actor.person_id is not None


def system(actor: Actor, _thing: Any) -> bool:
    return actor.is_system


def own(actor: Actor, thing: Any) -> bool:
    return actor.person_id is not None and bool(thing.subject.person_id == actor.person_id)


def manager(actor: Actor, thing: Any) -> bool:
    """The direct manager in the reporting line."""
    return actor.person_id is not None and bool(thing.subject.managers[:1] == (actor.person_id,))


def above(actor: Actor, thing: Any) -> bool:
    """Anybody in the reporting line above the person."""
    return actor.person_id is not None and actor.person_id in thing.subject.managers


def assessor(actor: Actor, thing: Any) -> bool:
    """The one person who assesses in this review; never its subject."""
    return actor.person_id is not None and thing.assessor_id == actor.person_id and not own(actor, thing)


def recused(actor: Actor, thing: Any) -> bool:
    """HR's rights end at one's own case and at one's own managers' (SECURITY.md section 2, conflict of interest)."""
    return own(actor, thing) or thing.subject.person_id in actor.managers


def hr(actor: Actor, thing: Any) -> bool:
    return Role.HR in actor.roles and (thing is None or not recused(actor, thing))


def partner(actor: Actor, thing: Any) -> bool:
    """HR partner, within the units granted. Without a thing: whether there is any unit."""
    if Role.PARTNER not in actor.roles:
        return False
    return thing is None or (thing.subject.unit_id in actor.units and not recused(actor, thing))


def hr_office(actor: Actor, _thing: Any) -> bool:
    """HR, for who works where; that holds no rating, so nobody is recused from it."""
    return Role.HR in actor.roles


def unit_office(actor: Actor, thing: Any) -> bool:
    """The HR partner of the unit, for who works where."""
    return Role.PARTNER in actor.roles and thing.subject.unit_id in actor.units


def partner_office(actor: Actor, _thing: Any) -> bool:
    """HR partner of whatever unit, for what concerns no unit."""
    return Role.PARTNER in actor.roles


def guest(actor: Actor, thing: Any) -> bool:
    """Whoever was invited to a draft by name."""
    return thing is not None and actor.person_id is not None and actor.person_id in thing.guest_ids


def second(actor: Actor, thing: Any) -> bool:
    """Somebody without a part in the text: who neither wrote any of it nor asked for its review (SECURITY.md section 3)."""
    return thing is None or (actor.person_id is not None and actor.person_id not in thing.writer_ids)


def auditor(actor: Actor, _thing: Any) -> bool:
    return Role.AUDITOR in actor.roles


def leads(actor: Actor, _thing: Any) -> bool:
    return actor.has_reports


def leads_unit(actor: Actor, thing: Any) -> bool:
    """A manager, for the unit they themselves belong to."""
    return thing.subject.unit_id in actor.leads


def colleague(actor: Actor, _thing: Any) -> bool:
    """Whoever is signed in; an auditor reads who did what, and no content."""
    return actor.person_id is not None and Role.AUDITOR not in actor.roles


def revealed(_actor: Actor, thing: Any) -> bool:
    """Both assessments are submitted."""
    return thing.revealed_at is not None


def shared(_actor: Actor, thing: Any) -> bool:
    """The manager's view has been shared with the person."""
    return thing.shared_at is not None


def signer(actor: Actor, thing: Any) -> bool:
    """Whoever signed the plan's text in force as the manager, also after they have handed it over; until it is over."""
    return actor.person_id is not None and thing.signed_by_id == actor.person_id and not thing.is_over


def rater(actor: Actor, thing: Any) -> bool:
    """Whoever writes this assessment. An assessment handed on to a new manager keeps its rater but is no longer written."""
    return actor.person_id is not None and thing.rater_id == actor.person_id and thing.is_current


def writer(actor: Actor, thing: Any) -> bool:
    """The rater while the side is theirs: a manager who handed the review over reads what they wrote, no more."""
    return rater(actor, thing) and (own(actor, thing) or assessor(actor, thing))


def current(_actor: Actor, thing: Any) -> bool:
    """The assessment that counts; one that was set aside for a new assessor is read by nobody."""
    return bool(thing.is_current)


def agreed(_actor: Actor, thing: Any) -> bool:
    return thing.agreed_at is not None


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Holds where one of its parts does."""

    parts: tuple[Predicate, ...]

    def __call__(self, actor: Actor, thing: Any) -> bool:
        return any(part(actor, thing) for part in self.parts)


@dataclass(frozen=True, slots=True)
class AllOf:
    """Holds where all of its parts do."""

    parts: tuple[Predicate, ...]

    def __call__(self, actor: Actor, thing: Any) -> bool:
        return all(part(actor, thing) for part in self.parts)


def any_of(*predicates: Predicate) -> Predicate:
    return AnyOf(predicates)


def all_of(*predicates: Predicate) -> Predicate:
    return AllOf(predicates)


_above_them = any_of(assessor, above)
_hr_side = any_of(hr, partner)
_both_sides = any_of(own, assessor)
_for_unit = any_of(hr_office, unit_office, leads_unit)

GRANTS: dict[Permission, Predicate] = {
    Permission.PUBLIC: anybody,
    Permission.USE_APP: signed_in,
    Permission.MANAGE_OWN_ACCOUNT: signed_in,
    Permission.READ_LADDERS: any_of(signed_in, system),
    Permission.PUBLISH_LADDERS: any_of(hr, system),
    Permission.LIST_DRAFTS: signed_in,
    Permission.READ_DRAFT: any_of(hr_office, partner_office, guest),
    Permission.WRITE_DRAFT: hr_office,
    Permission.COMMENT_DRAFT: any_of(hr_office, guest),
    Permission.PUBLISH_DRAFT: all_of(hr_office, second),
    Permission.LIST_PEOPLE: any_of(hr, partner, leads, system),
    Permission.READ_PERSON: any_of(own, above, hr_office, unit_office, system),
    Permission.IMPORT_PEOPLE: any_of(hr, partner, system),
    Permission.GRANT_ROLES: system,
    Permission.SET_PASSWORD: system,
    Permission.LIST_CYCLES: any_of(hr, partner, leads),
    Permission.RUN_CYCLES: any_of(hr, partner, system),
    Permission.READ_TEAM: any_of(hr, partner, leads),
    Permission.READ_REVIEW: any_of(own, _above_them, _hr_side),
    Permission.NAME_ASSESSOR: _hr_side,
    Permission.READ_SELF_ASSESSMENT: any_of(own, all_of(any_of(_above_them, _hr_side), revealed)),
    Permission.READ_MANAGER_ASSESSMENT: all_of(
        current, any_of(rater, all_of(own, shared), all_of(any_of(assessor, above, _hr_side), revealed))
    ),
    Permission.RATE: writer,
    Permission.SUBMIT_ASSESSMENT: writer,
    Permission.REOPEN_ASSESSMENT: writer,
    Permission.RESPOND_TO_EVIDENCE: _both_sides,
    Permission.SHARE_REVIEW: _hr_side,
    Permission.READ_AGREEMENT: all_of(any_of(own, _above_them, _hr_side), shared),
    Permission.AGREE_RATINGS: all_of(_both_sides, shared),
    Permission.CONFIRM_REVIEW: all_of(_both_sides, shared),
    Permission.MOVE_REVIEW: own,
    Permission.READ_IMPACT: any_of(hr, partner),
    Permission.READ_GAPS: any_of(own, _above_them, _hr_side),
    Permission.READ_PLAN: any_of(own, _above_them, all_of(_hr_side, agreed), signer),
    Permission.WRITE_PLAN: any_of(own, manager, assessor),
    Permission.AGREE_PLAN: any_of(own, manager, assessor),
    Permission.CLOSE_PLAN: any_of(own, manager, assessor),
    Permission.READ_REFLECTION: any_of(own, _above_them),
    Permission.READ_OBJECTIVES: colleague,
    Permission.WRITE_OBJECTIVES: all_of(colleague, any_of(own, _for_unit)),
    Permission.PLACE_OBJECTIVES: all_of(colleague, _for_unit),
    Permission.READ_CHECK_INS: any_of(own, _above_them),
    Permission.CHECK_IN: any_of(own, manager, assessor),
    Permission.READ_AUDIT: auditor,
    Permission.READ_OWN_AUDIT: signed_in,
}

SEEN_BY: dict[Permission, Permission] = {
    Permission.PUBLISH_LADDERS: Permission.READ_LADDERS,
    Permission.WRITE_DRAFT: Permission.READ_DRAFT,
    Permission.COMMENT_DRAFT: Permission.READ_DRAFT,
    Permission.PUBLISH_DRAFT: Permission.READ_DRAFT,
    Permission.NAME_ASSESSOR: Permission.READ_REVIEW,
    Permission.SHARE_REVIEW: Permission.READ_REVIEW,
    Permission.AGREE_RATINGS: Permission.READ_AGREEMENT,
    Permission.CONFIRM_REVIEW: Permission.READ_REVIEW,
    Permission.MOVE_REVIEW: Permission.READ_REVIEW,
    Permission.WRITE_PLAN: Permission.READ_PLAN,
    Permission.AGREE_PLAN: Permission.READ_PLAN,
    Permission.CLOSE_PLAN: Permission.READ_PLAN,
    Permission.WRITE_OBJECTIVES: Permission.READ_OBJECTIVES,
    Permission.PLACE_OBJECTIVES: Permission.READ_OBJECTIVES,
    Permission.CHECK_IN: Permission.READ_CHECK_INS,
}
"""Which right to read decides between 403 and 404 when the right to act is missing; none means 404 always."""

READING = frozenset(p for p in Permission if p.name.startswith(("READ_", "LIST_"))) | {
    Permission.USE_APP,
    Permission.PUBLIC,
}
"""What a token of scope `read` may do at most."""

IN_PERSON = frozenset(
    {
        Permission.MANAGE_OWN_ACCOUNT,
        Permission.PUBLISH_DRAFT,
        Permission.SUBMIT_ASSESSMENT,
        Permission.REOPEN_ASSESSMENT,
        Permission.SHARE_REVIEW,
        Permission.AGREE_RATINGS,
        Permission.CONFIRM_REVIEW,
        Permission.MOVE_REVIEW,
        Permission.AGREE_PLAN,
        Permission.CLOSE_PLAN,
    }
)
"""What no token may do: these are a person's own word (SECURITY.md section 2, "API token")."""


def may(actor: Actor, permission: Permission, thing: Any = None) -> bool:
    """Whether `actor` holds `permission` on `thing`, a loaded row or read model with the attributes the predicates read."""
    if actor.scope is not None and permission in IN_PERSON:
        return False
    if actor.scope is Scope.READ and permission not in READING:
        return False
    return GRANTS[permission](actor, thing)


def proofs(predicate: Predicate, actor: Actor, thing: Any) -> list[tuple[Predicate, ...]]:
    """Each way in which `predicate` holds, as the named predicates that make it so; none where it does not."""
    if isinstance(predicate, AnyOf):
        return [proof for part in predicate.parts for proof in proofs(part, actor, thing)]
    if isinstance(predicate, AllOf):
        ways = product(*(proofs(part, actor, thing) for part in predicate.parts))
        return [tuple(chain.from_iterable(way)) for way in ways]
    return [(predicate,)] if predicate(actor, thing) else []


def require(actor: Actor, permission: Permission, thing: Any = None) -> None:
    """Go on only if allowed.

    Raises:
        NotSignedIn: nobody asks.
        Forbidden: the actor sees the thing but may not do this.
        NotFound: the actor may not know of the thing.
    """
    if may(actor, permission, thing):
        return
    if actor.person_id is None and not actor.is_system:
        raise NotSignedIn("Sign in to go on.")
    seen_by = SEEN_BY.get(permission)
    if thing is None or permission is seen_by or (seen_by is not None and may(actor, seen_by, thing)):
        if actor.scope is not None and permission in IN_PERSON:
            raise Forbidden("This is a person's own word: sign in and do it yourself, a token cannot.")
        if thing is None:
            raise Forbidden("This belongs to HR, or to those who lead people or check the records.")
        raise Forbidden("You can see this, but doing it is somebody else's part.")
    raise NotFound
