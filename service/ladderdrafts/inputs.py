"""What may be sent about a draft; the text of its files is `LadderTexts` of the ladders."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, EmailStr, Field, StringConstraints

from service.ladderdrafts.rules import is_place
from service.ladders.inputs import Id
from service.ladders.yamltext import UNPRINTABLE


def _check_place(text: str) -> str:
    if not is_place(_check_text(text)):
        raise ValueError(
            "Name a place as levels/ID, skills/ID or skills/ID/LEVEL, or leave it out for the whole draft."
        )
    return text


def _check_text(text: str) -> str:
    text = text.replace("\r\n", "\n")
    if UNPRINTABLE.search(text):
        raise ValueError("There is a control character in it. Take it out.")
    return text


Said = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000), AfterValidator(_check_text)
]


class Input(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CommentInput(Input):
    place: Annotated[str, AfterValidator(_check_place)] = Field(
        default="", max_length=200, description="`levels/ID`, `skills/ID`, `skills/ID/LEVEL`; empty for the whole.",
        examples=["skills/testing/junior"],
    )  # fmt: skip
    text: Said


class AnswerInput(Input):
    text: Said


class ReturnInput(Input):
    reason: Said = Field(
        max_length=1000, description="Why it goes back to draft; everybody who reads the draft reads it."
    )


class GuestInput(Input):
    email: EmailStr = Field(description="The address that the person signs in with.")


class NextInput(Input):
    of: Annotated[str, AfterValidator(_check_text)] = Field(
        max_length=130, description="The published version to go on from, as `ladder/version`."
    )


class FormerInput(Input):
    was: Id = Field(description="The id in the version before.")


class SeenInput(BaseModel):
    """The number of the saving that the sender saw, of a form that has other fields too."""

    model_config = ConfigDict(frozen=True)

    version: Annotated[int, Field(ge=0, le=1_000_000_000)] | None = None


class MoveInput(SeenInput):
    direction: Literal["up", "down"]
