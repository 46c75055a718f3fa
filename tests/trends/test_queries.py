"""A person's way over the years: what each reader may read of it, and nothing of what is not revealed."""

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from service.errors import NotFound
from service.gaps.queries import get_report
from service.gaps.views import Basis
from service.ladders.actions import publish_version
from service.ladders.models import LadderVersion
from service.people.models import Person
from service.permissions import NOBODY, SYSTEM
from service.reviews.models import Assessment, SkillRating
from service.reviews.rules import Answer, ReviewStatus
from service.trends.queries import get_trend, has_trend
from service.trends.rules import Way
from service.trends.views import SkillLine, Trend
from tests.cast import Cast
from tests.factories import published
from tests.pins.versions import GONE, RENAMED, REWORDED, publish_second, second
from tests.trends.years import AT, year


@pytest.fixture
def first(session: Session, cast: Cast) -> LadderVersion:
    session.add_all(LadderVersion(**row, published_at=AT) for row in published())
    session.commit()
    return session.scalars(select(LadderVersion).where(LadderVersion.ladder == "product-manager")).one()


def trend(cast: Cast, reader: Person, person: Person | None = None) -> Trend:
    cast.session.expire_all()
    return get_trend(cast.session, cast.actor(reader), (person or cast.ben).id)


def skill(found: Trend, id_: str, line: int = -1) -> SkillLine:
    return next(it for it in found.lines[line].skills if it.id == id_)


def test_each_review_is_what_its_gap_report_says(session: Session, cast: Cast, first: LadderVersion) -> None:
    one = year(session, cast.ben, cast.ann, 0, first)
    two = year(
        session, cast.ben, cast.ann, 1, first, current="middle", target="senior", manager="middle", agreed="senior"
    )
    (line,) = trend(cast, cast.ann).lines
    assert [(it.cycle, it.current, it.target, it.basis) for it in line.standings] == [
        ("Year 2020", "Junior", "Middle", Basis.MANAGER),
        ("Year 2021", "Middle", "Senior", Basis.AGREED),
    ]
    for standing, review in zip(line.standings, (one, two), strict=True):
        report = get_report(session, cast.actor(cast.ann), review.id)
        rung = next(it for it in report.attainment.rungs if it.level == report.target)
        attained = report.attainment.attained
        assert (standing.must, standing.should, standing.attained) == (
            rung.must, rung.should, attained.title if attained else None,
        )  # fmt: skip
    assert [(it.words, it.way) for it in skill(trend(cast, cast.ann), "okr").reviews] == [
        ("Junior", None),
        ("Senior", Way.UP),
    ]


def test_a_new_version_follows_what_was_says_and_tells_what_is_worded_anew(
    session: Session, cast: Cast, first: LadderVersion
) -> None:
    year(session, cast.ben, cast.ann, 0, first)
    year(session, cast.ben, cast.ann, 1, publish_second(session), manager="middle")
    found = trend(cast, cast.ben)
    (line,) = found.lines
    assert [it.version for it in line.standings] == ["2026.1", "2026.2"]
    renamed, reworded = skill(found, f"{RENAMED}-2"), skill(found, REWORDED)
    assert [(it.way, it.note) for it in renamed.reviews] == [(None, ""), (Way.UP, "")]
    assert [(it.way, it.note) for it in reworded.reviews] == [(None, ""), (None, "worded anew since Year 2020")]
    assert GONE not in {it.id for it in line.skills}
    assert len(line.gone) == 1


def test_another_ladder_and_a_version_from_nowhere_are_breaks(
    session: Session, cast: Cast, first: LadderVersion
) -> None:
    other = session.scalars(select(LadderVersion).where(LadderVersion.ladder == "technical-product-manager")).one()
    stray = publish_version(session, SYSTEM, second("2027.1", supersedes=None), None)
    for number, version in enumerate((other, first, stray)):
        year(session, cast.ben, cast.ann, number, version)
    found = trend(cast, cast.ben)
    assert [(it.apart, it.version, len(it.standings)) for it in found.lines] == [
        ("", other.version, 1),
        ("on another ladder", "2026.1", 1),
        ("2027.1 does not come after 2026.1", "2027.1", 1),
    ]
    assert {cell.way for line in found.lines for row in line.skills for cell in row.reviews} == {None}


def test_what_is_not_revealed_is_no_point_of_it_not_even_one_s_own(
    session: Session, cast: Cast, first: LadderVersion
) -> None:
    opened = year(session, cast.ben, cast.ann, 0, first, status=ReviewStatus.OPEN, revealed=False, shared=False)
    for reader in (cast.ben, cast.ann, cast.max, cast.dee, cast.pia):
        found = trend(cast, reader)
        assert (found.lines, found.latest) == ((), opened.id)
        assert not has_trend(session, cast.actor(reader), cast.ben.id)


def test_before_sharing_the_person_reads_their_own_view_and_those_above_the_manager_s(
    session: Session, cast: Cast, first: LadderVersion
) -> None:
    year(session, cast.ben, cast.ann, 0, first, manager="junior")
    year(session, cast.ben, cast.ann, 1, first, manager="middle", status=ReviewStatus.REVEALED, shared=False)
    own, above = trend(cast, cast.ben), trend(cast, cast.max)
    assert [it.basis for it in own.lines[0].standings] == [Basis.MANAGER, Basis.SELF]
    assert skill(own, "okr").reviews[1].note == "another side’s view than in Year 2020"
    assert [it.basis for it in above.lines[0].standings] == [Basis.MANAGER, Basis.MANAGER]
    assert skill(above, "okr").reviews[1].way is Way.UP


def test_while_the_talk_is_on_what_is_not_agreed_yet_says_so(
    session: Session, cast: Cast, first: LadderVersion
) -> None:
    review = year(session, cast.ben, cast.ann, 0, first, agreed="middle", status=ReviewStatus.SHARED)
    found = trend(cast, cast.ben)
    assert found.lines[0].standings[0].is_draft
    assert review.status is ReviewStatus.SHARED


@pytest.mark.parametrize("reader", ["eli", "fay", "una", "cat"])
def test_who_may_see_no_review_learns_as_much_as_about_nobody(
    session: Session, cast: Cast, first: LadderVersion, reader: str
) -> None:
    year(session, cast.ben, cast.ann, 0, first)
    actor = cast.actor(cast.everybody[reader])
    said = []
    for person_id in (cast.ben.id, uuid4()):
        with pytest.raises(NotFound) as refused:
            get_trend(session, actor, person_id)
        said.append((refused.value.detail, refused.value.problems))
        assert not has_trend(session, actor, person_id)
    assert said[0] == said[1]
    with pytest.raises(NotFound):
        get_trend(session, NOBODY, cast.ben.id)


def test_hr_reads_neither_its_own_nor_its_managers_way_as_hr(
    session: Session, cast: Cast, first: LadderVersion
) -> None:
    year(session, cast.max, cast.fay, 0, first)
    with pytest.raises(NotFound):
        trend(cast, cast.dee, cast.max)
    assert trend(cast, cast.fay, cast.max).reviews == 1


def test_ratings_that_are_not_revealed_change_nothing(session: Session, cast: Cast, first: LadderVersion) -> None:
    year(session, cast.ben, cast.ann, 0, first)
    opened = year(session, cast.ben, cast.ann, 1, first, status=ReviewStatus.OPEN, revealed=False, shared=False)
    readers = (cast.ben, cast.ann, cast.max, cast.dee, cast.pia)
    before = [trend(cast, reader) for reader in readers]
    theirs = SkillRating.assessment_id.in_(select(Assessment.id).where(Assessment.review_id == opened.id))
    session.execute(update(SkillRating).where(theirs).values(answer=Answer.NONE, rung=None, version=9))
    session.commit()
    assert [trend(cast, reader) for reader in readers] == before
    assert before[0].reviews == 1


def test_a_view_not_yet_shared_changes_nothing_for_the_person(
    session: Session, cast: Cast, first: LadderVersion
) -> None:
    said = []
    for number, manager in enumerate(("junior", "senior")):
        person = (cast.ben, cast.cat)[number]
        year(session, person, cast.ann, number, first, manager=manager, status=ReviewStatus.REVEALED, shared=False)
        (line,) = trend(cast, person, person).lines
        said.append((line.skills, replace(line.standings[0], review_id=person.id, cycle="")))
    assert said[0][0] == said[1][0]
    assert replace(said[0][1], review_id=cast.ben.id) == replace(said[1][1], review_id=cast.ben.id)
