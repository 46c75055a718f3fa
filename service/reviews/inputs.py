"""What a caller may send about cycles, reviews and ratings; the same shapes for forms and JSON."""

from datetime import date
from typing import Annotated, Literal, Self
from unicodedata import category
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from service.ladders.yamltext import UNPRINTABLE
from service.reviews.rules import Answer, EvidenceState, Rating, ShareRule

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
OptionalText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]


class Input(BaseModel):
    """Unknown fields are refused; characters that no database or PDF can hold are too."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*", mode="before")
    @classmethod
    def _storable(cls, value: object) -> object:
        return [_storable(item) for item in value] if isinstance(value, list) else _storable(value)


def _storable(value: object) -> object:
    if isinstance(value, str):
        value = value.replace("\r\n", "\n")
        if UNPRINTABLE.search(value) or not _encodes(value):
            raise ValueError("This text holds characters that cannot be stored; type it again without them.")
    return value


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    hidden = any(sign.isspace() or category(sign) in ("Cc", "Cf") for sign in text)
    return parts.scheme in ("https", "http") and bool(parts.hostname) and not hidden


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class CycleInput(Input):
    """A new cycle. People are taken by filter: `ladder`, `unit_id` (and the units below), or ids; empty means everybody."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Autumn 2026",
                    "starts_on": "2026-09-01",
                    "assess_by": "2026-10-01",
                    "share_by": "2026-10-15",
                    "ends_on": "2026-12-01",
                    "ladder": "product-manager",
                }
            ]
        }
    )

    name: Line
    starts_on: date
    assess_by: date
    share_by: date
    ends_on: date
    share_rule: ShareRule = ShareRule.AT_REVEAL
    ladder: str = Field(default="", max_length=80)
    unit_id: UUID | None = None
    person_ids: list[UUID] = Field(default_factory=list, max_length=10_000)

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        if not self.starts_on <= self.assess_by <= self.share_by <= self.ends_on:
            raise ValueError("The dates go in this order: start, assess by, share by, end.")
        return self


class RatingInput(Input):
    """One answer. `version` is the one the writer saw, 0 where there was none yet; the API takes it from If-Match."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"answer": "rung", "rung": "middle", "toward_next": True, "comment": "Since spring."}]
        }
    )

    answer: Answer
    rung: str | None = Field(default=None, max_length=80, examples=["middle"])
    toward_next: bool = False
    reason: OptionalText = ""
    comment: OptionalText = ""
    version: int | None = Field(default=None, ge=0)

    def rating(self) -> Rating:
        return Rating(self.answer, self.rung, self.toward_next, self.reason)


class SheetInput(Input):
    """Many answers of one assessment, by skill id."""

    ratings: dict[Annotated[str, StringConstraints(max_length=80)], RatingInput] = Field(min_length=1, max_length=200)


class AgreedInput(Input):
    """An agreed answer, with a note where it differs from either side. The API takes `version` from If-Match."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"answer": "rung", "rung": "middle", "note": "Two launches count for both of us."}]
        }
    )

    answer: Answer
    rung: str | None = Field(default=None, max_length=80)
    toward_next: bool = False
    reason: OptionalText = ""
    note: OptionalText = ""
    version: int | None = Field(default=None, ge=0)

    def rating(self) -> Rating:
        return Rating(self.answer, self.rung, self.toward_next, self.reason)


class EvidenceInput(Input):
    """A dated note, a link, or both."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"dated": "2026-06-12", "note": "Five interviews, summed up", "url": "https://wiki.example.org/42"}
            ]
        }
    )

    dated: date
    note: OptionalText = ""
    url: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = ""

    @field_validator("url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        """As it stands it becomes the target of a link that somebody else follows."""
        if value and not _is_web_address(value):
            raise ValueError("A link is a whole web address: https:// or http://, a host, no spaces.")
        return value


class EvidenceAnswer(Input):
    """The other side's word on a piece of evidence; `claimed` is how it begins, and no answer."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"state": "disputed", "answer": "That was the team, after you had moved on."}]}
    )

    state: Literal[EvidenceState.CONFIRMED, EvidenceState.DISPUTED]
    answer: OptionalText = ""


class ReasonInput(Input):
    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "I left out the second half of the year."}]})

    reason: Text


class ConfirmationInput(Input):
    """Confirming is not agreeing with every word: the comment stays beside it. `version` is that of the agreement one read;
    the API takes it from If-Match."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"comment": "I see the discovery part otherwise."}]})

    comment: OptionalText = ""
    version: int | None = Field(default=None, ge=0)


class AssessorInput(Input):
    model_config = ConfigDict(json_schema_extra={"examples": [{"assessor_id": "6f1d8d3e-8f0e-4f0b-9a53-0c2b0c0f6f10"}]})

    assessor_id: UUID


class AssessorEmail(Input):
    """The page's way of naming an assessor: nobody knows ids by heart."""

    email: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=254)]
