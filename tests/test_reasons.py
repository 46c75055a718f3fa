"""Why somebody sees a thing: never another reason than the rule's own."""

from itertools import product
from types import SimpleNamespace
from uuid import UUID

import pytest

from service import permissions
from service.permissions import GRANTS, Actor, Permission, Role, Subject, may, proofs
from service.reasons import WORDS
from tests.factories import open_cycle, reveal, review_of

ME, BEN, TOP, UNIT, OTHER = (UUID(int=number) for number in range(1, 6))


def actors():
    for roles, reports in product(
        [frozenset(), frozenset({Role.HR}), frozenset({Role.PARTNER}), frozenset({Role.AUDITOR}), frozenset(Role)],
        [False, True],
    ):
        for managers, units in product([(), (TOP,), (BEN, TOP)], [frozenset(), frozenset({UNIT})]):
            yield Actor(ME, "Me", roles, units, managers, reports)
    yield permissions.NOBODY
    yield permissions.SYSTEM


def things():
    people = (
        Subject(ME, (TOP,), UNIT),
        Subject(BEN, (ME, TOP), UNIT),
        Subject(BEN, (TOP, ME), OTHER),
        Subject(TOP, (), UNIT),
    )
    for subject, assessor, rater, when, current in product(people, (ME, TOP), (ME, BEN), (None, "then"), (True, False)):
        yield SimpleNamespace(
            subject=subject, assessor_id=assessor, rater_id=rater, revealed_at=when, shared_at=when, agreed_at=when,
            is_current=current, signed_by_id=rater, is_over=not current, guest_ids={ME} if current else {BEN},
            writer_ids={rater},
        )  # fmt: skip


@pytest.mark.parametrize("permission", Permission)
def test_there_is_a_proof_where_the_rule_holds_and_nowhere_else(permission):
    for actor, thing in product(actors(), things()):
        found = proofs(GRANTS[permission], actor, thing)
        assert bool(found) == may(actor, permission, thing)
        assert all(part(actor, thing) for proof in found for part in proof)


SENSITIVE = [permission for permission in Permission if permission.name.startswith("READ_")]
TOLD_BY_NAME = (permissions.signed_in, permissions.auditor, permissions.leads)
"""Rules about nobody in particular: their pages have no such line."""


@pytest.mark.parametrize("permission", SENSITIVE)
def test_each_way_to_a_sensitive_page_has_its_words(permission):
    for actor, thing in product(actors(), things()):
        for proof in proofs(GRANTS[permission], actor, thing):
            if not actor.is_system and not set(proof) & set(TOLD_BY_NAME):
                assert set(proof) & set(WORDS), permission


@pytest.fixture
def pages(session, cast):
    open_cycle(session, cast)
    reveal(session, cast, cast.ben)
    review = review_of(session, cast.ben)
    halves = {row.side: row.id for row in review.assessments}
    return {
        "person": f"/people/{cast.ben.id}", "review": f"/reviews/{review.id}", "gaps": f"/reviews/{review.id}/gaps",
        "agreement": f"/reviews/{review.id}/agreement", "self": f"/assessments/{halves['self']}",
        "manager": f"/assessments/{halves['manager']}",
    }  # fmt: skip


HR = "You are HR, and this is neither your own case nor that of a manager of yours"
PARTNER = "You are HR partner of Product, and this is neither your own case nor that of a manager of yours"


@pytest.mark.parametrize(
    ("name", "page", "reasons"),
    [
        ("ben", "review", ["It is about you."]),
        ("ben", "manager", ["It is about you, and the manager’s view has been shared."]),
        ("ann", "person", ["You are above them in the reporting line."]),
        (
            "ann",
            "self",
            [
                "You assess them, and both sides have submitted.",
                "You are above them in the reporting line, and both sides have submitted.",
            ],
        ),
        ("max", "gaps", ["You are above them in the reporting line."]),
        ("dee", "agreement", [f"{HR}, and the manager’s view has been shared."]),
        ("dee", "person", ["You are HR."]),
        ("pia", "self", [f"{PARTNER}, and both sides have submitted."]),
        ("pia", "person", ["You are HR partner of Product."]),
    ],
)
def test_the_page_says_by_which_rule(cast, sign_in, pages, name, page, reasons):
    html = sign_in(cast.everybody[name]).get(pages[page]).text
    _, _, told = html.partition("<summary>Why can I see this?</summary>")
    assert [line.strip()[3:-4] for line in told.partition("</details>")[0].split("\n") if line.strip()] == reasons
