"""The frame around every page, and the files it asks for."""

import re
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi import FastAPI
from sqlalchemy.orm import Session

from reports.charts import COLOURS
from service.errors import Invalid, Problem, Stale
from service.permissions import NOBODY, Actor, Role
from service.web.fonts import Fonts
from service.web.pages import FOLDER, environment
from tests.browser import Browser
from tests.cast import Cast
from tests.conftest import SignIn
from tests.factories import open_cycle, review_of

STYLE = (Path(FOLDER).parent / "static" / "style.css").read_text()
ANN = Actor(person_id=uuid4(), name="Ann")


def render(source: str, actor: Actor = ANN, path: str = "/", **context: object) -> str:
    """A page of `source` as blocks of base.html."""
    words = '{% extends "base.html" %}{% import "macros.html" as ui %}{% import "charts.html" as charts %}'
    return environment.from_string(words + source).render(
        {"problem": None, "actor": actor, "path": path, "flash": ""} | context
    )


def places(html: str) -> list[str]:
    return re.findall(r'<li><a href="([^"]+)"', html)


@pytest.mark.parametrize("name", sorted(set(re.findall(r"url\(fonts/([^)]+)\)", STYLE))))
def test_each_font_of_the_style_sheet_is_served(name: str) -> None:
    app = FastAPI()
    app.mount("/static/fonts", Fonts())

    answer = Browser(app).get(f"/static/fonts/{name}")

    assert (answer.status_code, answer.headers["content-type"]) == (200, "font/ttf")


def test_nothing_but_fonts_is_served_from_their_folders() -> None:
    app = FastAPI()
    app.mount("/static/fonts", Fonts())

    assert Browser(app).get("/static/fonts/build_signs.py").status_code == 404


def test_nobody_sees_no_places() -> None:
    assert places(render("", NOBODY)) == []


@pytest.mark.parametrize(
    ("actor", "expected"),
    [
        (ANN, ["/", "/reviews", "/plans", "/objectives", "/ladders", "/account", "/audit/own"]),
        (
            Actor(person_id=uuid4(), has_reports=True),
            [
                "/",
                "/reviews",
                "/plans",
                "/objectives",
                "/ladders",
                "/team",
                "/people",
                "/cycles",
                "/account",
                "/audit/own",
            ],
        ),
        (
            Actor(person_id=uuid4(), roles=frozenset({Role.AUDITOR})),
            ["/", "/reviews", "/plans", "/ladders", "/account", "/audit", "/audit/own"],
        ),
    ],
    ids=["person", "manager", "auditor"],
)
def test_the_places_are_those_one_may_go_to(actor: Actor, expected: list[str]) -> None:
    assert places(render("", actor)) == expected


@pytest.mark.parametrize(("path", "current"), [("/", "/"), ("/reviews/7", "/reviews"), ("/reviewers", None)])
def test_the_current_place_is_marked(path: str, current: str | None) -> None:
    marked = re.findall(r'href="([^"]+)" aria-current', render("", path=path))

    assert marked == ([current] if current else [])


AUDITOR = Actor(person_id=uuid4(), name="Una", roles=frozenset({Role.AUDITOR}))


@pytest.mark.parametrize(
    ("path", "current"), [("/audit", "/audit"), ("/audit/own", "/audit/own"), ("/audit/verification", "/audit")]
)
def test_the_log_and_what_is_about_oneself_are_two_places(path: str, current: str) -> None:
    assert re.findall(r'href="([^"]+)" aria-current', render("", AUDITOR, path)) == [current]


def test_a_page_that_does_not_exist_keeps_the_frame(cast: Cast, sign_in: SignIn) -> None:
    ben = sign_in(cast.ben)
    missing = ben.get("/nonsense")
    assert missing.status_code == 404
    assert places(missing.text) == places(ben.get("/").text)
    assert "There is no such page." in missing.text
    assert places(sign_in(None).get("/nonsense").text) == []


def test_what_one_may_not_see_answers_as_what_does_not_exist(session: Session, cast: Cast, sign_in: SignIn) -> None:
    open_cycle(session, cast)
    eli = sign_in(cast.eli)
    hidden, none = (eli.get(f"/reviews/{id_}") for id_ in (review_of(session, cast.ben).id, uuid4()))
    assert hidden.status_code == 404
    assert (hidden.status_code, hidden.content, hidden.headers) == (none.status_code, none.content, none.headers)
    assert "There is nothing here that you can see." in hidden.text


def test_title_is_text_in_the_tab_and_escaped_once() -> None:
    html = render("{% block title %}Review of <bdi>{{ name }}</bdi>{% endblock %}", name="Tom & <b>")

    assert "<title>Review of Tom &amp; &lt;b&gt; · Nextrung</title>" in html
    assert "<h1>Review of <bdi>Tom &amp; &lt;b&gt;</bdi></h1>" in html


def test_an_error_is_tied_to_its_field_and_linked_from_the_summary() -> None:
    problem = Invalid("Some fields need another look.", [Problem("/due_on", "This is needed.")])
    source = '{{ ui.field("due_on", "Due", problem=problem) }}'

    html = render("{% block content %}" + source + "{% endblock %}", problem=problem)

    assert '<a href="#due_on">Due</a>: This is needed.' in html
    assert 'id="due_on" name="due_on" aria-describedby="due_on-error" aria-invalid="true"' in html


def test_a_dumbbell_takes_the_colours_of_the_theme() -> None:
    html = render('{% block content %}{{ charts.dumbbell(["Junior", "Senior"], 1, 1, none, 0, "OKRs") }}{% endblock %}')

    assert "<title>OKRs: self Senior; manager Senior; target Junior</title>" in html
    assert set(re.findall(r'(?:fill|stroke)="(var\([^"]*\)|#[^"]*)"', html)) == {
        "var(--ink)", "var(--paper)", "var(--edge)", "var(--accent)"
    }  # fmt: skip
    assert all(f"  --{name}: " in STYLE for name in COLOURS)


AXES = [{"title": f"Category {number}", "self": 1, "manager": 2, "target": 3} for number in range(10)]


@pytest.mark.parametrize(("count", "pictures"), [(0, 0), (4, 0), (5, 1), (9, 1), (10, 0)])
def test_a_radar_is_left_out_where_it_would_mislead_but_not_its_numbers(count: int, pictures: int) -> None:
    html = render("{% block content %}{{ charts.radar(axes) }}{% endblock %}", axes=AXES[:count])

    assert html.count('class="chart radar"') == pictures
    assert html.count('<th scope="row">Category ') == count
    assert html.count("<details>") == pictures


def test_a_staircase_stands_beside_its_numbers() -> None:
    levels = [
        {"title": "Junior", "state": "attained", "open_musts": 0},
        {"title": "Senior", "state": "next", "open_musts": 2},
    ]
    html = render("{% block content %}{{ charts.staircase(levels) }}{% endblock %}", levels=levels)

    assert "<title>Staircase of levels: Junior attained, Senior next, 2 must-haves open.</title>" in html
    assert '<th scope="row">Senior</th><td>next</td><td class="figure">2</td>' in html


def test_a_stale_form_hears_what_stands_now() -> None:
    error = Stale("Ben saved this in between.", {"title": "Decisions <stand>"})
    html = environment.get_template("problem.html").render(
        actor=ANN, path="/plans/1", flash="", title=error.title, error=error, problem=None
    )

    assert "Decisions &lt;stand&gt;" in html


def test_the_summary_speaks_the_label_of_any_kind_of_field_and_of_none() -> None:
    problems = [Problem("/scope", "Choose."), Problem("/note", "Say it."), Problem("/key_results/0/due", "Later.")]
    problem = Invalid("Some fields need another look.", problems)
    fields = '{{ ui.radios("scope", "It may", [("read", "read")], problem=problem) }}'
    fields += '{{ ui.area("note", "Why <em>now</em>", problem=problem, of="Talk") }}'

    html = render("{% block content %}" + fields + "{% endblock %}", problem=problem)

    named = re.findall(r'<a href="#([^"]+)">([^<]*)</a>: ', html)
    assert named == [
        ("scope", "It may"), ("note", "Talk: Why &lt;em&gt;now&lt;/em&gt;"), ("key_results/0/due", "Key results 1, due"),
    ]  # fmt: skip
