"""A person's way over the years as page and JSON, and the links that lead there."""

from uuid import uuid4

from service.ladders.actions import publish_version
from service.ladders.models import LadderVersion
from service.permissions import SYSTEM, Scope
from service.reviews.rules import ReviewStatus
from tests.cast import Cast
from tests.conftest import Bearer, CountQueries, SignIn
from tests.pins.versions import publish_second, second
from tests.trends.test_queries import first
from tests.trends.years import year

__all__ = ["first"]


def test_the_page_says_each_way_in_a_word_and_where_it_cannot(
    session, cast: Cast, first: LadderVersion, sign_in: SignIn
):
    year(session, cast.ben, cast.ann, 0, first)
    year(session, cast.ben, cast.ann, 1, publish_second(session), manager="middle")
    stray = publish_version(session, SYSTEM, second("2027.1", supersedes=None), None)
    year(session, cast.ben, cast.ann, 2, stray, manager="middle")
    page = sign_in(cast.ann).get(f"/people/{cast.ben.id}/trend").text
    for words in (
        "The way of <bdi>Ben</bdi> over the years", "Year 2020", "the manager’s view", "</span> up</span>",
        "worded anew since Year 2020", "2027.1 does not come after 2026.2", "differences?from=2026.1",
        "Asked for earlier and no more",
    ):  # fmt: skip
        assert words in page, words


def test_the_api_says_the_same(session, cast: Cast, first: LadderVersion, sign_in: SignIn, bearer: Bearer):
    year(session, cast.ben, cast.ann, 0, first)
    year(session, cast.ben, cast.ann, 1, first, manager="middle")
    answer = sign_in(cast.ben).get(f"/api/v1/people/{cast.ben.id}/trend").json()
    (line,) = answer["lines"]
    assert (answer["person_name"], answer["is_own"], line["apart"], len(line["standings"])) == ("Ben", True, "", 2)
    okr = next(it for it in line["skills"] if it["id"] == "okr")
    assert okr["reviews"][1] == {"words": "Middle", "way": "up", "since": "Year 2020", "note": ""}
    assert bearer(cast.ben, Scope.READ).get(f"/api/v1/people/{cast.ben.id}/trend").json() == answer


def test_a_stranger_gets_the_same_404_as_for_nobody(session, cast: Cast, first: LadderVersion, sign_in: SignIn):
    year(session, cast.ben, cast.ann, 0, first)
    eli = sign_in(cast.eli)
    for start in ("", "/api/v1"):
        there, nobody = (eli.get(f"{start}/people/{id_}/trend") for id_ in (cast.ben.id, uuid4()))
        assert (there.status_code, nobody.status_code) == (404, 404)
        assert there.text.replace(str(cast.ben.id), "") == nobody.text.replace(nobody.url.path.split("/")[-2], "")


def test_links_lead_there_once_something_is_revealed(session, cast: Cast, first: LadderVersion, sign_in: SignIn):
    opened = year(session, cast.ben, cast.ann, 1, first, status=ReviewStatus.OPEN, revealed=False, shared=False)
    ben, here = sign_in(cast.ben), f"/people/{cast.ben.id}/trend"
    places = (f"/people/{cast.ben.id}", f"/reviews/{opened.id}")
    assert [here in ben.get(place).text for place in places] == [False, False]
    assert "Nothing to set side by side yet" in ben.get(here).text
    before = year(session, cast.ben, cast.ann, 0, first)
    assert [here in ben.get(place).text for place in (*places, f"/reviews/{before.id}/gaps")] == [True, True, True]


def test_the_number_of_statements_does_not_grow(
    session, cast: Cast, first: LadderVersion, sign_in: SignIn, count_queries: CountQueries
):
    ann, sent = sign_in(cast.ann), []
    versions = (first, publish_second(session))
    for number in range(8):
        year(session, cast.ben, cast.ann, number, versions[number > 3], agreed="middle")
        if number in (0, 7):
            ann.get(f"/people/{cast.ben.id}/trend")  # versions are remembered once they were read
            sent.append(count_queries(lambda: ann.get(f"/people/{cast.ben.id}/trend")))
    assert sent[0] == sent[1] <= 14
