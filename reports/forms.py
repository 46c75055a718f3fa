"""What a growth plan can be printed as."""

from enum import StrEnum
from typing import Literal

PageSize = Literal["A4", "Letter"]
Paper = Literal["a4", "letter"]


class Form(StrEnum):
    """The whole plan, or its summary on one page, on either paper."""

    A4 = "a4"
    LETTER = "letter"
    SUMMARY_A4 = "summary-a4"
    SUMMARY_LETTER = "summary-letter"

    @property
    def page(self) -> PageSize:
        return "Letter" if self.endswith("letter") else "A4"

    @property
    def is_summary(self) -> bool:
        return self.startswith("summary")


def form_of(paper: Paper, *, summary: bool = False) -> Form:
    return Form(f"summary-{paper}" if summary else paper)


DOCUMENTS = {"growth-plan": Form.A4} | {f"growth-plan-{form}": form for form in Form}
"""What the renderer is asked for, by name."""
