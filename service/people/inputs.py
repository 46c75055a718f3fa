"""What a caller may send about people."""

from dataclasses import dataclass
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from service.people.files import MOST_BYTES

EXAMPLE = (
    "employee id,name,e-mail,manager's id,org unit,ladder,level,start date\n"
    "E-1,Ann Berg,ann@example.org,,Company / Product,product-manager,lead,2024-01-08\n"
    "E-2,Ben Ito,ben@example.org,E-1,Company / Product,product-manager,middle,2026-03-02\n"
)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a list of people may be narrowed to: part of a name, address or employee id, an org unit with those below, a ladder
    and a level by id."""

    q: str = ""
    unit: UUID | None = None
    ladder: str = ""
    level: str = ""

    @property
    def query(self) -> dict[str, str]:
        """The same as parameters of an address, those at rest left out."""
        given = {"q": self.q, "unit": str(self.unit or ""), "ladder": self.ladder, "level": self.level}
        return {name: value for name, value in given.items() if value}


class PeopleFile(BaseModel):
    """A CSV file as text. Its first row names the columns; comma, semicolon or tab separates."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [{"csv": EXAMPLE}]})

    csv: str = Field(max_length=MOST_BYTES)
