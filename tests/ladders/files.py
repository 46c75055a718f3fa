"""The smallest ladder and blueprint without problems, with known lines and columns; and the shipped ones, read once."""

from functools import cache

from sqlalchemy.orm import Session

from service.ladders.actions import SHIPPED, checked, publish_version
from service.ladders.files import read_path
from service.ladders.rules import Version
from service.permissions import SYSTEM

LADDER = """\
format: nextrung-ladder/1
ladder: tester
version: "1"
title: Tester
family: quality
dated: 2026-01-31
summary: Finds out what does not work.
documents:
  profile: {title: Profile}
levels:
  - {id: low, title: Low, summary: Tests alone., source: {document: profile, section: "1"}}
  - id: high
    title: High
    summary: Tests with others.
    source: {document: house, reason: Somebody must.}
categories:
  - {id: craft, title: Craft}
skills:
  - id: testing
    name: Testing
    category: craft
    importance: critical
    summary: Testing things.
    source: {document: profile, section: "2"}
    expectations:
      - level: low
        requirement: must
        statement: Tests what is there.
        indicators: [It is tested.]
        counter_indicators: []
        source: {document: profile, section: "3"}
      - level: high
        requirement: should
        statement: Tests what is missing.
        source: {document: profile, section: "4"}
"""

BLUEPRINT = """\
format: nextrung-blueprint/1
ladder: tester
version: "1"
title: Tester role
documents: {profile: {title: Profile}}
sections:
  - id: mission
    number: 1
    title: Mission
    source: {document: profile, section: "5"}
    groups:
      - id: core
        title: Core
        items:
          - {id: find, text: Find it.}
          - {id: tell, title: Tell, text: Tell it., tag: common, source: {document: house, reason: Kind.}}
goals:
  - horizon: 30-days
    title: Begin
    source: {document: profile, section: "6"}
    goals: [{id: read, text: Read.}]
    evidence: [{id: notes, text: Notes.}]
kpis:
  source: {document: profile, section: "7"}
  items:
    - {id: found, name: Found, type: outcome, measures: Faults, why: Use, target: Many, frequency: weekly}
scorecard:
  source: {document: profile, section: "8"}
  dimensions:
    - {id: eye, title: Eye, bar: Sees, weight: 60}
    - {id: word, title: Word, bar: Says, weight: 40}
skills:
  - {id: must, title: Must, source: {document: profile, section: "9"}, skills: [testing]}
promotion:
  - from: low
    to: high
    source: {document: profile, section: "10"}
    criteria: [{id: more, title: More, text: Does more., skill: testing}]
"""

STARTING_POINTS = """\
starting_points:
  source: {document: profile, section: "11"}
  areas:
    - id: faults
      title: Finding faults
      skills: [testing]
      measures: [{id: early, text: Faults are found early.}]
      starts: [{id: calm, text: Users meet no faults}]
      projects: [{id: plan, text: Write a test plan, source: {document: house, reason: Ours.}}]
      targets: [{id: escaped, name: Escaped, measures: Faults that users meet, target: under 2}]
"""


def changed(text: str, old: str, new: str) -> str:
    """`text` with the first `old` replaced, which must be there."""
    assert old in text, old
    return text.replace(old, new, 1)


@cache
def shipped() -> list[Version]:
    return [checked(reading) for reading in read_path(SHIPPED)]


def publish_both(session: Session) -> None:
    """Both shipped ladders, without reading their files for every test."""
    for ladder, blueprint in shipped():
        publish_version(session, SYSTEM, ladder, blueprint)
    session.commit()
