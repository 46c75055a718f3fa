"""HTML doors of the talk: compare both views, agree rating by rating, confirm."""

from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from service.errors import NotFound, Stale
from service.gaps import queries
from service.permissions import Permission
from service.reviews import actions
from service.reviews.forms import OTHER_ANSWERS, typed_agreed
from service.reviews.inputs import ConfirmationInput
from service.reviews.views import rating_words
from service.web.again import or_again, refused
from service.web.forms import AsOf, Form, parse
from service.web.pages import page, see_other
from service.web.routing import DbSession, Router, SignedIn

router = Router(pages=True)


@router.get("/reviews/{review_id}/agreement", permission=Permission.READ_AGREEMENT)
def show_agreement(
    request: Request, review_id: UUID, session: DbSession, actor: SignedIn, as_of: AsOf = None
) -> Response:
    """The sheet for the talk: it prints on two pages. As of a day it is to be read only."""
    talk = queries.get_talk(session, actor, review_id, as_of)
    return page(
        request,
        "reviews/agreement.html",
        talk=talk,
        why=talk.agreement.why,
        words=lambda rating: rating_words(talk.agreement.ladder, rating),
    )


@router.get("/reviews/{review_id}/agreement/{skill_id}", permission=Permission.AGREE_RATINGS)
def show_agreed(request: Request, review_id: UUID, skill_id: str, session: DbSession, actor: SignedIn) -> Response:
    """One skill to agree on, with what both said in view."""
    talk, again = queries.get_talk(session, actor, review_id), refused(request)
    places = {line.item.skill.id: place for place, line in enumerate(talk.lines)}
    if skill_id not in places or not talk.agreement.may_agree:
        raise NotFound
    place = places[skill_id]
    return page(
        request,
        "reviews/agreed.html",
        talk=talk,
        line=talk.lines[place],
        number=place + 1,
        before=talk.lines[place - 1].item.skill if place else None,
        after=talk.lines[place + 1].item.skill if place + 1 < len(talk.lines) else None,
        stands=again.problem.current if again and isinstance(again.problem, Stale) else None,
        others=OTHER_ANSWERS,
        words=lambda rating: rating_words(talk.agreement.ladder, rating),
    )


@router.post("/reviews/{review_id}/agreement/acceptance", permission=Permission.AGREE_RATINGS)
@or_again(show_agreement)
def create_acceptance(review_id: UUID, session: DbSession, actor: SignedIn) -> Response:
    """Agree at once where both said the same."""
    count = actions.accept_same(session, actor, review_id)
    return see_other(f"/reviews/{review_id}/agreement", flash=f"Agreed on {count} skills where both said the same.")


@router.post("/reviews/{review_id}/agreement/{skill_id}", permission=Permission.AGREE_RATINGS)
@or_again(show_agreed)
def save_agreed(review_id: UUID, skill_id: str, session: DbSession, actor: SignedIn, form: Form) -> Response:
    """Keep one agreed rating; with `then`, the next one that is open follows."""
    actions.save_agreed(session, actor, review_id, skill_id, typed_agreed(form))
    here = f"/reviews/{review_id}/agreement"
    if form.get("then") == "next":
        session.flush()
        following = queries.get_talk(session, actor, review_id).following(skill_id)
        flash = "Saved." if following else "Saved. Every skill has an agreed rating; now both sides confirm."
        return see_other(f"{here}/{following}" if following else f"{here}#confirm", flash=flash)
    return see_other(f"{here}#ratings/{skill_id}", flash="Agreed rating saved.")


@router.post("/reviews/{review_id}/confirmation", permission=Permission.CONFIRM_REVIEW)
@or_again(show_agreement)
def create_confirmation(review_id: UUID, session: DbSession, actor: SignedIn, form: Form) -> Response:
    """One side's word that this is what came of the talk."""
    given = parse(ConfirmationInput, form)
    actions.confirm_review(session, actor, review_id, given.comment, given.version)
    return see_other(f"/reviews/{review_id}", flash="Confirmed.")
