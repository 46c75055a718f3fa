"""What the form of check-ins sends and shows: the fields of many key results, each named {key result id}/{field}."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from starlette.datastructures import FormData

from service import clock
from service.checkins.inputs import CheckInInput
from service.checkins.views import KeyResultProgress, PlanProgress
from service.errors import Invalid, NextrungError, PartlySaved, Problem
from service.web.again import Refused
from service.web.forms import parse

FIELDS = ("value", "confidence", "note")
CONFIDENCES = (
    ("", "Choose"), ("0", "0 – not at all"), ("1", "1"), ("2", "2"), ("3", "3"), ("4", "4"), ("5", "5 – even odds"),
    ("6", "6"), ("7", "7"), ("8", "8"), ("9", "9"), ("10", "10 – as good as reached"),
)  # fmt: skip
MISSING = {
    "/value": "Give the number as it stands, also where it has not moved.",
    "/confidence": "Choose from 0 to 10: how sure are you that it is reached in time?",
}

Values = dict[UUID, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Day:
    """The form of one day: `values` are what stands for it, or what was typed."""

    on: str
    values: Values


def day_of(form: FormData) -> date:
    """The day that the form is about, today where it names none. Raises: Invalid."""
    text = str(form.get("on", ""))
    try:
        return date.fromisoformat(text) if text else clock.today()
    except ValueError as error:
        raise Invalid("Some fields need another look.", [Problem("/on", "Write the date as 2026-11-21.")]) from error


def typed(
    form: FormData, progress: PlanProgress, on: date
) -> tuple[dict[UUID, CheckInInput], dict[UUID, NextrungError]]:
    """By key result, what the form says that does not stand already, and what cannot be read of it.

    What the writer saw belongs to the day that the form was opened for: for another one they saw nothing.
    """
    given: dict[UUID, CheckInInput] = {}
    unread: dict[UUID, NextrungError] = {}
    saw_it = form.get("seen_on") == on.isoformat()
    for key_result in progress.key_results.values():
        fields = [(name, form.get(f"{key_result.id}/{name}", "")) for name in FIELDS]
        if not any(text for _, text in fields) or (saw_it and _stands(key_result, on, fields)):
            continue
        seen = form.get(f"{key_result.id}/version", "") if saw_it else ""
        try:
            given[key_result.id] = parse(CheckInInput, FormData([*fields, ("version", seen)]))
        except Invalid as error:
            in_words = [replace(found, detail=_in_words(found, fields)) for found in error.problems]
            unread[key_result.id] = Invalid(error.detail, in_words)
    return given, unread


def partly_saved(progress: PlanProgress, refused: dict[UUID, NextrungError], *, saved: int) -> PartlySaved:
    """What the form says of the check-ins that were not saved."""
    count = "One check-in needs" if len(refused) == 1 else f"{len(refused)} check-ins need"
    rest = " The others are saved." if saved else ""
    problems = []
    for id_ in progress.key_results:
        if (error := refused.get(id_)) is not None:
            found = error.problems or (Problem("/value", error.detail),)
            problems += [replace(problem, pointer=f"/{id_}{problem.pointer}") for problem in found]
    return PartlySaved(f"{count} another look.{rest}", problems)


def shown(progress: PlanProgress, again: Refused | None, asked: date | None) -> Day:
    """The form for the day that is asked for, as it stands, with what was typed and not saved in its place."""
    text = str(again.typed.get("on", "")) if again else ""
    try:
        on = date.fromisoformat(text) if text else asked or clock.today()
    except ValueError:
        on = clock.today()
    values = {id_: _values(key_result, on) for id_, key_result in progress.key_results.items()}
    if again:
        for id_ in values:
            if not _was_saved(again.problem, id_):
                values[id_] |= {name: str(again.typed.get(f"{id_}/{name}", "")) for name in FIELDS}
    return Day(text or on.isoformat(), values)


def _values(key_result: KeyResultProgress, on: date) -> dict[str, Any]:
    stands = key_result.on(on)
    if stands is None:
        return {"value": "", "confidence": "", "note": "", "version": 0, "stands": None}
    same = {name: getattr(stands, name) for name in (*FIELDS, "version")}
    return same | {"stands": stands}


def _was_saved(problem: NextrungError, id_: UUID) -> bool:
    return isinstance(problem, PartlySaved) and not any(
        found.pointer.startswith(f"/{id_}") for found in problem.problems
    )


def _stands(key_result: KeyResultProgress, on: date, fields: list[tuple[str, Any]]) -> bool:
    """Whether the form repeats what stands for that day."""
    stands = key_result.on(on)
    return stands is not None and {name: str(getattr(stands, name)) for name in FIELDS} == {
        name: str(text).replace("\r\n", "\n").strip() for name, text in fields
    }


def _in_words(problem: Problem, fields: list[tuple[str, Any]]) -> str:
    missing = not dict(fields).get(problem.pointer[1:])
    return MISSING.get(problem.pointer, problem.detail) if missing else problem.detail
