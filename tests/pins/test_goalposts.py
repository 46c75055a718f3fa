"""What began on a version is byte for byte the same after newer ones are published, and after its own is retired."""

import pytest

from service.gaps.queries import get_report
from service.jobs.actions import run_all
from service.ladders import canonical
from service.ladders.writing import to_texts
from service.plans.actions import start_promotion_plan
from service.plans.inputs import PromotionPlanInput
from service.worker import make_tasks
from tests.factories import agree_all, confirm, open_cycle, reveal
from tests.gaps.test_as_of import day
from tests.ladderdrafts.drafting import add_hr
from tests.pins.versions import original, second, third
from tests.plans import drafts


@pytest.fixture
def plan(session, cast):
    """Ben's review on 2026.1, revealed on day 3 and confirmed on day 5, and the plan that grew out of it, agreed on day 6."""
    with day(1):
        open_cycle(session, cast)
    with day(3):
        review = reveal(session, cast, cast.ben, self_="middle", manager="junior")
        agree_all(session, cast, review)
    with day(5):
        confirm(session, cast, review, cast.ben, cast.ann)
        session.commit()
    with day(6):
        ben = cast.actor(cast.ben)
        gaps = get_report(session, ben, review.id).gaps
        given = PromotionPlanInput(start_on=drafts.START, chosen=[gap.skill.id for gap in gaps[:2]])
        plan = start_promotion_plan(session, ben, review.id, given)
        row = drafts.add_objective(session, ben, plan.id, drafts.objective(plan))
        drafts.add_key_result(session, ben, plan.id, row.id, drafts.key_result(plan))
        return drafts.agree(session, cast, plan)


def publish(writer, second_person, ladder):
    """Through the doors: one of HR writes the draft and asks for its review, another publishes it."""
    ladder_yaml, _ = to_texts(ladder, None)
    begun = writer.post("/api/v1/drafts", json={"ladder_yaml": ladder_yaml})
    here, seen = begun.headers["location"], {"if-match": begun.headers["etag"]}
    assert writer.post(f"{here}/review", headers=seen).status_code == 200
    assert second_person.post(f"{here}/publication", headers=seen).status_code == 200


@pytest.fixture
def read(session, cast, sign_in, plan, monkeypatch):
    """`read()` is address → the bytes that Ben and Ann get there, with everything read anew."""
    review, own = f"/reviews/{plan.review_id}", f"/plans/{plan.id}"
    addresses = [
        f"/api/v1{review}/gaps", f"{review}/gaps", f"/api/v1{review}/gaps?as_of=2026-09-04", f"{review}/gaps?as_of=2026-09-08",
        f"{review}/agreement", f"/api/v1{own}", own, f"/api/v1{own}/revisions/1", f"{own}/revisions/1",
    ]  # fmt: skip
    readers = {name: sign_in(cast.everybody[name]) for name in ("ben", "ann")}

    def get(name, address):
        answer = readers[name].get(address)
        assert (name, address, answer.status_code) == (name, address, 200)
        return answer.content

    def read():
        monkeypatch.setattr(canonical, "_remembered", {})
        session.expire_all()
        return {(name, address): get(name, address) for name in readers for address in addresses}

    return read


@pytest.fixture
def print_anew(session, cast, sign_in, database, settings, plan):
    """`print_anew()` is the PDF of the plan, made once more."""
    ben, here = sign_in(cast.ben), f"/plans/{plan.id}/revisions/1"

    def print_anew():
        for kept in settings.documents.glob("*.pdf"):
            kept.unlink()
        assert ben.post(f"{here}/document").status_code == 303
        session.commit()
        run_all(database, make_tasks(settings))
        pdf = ben.get(f"{here}.pdf")
        assert (pdf.status_code, pdf.content[:5]) == (200, b"%PDF-")
        return pdf.content

    return print_anew


def test_gaps_and_pdf_are_the_same_bytes_under_newer_versions(cast, session, sign_in, read, print_anew):
    """It makes two PDFs, which takes some seconds."""
    with day(70):
        dee, hal = sign_in(cast.dee), sign_in(add_hr(session, cast))
        pdf, before = print_anew(), read()
        for ladder in (second(), third()):
            publish(dee, hal, ladder)
            assert changed(before, read()) == []
        for version in ("2026.1", "2026.2"):
            retired = dee.post(f"/api/v1/ladders/{original().id}/{version}/retirement")
            assert retired.json()["status"] == "retired"
        assert changed(before, read()) == []
        assert print_anew() == pdf


def changed(before, after):
    """The addresses whose bytes are others. Nothing is taken out beforehand: none of these pages names a newer version."""
    assert before.keys() == after.keys()
    return [key for key in before if before[key] != after[key]]
