"""What a caller may send about a file of another format; the same for form and JSON."""

import base64
import binascii
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from service.formats.rules import MOST_BYTES, Given


def _check_base64(text: str) -> str:
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("Write the bytes of the file as base64.") from error
    return text


class ImportFields(BaseModel):
    """The answers to what a file leaves open; each has a guess where it is left out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ladder: str = Field(default="", max_length=80)
    version: str = Field(default="", max_length=40)
    title: str = Field(default="", max_length=200)
    family: str = Field(default="", max_length=80)
    dated: str = Field(default="", max_length=10)
    supersedes: str = Field(default="", max_length=40)
    requirement: Literal["", "must", "should", "may"] = ""
    encoding: Literal["", "cp1252"] = ""


class ImportFile(ImportFields):
    """A file with what is said about it."""

    name: str = Field(min_length=1, max_length=200, description="With its ending: ladder.xlsx.")
    content: Annotated[str, AfterValidator(_check_base64)] = Field(
        max_length=MOST_BYTES * 4 // 3 + 4, description="The bytes of the file as base64."
    )
    format: str = Field(default="", max_length=20, description="Its name; left out, it is seen from the content.")
    mapping: dict[str, Any] | None = Field(default=None, description="How it is read, as a preview gave it, corrected.")

    @property
    def given(self) -> Given:
        fields = {name: getattr(self, name).strip() for name in ImportFields.model_fields}
        return Given({name: value for name, value in fields.items() if value}, self.mapping)

    @property
    def bytes(self) -> bytes:
        return base64.b64decode(self.content)
