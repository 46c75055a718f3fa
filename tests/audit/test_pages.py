import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from service.audit.actions import record
from service.audit.models import AuditEvent
from service.clock import frozen
from service.permissions import SYSTEM

HOSTILE = "<script>alert(1)</script>\u202e\"'&"
DOORS = ["/audit", "/audit/verification", "/api/v1/audit", "/api/v1/audit/verification"]


@pytest.fixture
def log(session, cast):
    cast.ann.name = "<b>Ann</b>"
    record(session, cast.actor(cast.ann), "plan.agreed", cast.ben, reason=HOSTILE)
    record(session, SYSTEM, "person.renamed", cast.cat)
    session.commit()


@pytest.mark.parametrize("door", DOORS)
def test_only_auditors_read_the_log(sign_in, cast, log, door):
    seen = {name for name, person in cast.everybody.items() if sign_in(person).get(door).status_code == 200}
    assert seen == {"una"}
    assert sign_in(None).get(door).status_code in (303, 401)


def test_the_viewer_escapes_what_others_wrote(sign_in, cast, log):
    text = sign_in(cast.una).get("/audit").text
    assert "&lt;b&gt;Ann&lt;/b&gt;" in text
    assert "<script>alert" not in text
    assert "<bdi>&lt;script&gt;" in text


def test_everybody_reads_what_concerns_them(sign_in, cast, log):
    text = sign_in(cast.ben).get("/audit/own").text
    assert '">agreed a growth plan</td>' in text
    assert "&lt;b&gt;Ann&lt;/b&gt;" in text
    assert "script&gt;" not in text
    assert "Nothing yet" in sign_in(cast.eli).get("/audit/own").text


def test_the_api_gives_the_same_lines(sign_in, cast, log):
    own = sign_in(cast.ben).get("/api/v1/audit/own").json()
    assert [sorted(line) for line in own] == [["actor_id", "at", "reason", "resource_kind", "verb"]]
    auditor = sign_in(cast.una)
    first = auditor.get("/api/v1/audit", params={"limit": 1})
    assert [line["verb"] for line in first.json()] == ["person.renamed"]
    rest = auditor.get(first.headers["link"].split(">")[0].strip("<"))
    assert [line["reason"] for line in rest.json()] == [HOSTILE]


def test_the_page_goes_on(sign_in, session, cast):
    for _ in range(101):
        record(session, SYSTEM, "plan.agreed", cast.ben)
    session.commit()
    for path, reader in (("/audit", cast.una), ("/audit/own", cast.ben)):
        browser = sign_in(reader)
        first = browser.get(path).text
        link = first.split(f'href="{path}?after=')[1].split('"')[0]
        assert (first.count("<tr"), browser.get(path, params={"after": link}).text.count("<tr")) == (101, 2)


def test_the_check_says_that_the_chain_holds(sign_in, cast, log):
    browser = sign_in(cast.una)
    assert "<h1>The chain holds</h1>" in browser.get("/audit/verification").text
    assert browser.get("/api/v1/audit/verification").json() == {"holds": True, "first_break": None}


def test_the_check_says_when_how_many_lines_and_which_is_the_last(sign_in, session, cast, log):
    browser = sign_in(cast.una)

    def facts():
        with frozen(datetime(2026, 11, 22, 9, 30, tzinfo=UTC)):
            text = browser.get("/audit/verification").text
        return re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", text)

    last = session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
    assert facts() == [
        ("Checked", "22 Nov 2026, 09:30 UTC"),
        ("Lines in your log", "2"),
        ("Hash of the last one", f"<code>{last.hash}</code>"),
    ]
    before = facts()
    record(session, cast.actor(cast.max), "rating.saved", cast.una)
    session.commit()
    assert facts() == before, "another's unfinished work about the auditor shows in nothing"


@pytest.mark.parametrize("path", ["/audit", "/audit/own"])
def test_a_cursor_of_nobody_is_told(sign_in, cast, path):
    assert sign_in(cast.una).get(path, params={"after": "x"}).status_code == 422
