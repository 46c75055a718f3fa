"""Moving and its impact over pages and API; who may see what of it."""

from service.drafts.actions import change_objective
from service.ladderdrafts.actions import begin_draft
from service.ladderdrafts.comments import invite_guest
from service.ladders.actions import publish_version
from service.ladders.inputs import LadderTexts
from service.ladders.writing import to_texts
from service.permissions import SYSTEM
from service.pins.queries import get_impact
from service.plans.models import Plan
from service.reviews.cycles import close_cycle
from service.reviews.models import Review
from service.reviews.rules import Side
from service.revisions.actions import begin_change
from service.revisions.inputs import ChangeInput
from tests.checkins.running import running_plan
from tests.factories import half, open_cycle, rate_all, reveal, review_of, submit
from tests.pins.versions import publish_second, second
from tests.plans.browsing import text_of
from tests.plans.drafts import objective
from tests.team.test_pages import hire


def begun(session, cast):
    open_cycle(session, cast)
    publish_second(session)
    return review_of(session, cast.ben)


def test_the_owner_reads_what_would_change_and_moves(session, cast, sign_in):
    review = begun(session, cast)
    rate_all(session, cast, half(review, Side.SELF))
    session.commit()
    ben, here = sign_in(cast.ben), f"/reviews/{review.id}"
    assert f"{here}/move/2026.2" in ben.get(here).text
    page = ben.get(f"{here}/move/2026.2")
    assert (page.status_code, "1 skill is worded anew" in page.text, "Nobody else sees this" in page.text) == (
        200,
        True,
        True,
    )
    sent = ben.post(f"{here}/move/2026.2", data={"version": str(review.version)})
    assert (sent.status_code, sent.headers["location"]) == (303, here)
    assert "2026.2" in ben.get(here).text
    again = ben.get(f"/assessments/{half(review, Side.SELF).id}/ratings/okr").text
    assert "You answered Middle" in again


def test_the_api_says_and_does_the_same(session, cast, sign_in):
    review = begun(session, cast)
    ben, here = sign_in(cast.ben), f"/api/v1/reviews/{review.id}/move"
    assert ben.get(here).json() == [{"version": "2026.2", "title": "Product Manager"}]
    found = ben.get(f"{here}/2026.2")
    assert list(found.json()["move"]["again"]) == ["okr"]
    assert ben.post(f"{here}/2026.2").status_code == 428
    moved = ben.post(f"{here}/2026.2", headers={"if-match": found.headers["etag"]})
    assert (moved.status_code, moved.json()["ladder_version"]) == (200, "2026.2")
    assert ben.post(f"{here}/2026.2", headers={"if-match": found.headers["etag"]}).status_code in (409, 412)
    assert ben.get(here).json() == []


def test_nothing_of_it_is_said_of_what_is_revealed_or_has_no_newer_version(session, cast, sign_in):
    review = begun(session, cast)
    reveal(session, cast, cast.ben)
    ben = sign_in(cast.ben)
    assert "/move/" not in ben.get(f"/reviews/{review.id}").text
    assert "both sides answered under its version" in ben.get(f"/reviews/{review.id}/move/2026.2").text


def test_others_of_the_review_may_not_and_strangers_do_not_know(session, cast, sign_in):
    review = begun(session, cast)
    for name, status in (("ann", 403), ("dee", 403), ("max", 403), ("eli", 404), ("una", 404)):
        client = sign_in(cast.everybody[name])
        assert (name, client.get(f"/reviews/{review.id}/move/2026.2").status_code) == (name, status)
        assert (name, client.post(f"/reviews/{review.id}/move/2026.2", data={"version": "1"}).status_code) == (
            name,
            status,
        )


def test_impact_counts_gaps_of_what_is_revealed_alone(session, cast):
    review = begun(session, cast)
    rate_all(session, cast, half(review, Side.SELF), "senior")
    submit(session, cast, half(review, Side.SELF))
    reveal(session, cast, cast.cat)
    session.commit()
    found = get_impact(session, cast.actor(cast.dee), second())
    lines = {line.review.person_name: line for line in found.reviews.rows}
    assert (lines["Ben"].effect, lines["Ben"].asks, lines["Ben"].dropped, lines["Ben"].why_not) == (None, 1, 1, "")
    assert lines["Cat"].effect is not None
    assert lines["Cat"].why_not == "It is shared, so it stays."
    assert "Dee" not in lines  # her own is not hers to look after
    assert "Max" not in lines  # nor that of who leads her


def test_impact_before_the_reveal_says_the_same_whatever_was_answered(session, cast):
    review = begun(session, cast)
    before = get_impact(session, cast.actor(cast.dee), second())
    rate_all(session, cast, half(review, Side.SELF), "senior")
    rate_all(session, cast, half(review, Side.MANAGER), "junior")
    assert get_impact(session, cast.actor(cast.dee), second()) == before


def test_impact_of_a_version_that_is_not_published_and_of_one_that_leads_nowhere(session, cast):
    open_cycle(session, cast)
    dee = cast.actor(cast.dee)
    assert {line.asks for line in get_impact(session, dee, second()).reviews.rows} == {1}
    stray = get_impact(session, dee, second("2030.1", supersedes=None)).reviews.rows
    assert {line.why_not for line in stray} == {"2030.1 does not come after 2026.1."}


def test_impact_as_page_and_json(session, cast, sign_in):
    begun(session, cast)
    dee = sign_in(cast.dee)
    page = dee.get("/ladders/product-manager/2026.2/impact")
    assert (page.status_code, "Ben" in page.text) == (200, True)
    answer = dee.get("/api/v1/ladders/product-manager/2026.2/impact?limit=2")
    assert (len(answer.json()["reviews"]), "next" in answer.headers["link"]) == (2, True)
    assert sign_in(cast.ann).get("/ladders/product-manager/2026.2/impact").status_code == 403


def test_impact_tells_what_happens_to_gaps_and_not_what_does_not(session, cast, sign_in):
    review = begun(session, cast)
    rate_all(session, cast, half(review, Side.SELF), "senior")
    submit(session, cast, half(review, Side.SELF))
    reveal(session, cast, cast.cat)
    session.commit()
    page = text_of(sign_in(cast.dee).get("/ladders/product-manager/2026.2/impact"))
    assert "1 is unknown" in page
    assert "0 open" not in page


def test_the_number_of_statements_does_not_grow(session, cast, sign_in, count_queries):
    dee, sent = sign_in(cast.dee), []
    for more, name in ((0, "First"), (30, "Second")):
        hire(session, cast, more)
        open_cycle(session, cast, name=name)
        if not sent:
            publish_second(session)
            dee.get("/ladders/product-manager/2026.2/impact")  # what a version says is read once in a process
        sent.append(count_queries(lambda: dee.get("/ladders/product-manager/2026.2/impact")))
    assert sent[0] == sent[1] <= 22


def test_nor_with_more_plans_or_newer_versions(session, cast, sign_in, count_queries):
    plan = running_plan(session, cast)
    dee, ben, sent = sign_in(cast.dee), sign_in(cast.ben), []
    close_cycle(session, SYSTEM, plan.review.cycle_id)
    open_cycle(session, cast, name="Next")
    newest = next(row for row in session.query(Review).filter_by(person_id=cast.ben.id) if row.status == "open")
    publish_second(session)
    same = (
        "ladder_version_id",
        "kind",
        "current_level",
        "target_level",
        "start_on",
        "status",
        "created_at",
        "agreed_at",
    )
    for more in (0, 10):
        for number in range(more):
            copied = {name: getattr(plan, name) for name in same}
            session.add(Plan(person=cast.cat, title=f"Plan {number}", chosen=[], **copied))
            publish_version(session, SYSTEM, second(f"2026.{number + 3}"), None)
        session.commit()
        pages = (dee, "/ladders/product-manager/2026.2/impact"), (ben, f"/reviews/{newest.id}")
        for client, page in pages:
            assert client.get(page).status_code == 200  # what a version says is read once in a process
        session.expire_all()
        sent.append([count_queries(lambda c=client, p=page: c.get(p)) for client, page in pages])
    assert len(get_impact(session, cast.actor(cast.dee), second()).plans) == 11
    assert sent[0] == sent[1]


def drafted(session, cast, ladder=None):
    ladder_yaml, _ = to_texts(ladder or second(), None)
    row = begin_draft(session, cast.actor(cast.dee), LadderTexts(ladder_yaml=ladder_yaml))
    session.commit()
    return f"/drafts/{row.id}", row


def test_a_draft_tells_its_impact_before_it_is_published(session, cast, sign_in):
    open_cycle(session, cast)
    here, _ = drafted(session, cast)
    dee = sign_in(cast.dee)
    assert f'href="{here}/impact"' in dee.get(f"{here}/changes").text
    page = dee.get(f"{here}/impact")
    assert (page.status_code, "Ben" in page.text, "Once published, by its owner" in page.text) == (200, True, True)
    answer = dee.get(f"/api/v1{here}/impact?limit=2")
    assert (answer.json()["version"], len(answer.json()["reviews"])) == ("2026.2", 2)
    rest = dee.get(answer.headers["link"].split(">")[0].strip("<")).json()["reviews"]
    asked = {line["review"]["person_name"]: line["asks"] for line in answer.json()["reviews"] + rest}
    publish_second(session)
    published = dee.get("/api/v1/ladders/product-manager/2026.2/impact").json()["reviews"]
    assert {line["review"]["person_name"]: line["asks"] for line in published}.items() >= asked.items()
    assert set(asked.values()) == {1}


def test_a_draft_with_problems_says_so(session, cast, sign_in):
    row = begin_draft(session, cast.actor(cast.dee), LadderTexts(ladder_yaml="ladder: x\n"))
    session.commit()
    dee, here = sign_in(cast.dee), f"/drafts/{row.id}/impact"
    page = dee.get(here)
    assert (page.status_code, "Not a ladder yet" in page.text) == (200, True)
    assert dee.get(f"/api/v1{here}").status_code == 409


def test_impact_of_a_draft_is_for_those_who_read_both(session, cast, sign_in):
    open_cycle(session, cast)
    here, row = drafted(session, cast)
    invite_guest(session, cast.actor(cast.dee), row.id, cast.ann.email)
    session.commit()
    assert f'href="{here}/impact"' not in sign_in(cast.ann).get(f"{here}/changes").text
    for name, status in (("dee", 200), ("pia", 200), ("ann", 403), ("ben", 404), ("eli", 404), ("una", 404)):
        assert (name, sign_in(cast.everybody[name]).get(f"{here}/impact").status_code) == (name, status)


def test_impact_tells_hr_nothing_of_a_change_that_is_being_written(session, cast):
    plan, dee = running_plan(session, cast), cast.actor(cast.dee)
    before = get_impact(session, dee, second()).plans
    begin_change(session, cast.actor(cast.ben), plan.id, ChangeInput(reason="Other", version=plan.version))
    standing = plan.objectives[0]
    given = objective(plan, serves_gaps=[] if "product-analytics" in standing.serves_gaps else ["product-analytics"])
    change_objective(session, cast.actor(cast.ben), plan.id, standing.id, given)
    session.commit()
    session.expire_all()
    assert len(before) == 1
    assert get_impact(session, dee, second()).plans == before
