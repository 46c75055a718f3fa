"""The main job from a company's first day to the printed plan, its weeks, its end, and what it shows in the next review."""

import re
from datetime import timedelta

import pytest

from service.clock import today
from service.demo.people import PASSWORD
from tests.e2e import steps
from tests.e2e.conftest import HR, NewVisit
from tests.e2e.server import Server

MANAGER, PERSON, NEW = "mustafa@weir.example", "pauline@weir.example", "nora@weir.example"
WEEKS = ["37", "31", "22.5", "14"]
PEOPLE = f"""employee id,name,e-mail,manager's id,org unit,ladder,level,start date
W-2,Mustafa Nagib,{MANAGER},W-1,Weir / Product,product-manager,lead,2020-05-04
W-7,Pauline Aubert-Stone,{PERSON},W-2,Weir / Product,technical-product-manager,middle,2023-09-04
W-8,Nora Lunde,{NEW},,Weir / Product,product-manager,junior,2026-09-07
"""


@pytest.mark.parametrize(
    ("width", "theme", "scripts"),
    [
        pytest.param(1280, "light", True, id="desktop"),
        pytest.param(360, "dark", False, id="phone-dark-without-scripts"),
        pytest.param(360, "light", True, id="phone", marks=pytest.mark.long),
        pytest.param(1280, "dark", False, id="desktop-dark-without-scripts", marks=pytest.mark.long),
    ],
)
def test_from_an_import_to_the_evidence_of_a_closed_plan(
    weir: Server, new_visit: NewVisit, width: int, theme: str, scripts: bool
) -> None:
    weeks = [today() + timedelta(days=7 * week) for week in range(5)]
    day, due = weeks[0].isoformat(), (weeks[0] + timedelta(days=30)).isoformat()
    hr, person, manager = (new_visit(weir, width=width, theme=theme, scripts=scripts).page for _ in range(3))

    steps.sign_in(hr, HR)
    steps.import_people(hr, PEOPLE, 3)
    for email in (MANAGER, PERSON):
        weir.command("people", "password", email, "--password-stdin", typed=f"{PASSWORD}\n")
    steps.open_cycle(hr, "Winter", day)
    steps.name_assessor(hr, "Nora Lunde", MANAGER)

    steps.sign_in(person, PERSON)
    steps.read_ladder(person, "Technical Product Manager", "Product analytics")
    assert steps.rate_all(person, "Rate yourself", ["Middle", "Senior", "Middle"]) == 27
    steps.add_evidence(
        person, "Product analytics", "The funnel that found the lost orders", day, "https://weir.example/1"
    )
    steps.submit(person)

    steps.sign_in(manager, MANAGER)
    assert steps.rate_all(manager, "Pauline", ["Middle", "Middle", "Senior"]) == 27
    steps.submit(manager)

    steps.agree_on_ratings(manager, "Pauline")
    steps.confirm(manager, "A good talk.")
    steps.take_up(person, "confirm")
    steps.confirm(person, "")

    skill = steps.plan_first_gap(person)
    steps.write_objective(person, "Releases stay where they are put", due)
    for words in ("Fewer releases come back", "Fewer alarms at night", "Fewer repairs by hand"):
        steps.add_key_result(person, words, due)
    steps.agree_on_plan(person)
    steps.take_up(manager, "growth plan")
    steps.agree_on_plan(manager)

    steps.go(hr, "Plans")
    assert steps.download_pdf(hr, re.compile("Revision 1")).startswith(b"%PDF-")

    for week, share in enumerate(WEEKS, start=1):
        weir.move_clock(7 * week)
        steps.sign_in(person, PERSON)
        steps.check_in(person, [share, "20", "15"], f"Week {week}: two of them came back from the same place.")
    assert steps.read_values(person) == [
        f"{share} on {on:%-d %b %Y}" for share, on in zip(WEEKS, weeks[1:], strict=True)
    ]

    steps.change_plan(
        person,
        "The launch moved.",
        "Releases stay where they are put",
        "Releases and their data stay where they are put",
    )
    steps.sign_in(manager, MANAGER)
    steps.agree_to_change(manager)
    steps.sign_in(hr, HR)
    steps.go(hr, "Plans")
    assert steps.download_pdf(hr, re.compile("Revision 2")).startswith(b"%PDF-")
    steps.close_plan(person, ["12", "10", "8"], "Ask the people who release.")

    steps.close_cycle(hr, "Winter")
    steps.open_cycle(hr, "Spring", weeks[-1].isoformat())
    steps.take_offered_evidence(person, skill)
