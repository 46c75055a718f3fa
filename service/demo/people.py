"""Who is at Larkfield: people.csv is the company in November; here is who signs in, and what was otherwise in spring."""

from pathlib import Path

from service.permissions import Role

PEOPLE = Path(__file__).with_name("people.csv")
PASSWORD = "rungs-and-ladders"  # noqa: S105  # printed for everybody to use
SIGN_INS = (
    ("mira@larkfield.example", "Mira, product manager: a self-assessment to finish, and last spring's growth plan"),
    ("tomasz@larkfield.example", "Tomasz, her manager: a team of six at different steps"),
    ("chiara@larkfield.example", "Chiara, lead and future calibration member (calibration comes later: today, a team)"),
    ("ngozi@larkfield.example", "Ngozi, who leads Product: Tomasz's manager, who signs his plan"),
    ("dina@larkfield.example", "Dina, HR: people, ladders, cycles"),
    ("jonas@larkfield.example", "Jonas, HR too: reads and publishes what Dina drafts"),
    ("priya@larkfield.example", "Priya, HR partner of Product"),
    ("owen@larkfield.example", "Owen, auditor: the record of who did what"),
)
ROLES = (
    ("dina", Role.HR, ""), ("jonas", Role.HR, ""), ("priya", Role.PARTNER, "Product"), ("owen", Role.AUDITOR, ""),
)  # fmt: skip
SPRING_LEVELS = {"L-115": "middle", "L-135": "middle", "L-163": "junior", "L-143": "junior"}
"""Who has climbed a rung between the two cycles."""


def list_people(*, spring: bool) -> str:
    """The company's file; in spring without those who joined later, and with the levels of then."""
    header, *rows = PEOPLE.read_text(encoding="utf-8").splitlines()
    if spring:
        rows = [row for row in rows if row.rpartition(",")[2] < "2026-03"]
        rows = [_with_level(row, SPRING_LEVELS.get(row.partition(",")[0], "")) for row in rows]
    return "\n".join([header, *rows])


def _with_level(row: str, level: str) -> str:
    cells = row.split(",")
    return ",".join([*cells[:6], level or cells[6], *cells[7:]])
