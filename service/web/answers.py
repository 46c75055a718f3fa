"""How the API's refusals look in the OpenAPI description: one schema of problem+json for every route (RFC 9457)."""

from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict, Field

from service.errors import NextrungError

TITLES = {error.status: error.title for error in NextrungError.__subclasses__()}


class ProblemPart(BaseModel):
    """One thing that is wrong, and where in the input."""

    pointer: str = Field(examples=["/due_on"], description="JSON pointer into the input; empty for the whole of it.")
    detail: str = Field(examples=["This is needed."])
    id: str | None = Field(default=None, examples=["O1"], description="The check that says so, where it has a name.")


class ProblemAnswer(BaseModel):
    """What went wrong, in plain words."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["about:blank"])
    title: str = Field(examples=["That is not quite ready"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["Some fields need another look."])
    errors: list[ProblemPart] | None = None
    current: Any = Field(default=None, description="With 412: what stands now.")


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that may answer with these error statuses."""
    return {status: {"model": ProblemAnswer, "description": TITLES[status]} for status in statuses}


def describe_refusals(app: FastAPI) -> None:
    """Let the description name the media type that refusals really have."""

    def describe() -> dict[str, Any]:
        schema = FastAPI.openapi(app)
        for operation in (operation for path in schema["paths"].values() for operation in path.values()):
            for status, response in operation["responses"].items():
                if status[0] in "45" and "application/json" in response.get("content", {}):
                    response["content"] = {"application/problem+json": response["content"]["application/json"]}
        return schema

    app.openapi = describe  # type: ignore[method-assign]
