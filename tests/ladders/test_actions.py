"""Publishing and retiring, on both databases."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.audit.models import AuditEvent
from service.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from service.ladders import actions, canonical, queries
from service.ladders.actions import publish_version, retire_version
from service.ladders.files import read_texts
from service.ladders.models import LadderVersion
from service.ladders.rules import Blueprint, Ladder, Status
from service.permissions import NOBODY, SYSTEM
from tests.cast import Cast
from tests.ladders.edits import edit_skill, following, reidentify_level
from tests.ladders.files import BLUEPRINT, LADDER, changed


def version(ladder: str = LADDER) -> tuple[Ladder, Blueprint | None]:
    reading = read_texts(ladder.encode(), BLUEPRINT.encode())
    assert reading.ladder is not None, reading.problems
    return reading.ladder, reading.blueprint


def verbs(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEvent.verb).order_by(AuditEvent.seq)))


def test_publishing_stores_canonical_json_and_its_hash(session: Session, cast: Cast) -> None:
    row = publish_version(session, cast.actor(cast.dee), *version())
    assert row.content == canonical.to_json(*version())
    assert row.sha256 == canonical.hash_of(row.content)
    assert (row.ladder, row.version, row.title, row.family, row.status) == (
        "tester",
        "1",
        "Tester",
        "quality",
        "published",
    )
    assert verbs(session) == ["ladder.published"]


def test_publishing_the_same_again_changes_nothing(session: Session, cast: Cast) -> None:
    first = publish_version(session, cast.actor(cast.dee), *version())
    again = publish_version(session, SYSTEM, *version(LADDER.replace("title: Tester", 'title:   "Tester"')))
    assert (again.id, again.published_at) == (first.id, first.published_at)
    assert session.scalar(select(func.count()).select_from(LadderVersion)) == 1
    assert verbs(session) == ["ladder.published"]


def test_what_was_named_otherwise_must_stand_in_the_version_before(session: Session, cast: Cast) -> None:
    publish_version(session, SYSTEM, *version())
    one, _ = following(version(), edit_skill("testing", id="trying", was="testin"))
    with pytest.raises(Invalid) as raised:
        publish_version(session, SYSTEM, one, None)
    words = "the skill 'trying' cannot have been 'testin': Tester 1 has no such skill; did you mean 'testing'?"
    assert raised.value.problems == (Problem("/skills/0/was", words, "former-id"),)
    assert verbs(session) == ["ladder.published"]


def test_what_was_named_otherwise_is_taken_at_its_word_where_the_version_before_is_not_here(session: Session) -> None:
    one, _ = following(version(), edit_skill("testing", id="trying", was="anything"))
    assert publish_version(session, SYSTEM, one, None).version == "2027.1"


def test_a_version_that_names_what_its_levels_and_skills_were_is_published(session: Session) -> None:
    publish_version(session, SYSTEM, *version())
    other = following(version(), reidentify_level("low", "lower"), edit_skill("testing", id="trying", was="testing"))
    assert publish_version(session, SYSTEM, *other).version == "2027.1"


def test_other_content_under_a_published_name_is_refused_with_both_hashes(session: Session, cast: Cast) -> None:
    row = publish_version(session, cast.actor(cast.dee), *version())
    other = version(changed(LADDER, "Tests what is missing.", "Tests everything."))
    with pytest.raises(Conflict) as raised:
        publish_version(session, cast.actor(cast.dee), *other)
    assert row.sha256 in raised.value.detail
    assert canonical.hash_of(canonical.to_json(*other)) in raised.value.detail
    assert verbs(session) == ["ladder.published"]


def test_retired_version_stays_readable_and_is_not_the_latest(session: Session, cast: Cast) -> None:
    publish_version(session, SYSTEM, *version())
    retire_version(session, cast.actor(cast.dee), "tester", "1")
    view = queries.get_version(session, cast.actor(cast.eli), "tester", "1")
    assert (view.status, view.ladder.title, view.retired_at is not None) == (Status.RETIRED, "Tester", True)
    assert queries.latest_published(session, "tester") is None
    assert verbs(session) == ["ladder.published", "ladder.retired"]


def test_retiring_twice_or_nothing_is_refused(session: Session, cast: Cast) -> None:
    dee = cast.actor(cast.dee)
    publish_version(session, dee, *version())
    retire_version(session, dee, "tester", "1")
    with pytest.raises(Conflict):
        retire_version(session, dee, "tester", "1")
    with pytest.raises(NotFound):
        retire_version(session, dee, "tester", "2")


def test_publishing_a_retired_version_again_leaves_it_retired(session: Session) -> None:
    publish_version(session, SYSTEM, *version())
    retire_version(session, SYSTEM, "tester", "1")
    assert publish_version(session, SYSTEM, *version()).status == Status.RETIRED


@pytest.mark.parametrize("name", ["ann", "ben", "max", "pia", "una", "eli"])
def test_only_hr_publishes_and_retires(session: Session, cast: Cast, name: str) -> None:
    publish_version(session, SYSTEM, *version())
    actor = cast.actor(cast.everybody[name])
    with pytest.raises(Forbidden):
        publish_version(session, actor, *version())
    with pytest.raises(Forbidden):
        retire_version(session, actor, "tester", "1")


def test_texts_with_problems_are_no_version_and_say_all() -> None:
    ladder = changed(LADDER, "title: Tester", "titel: Tester")
    blueprint = changed(BLUEPRINT, "weight: 40", "weight: 35")
    with pytest.raises(Invalid) as raised:
        actions.checked(read_texts(ladder.encode(), blueprint.encode()))
    found = [(problem.pointer, problem.id, problem.detail.split(": ")[0]) for problem in raised.value.problems]
    assert found == [
        ("/ladder_yaml", "missing-field", "ladder.yaml:1:1"),
        ("/ladder_yaml", "unknown-field", "ladder.yaml:4:1"),
        ("/blueprint_yaml", "weights", "blueprint.yaml:30:5"),
    ]


def test_shipped_versions_are_published_once_by_the_system(session: Session) -> None:
    rows = actions.publish_shipped(session)
    assert [(row.ladder, row.version) for row in rows] == [
        ("product-manager", "2026.1"),
        ("software-engineer", "2026.1"),
        ("technical-product-manager", "2026.1"),
    ]
    assert actions.publish_shipped(session) == []
    assert verbs(session) == ["ladder.published"] * 3
    assert set(session.scalars(select(AuditEvent.actor_id))) == {None}


def test_nobody_reads_no_list() -> None:
    from service.errors import NotSignedIn

    with pytest.raises(NotSignedIn):
        queries.visible_versions(NOBODY)
