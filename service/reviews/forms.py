"""What the forms of ratings send: one radio group is an answer or a rung, and a list holds the fields of many skills."""

from dataclasses import replace

from starlette.datastructures import FormData

from service.errors import Invalid, NextrungError, PartlySaved, Problem
from service.reviews.inputs import AgreedInput, EvidenceInput, RatingInput
from service.reviews.rules import Answer
from service.reviews.views import AssessmentView, RatingView
from service.web.again import Refused
from service.web.forms import Input, parse

OTHER_ANSWERS = (
    (Answer.NONE, "Before the first rung"),
    (Answer.NOT_ASSESSED, "Not assessed"),
    (Answer.NOT_APPLICABLE, "Does not apply"),
)
CHOOSE = "Choose an answer: a rung, Before the first rung, Not assessed, or Does not apply."


def answer_fields(form: FormData, words: str, prefix: str = "") -> FormData:
    """The fields of one answer, its radio group split into `answer` and `rung`; `words` names its text, comment or note."""
    answer = str(form.get(f"{prefix}answer", ""))
    names = ["version", "reason", words]
    if answer not in (Answer.NOT_ASSESSED, Answer.NOT_APPLICABLE):
        names.append("toward_next")  # the box may still be ticked from a rung chosen before
    fields = [(name, form[prefix + name]) for name in names if prefix + name in form]
    if answer in list(Answer):
        fields.append(("answer", answer))
    elif answer:
        fields += [("answer", Answer.RUNG.value), ("rung", answer)]
    return FormData(fields)


def typed_rating(form: FormData, prefix: str = "") -> RatingInput:
    """Raises: Invalid."""
    return _answer(RatingInput, answer_fields(form, "comment", prefix))


def typed_agreed(form: FormData) -> AgreedInput:
    """Raises: Invalid."""
    return _answer(AgreedInput, answer_fields(form, "note"))


def typed_evidence(form: FormData) -> EvidenceInput:
    """Raises: Invalid."""
    return parse(EvidenceInput, FormData([(name, form.get(name, "")) for name in EvidenceInput.model_fields]))


def typed_sheet(form: FormData, assessment: AssessmentView) -> tuple[dict[str, RatingInput], dict[str, NextrungError]]:
    """By skill id, what a list says that does not stand already, and what cannot be read of it."""
    given: dict[str, RatingInput] = {}
    unread: dict[str, NextrungError] = {}
    for item in assessment.items:
        prefix = f"{item.skill.id}/"
        if not any(form.get(prefix + name) for name in ("answer", "toward_next", "reason", "comment")):
            continue
        try:
            rating = typed_rating(form, prefix)
        except Invalid as error:
            unread[item.skill.id] = error
        else:
            if says_more(rating, item.rating):
                given[item.skill.id] = rating
    return given, unread


def not_saved(again: Refused | None, assessment: AssessmentView) -> dict[str, dict[str, str]]:
    """Skill id → what was typed in a list and could not be saved; its fields are named {skill id}/{field}."""
    if again is None:
        return {}
    skills = [item.skill.id for item in assessment.items]
    if isinstance(again.problem, PartlySaved):
        named = {problem.pointer.split("/")[1] for problem in again.problem.problems}
        skills = [skill for skill in skills if skill in named]
    typed: dict[str, dict[str, str]] = {skill: {} for skill in skills}
    for name, value in again.typed.items():
        skill, _, field = name.partition("/")
        if skill in typed:
            typed[skill][field] = str(value)
    return typed


def says_more(given: RatingInput, stands: RatingView) -> bool:
    """Whether saving `given` would change anything."""
    names = ("answer", "rung", "toward_next", "reason", "comment")
    return any(getattr(given, name) != getattr(stands, name) for name in names)


def _answer(model: type[Input], fields: FormData) -> Input:
    try:
        return parse(model, fields)
    except Invalid as error:
        raise Invalid(error.detail, [*map(_in_words, error.problems)]) from error


def _in_words(problem: Problem) -> Problem:
    missing = problem.pointer == "/answer"
    return replace(problem, detail=CHOOSE) if missing else problem
