"""What a caller may send to sign in and to look after their account."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from service.permissions import Scope


def _one_line(text: str) -> str:
    if not text.isprintable() or not text.strip():
        raise ValueError("Write one line of text.")
    return text.strip()


class SignIn(BaseModel):
    """Any text is a try; whether it fits is for the action to say."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    email: Annotated[str, AfterValidator(_one_line)] = Field(min_length=1, max_length=254)
    password: str = Field(min_length=1, max_length=200)
    next: str = Field(default="/", max_length=2000)


class PasswordChange(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    current: str = Field(min_length=1, max_length=200)
    password: str = Field(min_length=1, max_length=1000)
    repeated: str = Field(min_length=1, max_length=1000)


class TokenRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={"examples": [{"name": "Nightly report", "scope": "read", "days": 30}]},
    )

    name: Annotated[str, AfterValidator(_one_line)] = Field(
        min_length=1, max_length=100, description="What the token is for."
    )
    scope: Scope = Field(description="`read`, or `write` for what you yourself may write.")
    days: int = Field(ge=1, le=90, description="How long it holds.")
