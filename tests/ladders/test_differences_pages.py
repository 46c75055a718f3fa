"""The page of differences and the library of skills, and their JSON twins."""

import pytest
from sqlalchemy.orm import Session

from service.ladders.actions import publish_version
from service.permissions import SYSTEM
from tests.browser import Browser
from tests.cast import Cast
from tests.conftest import CountQueries, SignIn
from tests.ladders.edits import a_year_later, edit_ladder, edit_skill, following, reidentify_level
from tests.ladders.files import publish_both, shipped
from tests.ladders.test_pages import Text, read

NEWER = "/ladders/product-manager/2027.1/differences"


@pytest.fixture
def ben(session: Session, cast: Cast, sign_in: SignIn) -> Browser:
    publish_both(session)
    publish_version(session, SYSTEM, *a_year_later())
    session.commit()
    return sign_in(cast.ben)


def test_the_page_begins_with_what_changed_in_words(ben: Browser) -> None:
    text = read(ben, NEWER).text
    assert "Product Manager 2027.1 beside Product Manager 2026.1 ." in text
    assert "2 skills new, 2 skills taken out, 5 levels renamed, 1 skill renamed, 1 level under another id" in text


def test_each_change_has_an_anchor_and_a_link_to_where_it_can_be_read(ben: Browser) -> None:
    page = read(ben, NEWER)
    assert len(page.ids) == len(set(page.ids))
    assert {
        "renamed.levels.junior.title",
        "re-identified.levels.mid-level.id",
        "removed.skills.pricing-and-packaging",
    } <= set(page.ids)
    assert "reworded.skills.okr.expectations.junior.statement" in page.ids
    for link in page.links:
        if link.startswith("/ladders/product-manager/"):
            assert ben.get(link.split("#")[0]).status_code == 200, link


def test_a_reworded_text_shows_its_words_taken_out_and_new_said_in_words_too(ben: Browser) -> None:
    html = ben.get(NEWER).text
    assert '<del><span class="hidden">[before: </span>on dashboards<span class="hidden">]</span></del>' in html
    assert '<ins><span class="hidden">[now: </span>every week<span class="hidden">]</span></ins>' in html


def test_an_id_that_probably_only_changed_is_suggested(ben: Browser) -> None:
    text = read(ben, NEWER).text
    assert (
        "Skill Experiments and hypotheses ( experimentation ) and Experiments and hypotheses ( experiments ): 100 %"
        in text
    )


def test_the_ladder_links_to_what_changed_since_the_version_before(ben: Browser) -> None:
    page = read(ben, "/ladders/product-manager/2027.1")
    assert "What changed since 2026.1" in page.text
    assert "/ladders/product-manager/2027.1/differences" in page.links
    assert "What changed since" not in read(ben, "/ladders/product-manager/2026.1").text


def test_the_first_version_says_that_it_is_and_offers_other_ladders(ben: Browser) -> None:
    page = read(ben, "/ladders/technical-product-manager/2026.1/differences")
    assert "This is the first version of the ladder" in page.text
    assert "Technical Product Manager" in page.text


def test_the_first_version_needs_to_be_told_what_to_compare_with_over_the_api(ben: Browser) -> None:
    answer = ben.get("/api/v1/ladders/technical-product-manager/2026.1/differences")
    assert answer.status_code == 422
    assert [problem["pointer"] for problem in answer.json()["errors"]] == ["/from"]


def test_any_two_versions_can_be_compared(ben: Browser) -> None:
    assert "5 levels renamed" in read(ben, "/ladders/product-manager/2026.1/differences?from=2027.1").text
    other = read(ben, "/ladders/product-manager/2026.1/differences?from=technical-product-manager/2026.1").text
    assert "beside Technical Product Manager 2026.1" in other
    assert read(ben, f"{NEWER}?from=2027.1").text.count("Nothing differs.") == 1


@pytest.mark.parametrize("before", ["2025.1", "nothing/2026.1", "a/b/c"])
def test_what_does_not_exist_is_not_found(ben: Browser, before: str) -> None:
    assert ben.get(f"{NEWER}?from={before}").status_code == 404
    assert ben.get(f"/api/v1{NEWER}?from={before}").status_code == 404


def test_ids_are_followed_along_all_versions_between(ben: Browser, session: Session) -> None:
    third = following(a_year_later(), reidentify_level("mid-level", "intermediate"), name="2028.1")
    publish_version(session, SYSTEM, *third)
    session.commit()
    answer = ben.get("/api/v1/ladders/product-manager/2028.1/differences?from=2026.1").json()
    (group,) = [group for group in answer["groups"] if group["kind"] == "re-identified"]
    changes = [(it["change"]["before"], it["change"]["after"]) for it in group["ladder"]]
    assert changes == [("middle", "intermediate"), ("sql-and-data-querying", "querying-data")]


def test_json_tells_the_same_by_kind(ben: Browser) -> None:
    answer = ben.get(f"/api/v1{NEWER}").json()
    assert (answer["before"], answer["after"]) == ("product-manager/2026.1", "product-manager/2027.1")
    assert [(group["kind"], len(group["ladder"]), len(group["blueprint"])) for group in answer["groups"]] == [
        ("added", 2, 0), ("removed", 2, 0), ("renamed", 6, 0), ("re-identified", 2, 0), ("moved", 2, 0), ("reworded", 1, 0),
        ("weighed", 2, 0), ("about", 2, 0),
    ]  # fmt: skip
    (reworded,) = next(group["ladder"] for group in answer["groups"] if group["kind"] == "reworded")
    assert reworded["change"]["place"] == ["skills", "okr", "expectations", "junior"]
    assert {run["kind"] for run in reworded["runs"]} == {"same", "removed", "added"}
    (suggestion,) = answer["suggestions"]
    assert (suggestion["before"], suggestion["after"], suggestion["likeness"]) == (
        "experimentation",
        "experiments",
        1.0,
    )


def test_differences_cost_the_same_queries_with_many_versions(
    ben: Browser, session: Session, count_queries: CountQueries
) -> None:
    far = "/ladders/product-manager/2040.1/differences?from=2026.1"
    publish_version(session, SYSTEM, *following(a_year_later(), name="2040.1"))
    session.commit()
    read(ben, far)
    few = count_queries(lambda: ben.get(far))
    for number in range(2028, 2040):
        version = following(shipped()[0], edit_skill("okr", name=f"OKRs {number}"), name=f"{number}.1")
        publish_version(session, SYSTEM, *version)
    session.commit()
    read(ben, far)
    assert count_queries(lambda: ben.get(far)) == few


def test_the_library_costs_the_same_queries_with_many_ladders(
    ben: Browser, session: Session, count_queries: CountQueries
) -> None:
    read(ben, "/skills")
    few = count_queries(lambda: ben.get("/skills"))
    for number in range(12):
        ladder, _ = following(shipped()[0], edit_ladder(id=f"ladder-{number}", supersedes=None))
        publish_version(session, SYSTEM, ladder, None)
    session.commit()
    read(ben, "/skills")
    assert count_queries(lambda: ben.get("/skills")) == few


def library(client: Browser, query: str = "") -> Text:
    return read(client, f"/skills{query}")


def test_the_library_shows_where_each_skill_is_used_and_whether_wordings_differ(ben: Browser) -> None:
    page = library(ben)
    assert f"{len(ben.get('/api/v1/skills?limit=200').json())} skills." in page.text
    assert "/ladders/product-manager/2027.1/skills/okr" in page.links
    assert "/ladders/technical-product-manager/2026.1/skills/okr" in page.links
    assert "Differs name, summary, Junior PM, Middle, Senior PM, Lead PM, Principal PM" in page.text
    assert "One ladder" in page.text


def test_the_library_is_filtered_by_ladder_category_wording_and_words(ben: Browser) -> None:
    everything = {it["id"] for it in ben.get("/api/v1/skills?limit=200").json()}
    for query, fits in {
        "ladder=technical-product-manager": lambda it: (
            "technical-product-manager" in [use["ladder"] for use in it["uses"]]
        ),
        "differing=true": lambda it: it["wordings"]["name"] or it["wordings"]["summary"] or it["wordings"]["levels"],
        "category=technology": lambda it: "technology" in [use["category"]["id"] for use in it["uses"]],
        "q=pricing": lambda it: "pricing" in str(it).casefold(),
    }.items():
        found = ben.get(f"/api/v1/skills?limit=200&{query}").json()
        assert found
        assert all(map(fits, found)), query
        assert {it["id"] for it in found} < everything
        shown = [id_ for id_ in library(ben, f"?{query}").ids if id_.startswith("skill-")]
        assert shown == [f"skill-{it['id']}" for it in found]


def test_the_library_goes_on_page_by_page(ben: Browser) -> None:
    everything = [it["id"] for it in ben.get("/api/v1/skills?limit=200").json()]
    seen, url = [], "/api/v1/skills?limit=10"
    while url:
        answer = ben.get(url)
        seen += [it["id"] for it in answer.json()]
        url = answer.links["next"]["url"] if "next" in answer.links else ""
    assert seen == everything


def test_nothing_that_fits_says_so(ben: Browser) -> None:
    assert "No skill fits all of this" in library(ben, "?q=nothinglikethis").text


def test_a_skill_shows_how_two_ladders_word_it(ben: Browser) -> None:
    page = read(ben, "/skills/okr")
    assert {"wordings", "wording-technical-product-manager"} <= set(page.ids)
    assert "% of the words alike" in page.text
    assert "wordings" not in read(ben, "/skills/automated-testing").ids  # one ladder alone has it
