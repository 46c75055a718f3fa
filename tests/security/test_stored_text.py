"""What people write is shown as text and as nothing else: no element, no attribute, no script, no turned line."""

import re
from html.parser import HTMLParser

from sqlalchemy import String, Text, select
from sqlalchemy.orm import Session

from service.db import Database
from service.ladderdrafts.models import LadderDraft, LadderDraftComment, LadderDraftSaving
from service.ladders.actions import checked, publish_version
from service.ladders.files import read_texts
from service.objectives.models import UnitKeyResult, UnitObjective
from service.people.models import OrgUnit, Person
from service.permissions import SYSTEM
from service.plans.models import KeyResultRow, ObjectiveRow, Plan
from service.reviews.models import AgreedRating, Cycle, Evidence, EvidenceOffer, Review, SkillRating
from service.signin.models import ApiToken, SignInSession
from tests.ladders.files import LADDER
from tests.security.calls import API, SAFE
from tests.security.company import Stage
from tests.security.conftest import Staged
from tests.security.test_matrix import lines

HOSTILE = (
    "<script>nr(1)</script>", "</title><script>nr(2)</script>", "\"><img src=x onerror=nr(3)>", "'><svg onload=nr(4)>",
    "</textarea><b>nr5</b>", "<!--nr6", "]]>nr7", "{{7*7}}nr8", "{% for x in y %}nr9", "${7*7}nr10", "#{7*7}nr11", "<%= 7*7 %>nr12",
    "\u202enr13\u202d", "nr14\u200d\u2066", "javascript:nr(15)", "=HYPERLINK(\"nr16\")", "&lt;b&gt;nr17", "&#x3c;b>nr18",
    "<a href=//evil.example>nr19</a>", "\" autofocus onfocus=nr(20) x=\"", "nr21" + "Ä" * 2000,
)  # fmt: skip

FIELDS = (
    (Person, ("name", "email")), (OrgUnit, ("name",)), (Cycle, ("name",)), (SkillRating, ("comment", "reason")),
    (Evidence, ("note", "url", "answer")), (AgreedRating, ("note", "reason")),
    (Review, ("person_comment", "assessor_comment")), (Plan, ("title",)),
    (ObjectiveRow, ("title", "why", "serves")), (KeyResultRow, ("title", "metric", "unit", "owner")),
    (ApiToken, ("name",)), (SignInSession, ("client",)), (EvidenceOffer, ("note", "url")), (Plan, ("closing_comment",)),
    (UnitObjective, ("why",)),
    (LadderDraft, ("title", "version")), (LadderDraftSaving, ("what",)), (LadderDraftComment, ("text",)),
    (UnitKeyResult, ("title", "metric", "unit")),
)  # fmt: skip
"""Every text that somebody writes or imports and somebody else reads."""


def rewrite(session: Session, texts: tuple[str, ...]) -> None:
    """Put each of `texts` in turn into every such field, as if all checks at the door had been passed."""
    turn = 0
    for table, names in FIELDS:
        for row in session.scalars(select(table).order_by(table.id)).unique():
            for name in names:
                kind = table.__table__.columns[name].type
                length = kind.length if isinstance(kind, String) and not isinstance(kind, Text) else None
                unique = f"{turn} " if name in ("email",) or table in (OrgUnit, Cycle) else ""
                setattr(row, name, (unique + texts[turn % len(texts)])[: length or 4000])
                turn += 1
    for objective in session.scalars(select(ObjectiveRow)).unique():
        objective.projects = list(texts[:20])
    session.flush()


class Skeleton(HTMLParser):
    """The elements of a page with the names of their attributes, without any text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, ...]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, *(name for name, _ in attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.found.append(("/" + tag,))

    def handle_comment(self, data: str) -> None:
        self.found.append(("comment", data))


def pages(stage: Stage, about: str = "") -> dict[tuple[str, str], str]:
    """Every page that its reader may open and whose path has `about` in it, by (reader, address)."""
    found = {}
    for line in lines():
        if line.method in SAFE and about in line.path and not line.path.startswith(("/api/", "/openapi")):
            url = line.path.format(**stage.ids[line.side])
            for actor in ("ben", "ann", "dee", "una"):
                answer = stage.ask(actor, "GET", url)
                if answer.headers.get("content-type", "").startswith("text/html"):
                    found[actor, url] = answer.text
    return found


def shown(staged: Staged, database: Database, texts: tuple[str, ...]) -> dict[tuple[str, str], str]:
    """The pages of a company in which everybody writes `texts`: all while the review is shared and the plan a draft, then
    those of the signed plan, and the agreement when the cycle is over."""
    with staged("shared") as stage:
        with database.writing() as session:
            rewrite(session, texts)
            session.commit()
        found = pages(stage)
        version = stage.ids[""]["plan_version"]
        for actor in ("ben", "ann"):
            answer = stage.send(
                actor, "POST", "/plans/{plan_id}/agreement".format(**stage.ids[""]), data={"version": version}
            )
            assert answer.status_code == 303, answer.text
        found |= {("signed, " + actor, url): page for (actor, url), page in pages(stage, "/plans/").items()}
    with staged("closed") as stage:
        with database.writing() as session:
            rewrite(session, texts)
            session.commit()
        return found | {("closed, " + actor, url): page for (actor, url), page in pages(stage, "/agreement").items()}


def test_hostile_texts_are_only_text(staged: Staged, database: Database) -> None:
    """The pages have the same elements and attributes as those of a company that writes plain words."""
    hostile = shown(staged, database, HOSTILE)
    plain = shown(staged, database, tuple(f"plain {number}" for number in range(len(HOSTILE))))
    assert hostile.keys() == plain.keys()
    assert len(hostile) > 100
    for key, page in hostile.items():
        assert Skeleton(page).found == Skeleton(plain[key]).found, key
        for text in HOSTILE:
            if re.search(r"[<>\"]", text):
                assert text not in page, (key, text)
        assert "49nr" not in page
        assert not re.search(r'(?:href|src|action)="(?:javascript:|//)', page), key
    everything = "".join(hostile.values())
    for number in range(1, len(HOSTILE) + 1):
        assert re.search(rf"nr\(?{number}(?!\d)", everything), number


def test_names_do_not_turn_the_rest_of_the_page_around(staged: Staged, database: Database) -> None:
    """A name of whatever direction stands in <bdi>, wherever it stands in running text."""
    with staged("shared") as stage:
        with database.writing() as session:
            for person in session.scalars(select(Person)).unique():
                person.name = "\u202e" + person.name + "nr"
            session.commit()
        bare = []
        for key, page in pages(stage).items():
            body = re.sub(
                r"<title>.*?</title>|<textarea.*?</textarea>|<option.*?</option>|<[^>]*>", mark, page, flags=re.S
            )
            bare += [(key, before[-60:]) for before in body.split("\u202e")[:-1] if not before.endswith(BDI)]
        assert bare == []


BDI = "\u241e"


def mark(match: re.Match[str]) -> str:
    """<bdi> as one sign, everything else that is not running text as nothing."""
    return BDI if match[0].startswith("<bdi") else ""


def test_a_hostile_ladder_is_only_text(staged: Staged, database: Database) -> None:
    with staged("shared") as stage:
        text = LADDER.replace("Testing things.", "'<script>nr(1)</script> {{7*7}}'").replace(
            "title: Tester", "title: '<b>nr'"
        )
        begun = stage.send("dee", "POST", f"{API}/ladders", json={"ladder_yaml": text})
        assert begun.status_code == 201
        with database.writing() as session:
            publish_version(session, SYSTEM, *checked(read_texts(text.encode(), None)))
            session.commit()
        draft = f"/drafts/{begun.json()['id']}"
        published = ("/ladders", "/ladders/tester/1", "/ladders/tester/1/skills/testing", "/cycles/new")
        for url in (
            *published,
            draft,
            f"{draft}/files",
            f"{draft}/changes",
            f"{draft}/head",
            f"{draft}/skills/testing",
        ):
            page = stage.ask("dee", "GET", url).text
            assert "nr" in page
            assert "<script>nr" not in page
            assert "<b>nr" not in page
