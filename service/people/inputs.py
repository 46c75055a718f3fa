"""What a caller may send about people."""

from pydantic import BaseModel, ConfigDict, Field

from service.people.files import MOST_BYTES

EXAMPLE = (
    "employee id,name,e-mail,manager's id,org unit,ladder,level,start date\n"
    "E-1,Ann Berg,ann@example.org,,Company / Product,product-manager,lead,2024-01-08\n"
    "E-2,Ben Ito,ben@example.org,E-1,Company / Product,product-manager,middle,2026-03-02\n"
)


class PeopleFile(BaseModel):
    """A CSV file as text. Its first row names the columns; comma, semicolon or tab separates."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [{"csv": EXAMPLE}]})

    csv: str = Field(max_length=MOST_BYTES)
