"""What people really write as objectives and key results, good and bad, in two languages, and what the checks make of it."""

import pytest

from service.objectives.wording import figure_in, languages, task_in

RESULTS = """
New users reach their first report without help
Customers trust the numbers they see
Build trust with the sales team
Developing confidence in our forecasts
Report readers find what they came for
Reports reach the board on the day they are due
Release quality is something we are proud of
Research findings change what we build
Review comments are kind and come the same day
Test runs tell the truth
Support is calm on Mondays again
Teams decide with evidence instead of opinions
B2B customers renew without being asked
Our Q3 bets are understood by everybody
ISO 27001 audits hold no surprises
The 2027 roadmap has the backing of all leads
Engineers and designers share one picture of the user
Share of users with a report in week one
Visits that end in a booking
Hold times on the phone no longer annoy people
To be the team that others ask for advice
Launches no longer wake anybody up
Work in progress stays small
Work that serves no goal is stopped
Fewer releases come back
Median days from idea to first user
Nutzer können ihre Berichte selbst erstellen
Neue Kolleginnen finden sich ohne Hilfe zurecht
Das Vertrauen in unsere Prognosen wächst
Kunden empfehlen uns weiter
Anteil der Anfragen, die am selben Tag gelöst werden
""".strip().splitlines()

TASKS = """
Launch the new onboarding
Write a strategy paper
Hold weekly demos
Attend a negotiation course
We will migrate the billing service
To publish the roadmap
Interview ten users
Interview 10 users
Release the new editor
Releasing a new editor
Review all open tickets
Build a dashboard for sales
Create personas
Run an A/B test of the price page
Test three prices
Research the market for tablets
Prepare and present the quarterly report
Organise a hackathon
Set up tracking
Draft our vision with the founders
Please update the wiki
Plan the offsite
Implement OKRs
Roll out single sign-on
Meet each stakeholder monthly
Workshop mit dem Vertrieb durchführen
Die Roadmap bis März erstellen
Wir werden die neue Suche einführen
Besuche eine Konferenz
Nutzerinterviews planen, führen und auswerten.
""".strip().splitlines()


@pytest.mark.parametrize("text", RESULTS)
def test_a_result_is_not_taken_for_a_task(text: str) -> None:
    assert task_in(text) is None


@pytest.mark.parametrize("text", TASKS)
def test_a_task_is_recognised_and_named_as_written(text: str) -> None:
    verb = task_in(text)
    assert verb is not None
    assert verb in text


def test_there_are_at_least_sixty_of_them() -> None:
    assert len({*RESULTS, *TASKS}) >= 60


@pytest.mark.parametrize("text", RESULTS)
def test_names_and_years_are_no_figures(text: str) -> None:
    assert figure_in(text) is None


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("Raise activation to 40 % by 2027", "40 %"),
        ("Win €2M from new customers", "€2M"),
        ("Serve 1,000 teams", "1,000"),
        ("Uptime of 99.9%", "99.9%"),
        ("An NPS of 40", "40"),
        ("Feel at home within 30 days", "30"),
        ("Umsatz um 12,5 Prozent steigern", "12,5"),
        ("Double the number of weekly users", "double"),
        ("Half of all users stay, twenty percent pay", "percent"),
        ("Kosten halbieren", "halbieren"),
        ("١٢ عميلا جديدا", "١٢"),
    ],
)
def test_figures_are_found_as_written(text: str, figure: str) -> None:
    assert figure_in(text) == figure


@pytest.mark.parametrize(
    "text", ["", " ", "…", "2026", "GPT-4 answers are checked", "v2 is loved", "WCAG 2.2 holds everywhere", "😀"]
)
def test_odd_texts_hold_neither(text: str) -> None:
    assert (task_in(text), figure_in(text)) == (None, None)


def test_two_languages_come_with_it() -> None:
    assert [found.language for found in languages()] == ["Deutsch", "English"]
    assert all(found.nouns <= found.opens for found in languages())
