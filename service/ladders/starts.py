"""What of a blueprint a plan can begin with, each under a name that lasts as long as its version. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from service.ladders.rules import Area, Blueprint, Goals, Horizon

BY = {
    Horizon.DAYS_30: "by day 30",
    Horizon.DAYS_60: "by day 60",
    Horizon.DAYS_90: "by day 90",
    Horizon.MONTHS_6: "by month 6",
    Horizon.MONTHS_12: "by month 12",
    Horizon.LONG_TERM: "in the long run",
}
REFERENCE = re.compile(r"([a-z0-9-]+)/([A-Za-z0-9._-]+)/([a-z]+)/([a-z0-9.-]+)")
"""ladder / version / kind / id, where the id names the list first: `product-manager/2026.1/goal/30-days.map-journeys`."""


@dataclass(frozen=True, slots=True)
class Entry:
    """`words` to begin with, `label` what it is. A goal has a horizon, a figure what it `measures` and mostly a `target`, a
    starting point the projects of its area."""

    kind: str
    id: str
    label: str
    words: str
    horizon: Horizon | None = None
    measures: str = ""
    target: str = ""
    type: str = ""
    frequency: str = ""
    projects: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Its name within the version."""
        return f"{self.kind}/{self.id}"

    @property
    def anchor(self) -> str:
        """Where it stands on the page of the blueprint."""
        return f"{self.kind}-{self.id}"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a text of a plan began, for a reader."""

    reference: str
    label: str
    words: str
    href: str


def entries(blueprint: Blueprint) -> dict[str, Entry]:
    """Everything of the blueprint that a plan can begin with, by its key."""
    return {entry.key: entry for entry in _entries(blueprint)}


def reference(blueprint: Blueprint, key: str) -> str:
    """The lasting name of an entry: ladder, version, kind, id."""
    return f"{blueprint.ladder}/{blueprint.version}/{key}"


def find_entry(blueprint: Blueprint | None, name: str) -> Entry | None:
    """The entry that a reference names; None where it is of another version, or of none."""
    parts = REFERENCE.fullmatch(name)
    if blueprint is None or parts is None or parts.group(1, 2) != (blueprint.ladder, blueprint.version):
        return None
    return entries(blueprint).get("/".join(parts.group(3, 4)))


def origin(blueprint: Blueprint | None, name: str) -> Origin | None:
    """What a stored reference points at. One of another version is named and linked, without its words; None for what is
    no reference."""
    parts = REFERENCE.fullmatch(name)
    if parts is None:
        return None
    ladder, version, kind, id_ = parts.groups()
    href = f"/ladders/{ladder}/{version}/blueprint#{kind}-{id_}"
    found = find_entry(blueprint, name)
    return Origin(name, found.label if found else f"{kind} of {ladder} {version}", found.words if found else "", href)


def of_area(area: Area) -> tuple[Entry, ...]:
    """The entries of one area: what an objective starts from, then what a key result is counted by."""
    measures = (
        Entry("measure", f"{area.id}.{m.id}", f"measure of success: {area.title}", m.text) for m in area.measures
    )
    projects = tuple(project.text for project in area.projects)
    starts = (
        Entry("start", f"{area.id}.{start.id}", f"starting point: {area.title}", start.text, projects=projects)
        for start in area.starts
    )
    targets = (
        Entry("target", f"{area.id}.{t.id}", f"target: {t.name}", t.name, measures=t.measures, target=t.target or "")
        for t in area.targets
    )
    return (*starts, *measures, *targets)


def _entries(blueprint: Blueprint) -> Iterator[Entry]:
    for goals in blueprint.goals:
        yield from _goals(goals)
    for kpi in blueprint.kpis.items if blueprint.kpis else ():
        figures = Entry("kpi", kpi.id, f"KPI: {kpi.name}", kpi.name, measures=kpi.measures, target=kpi.target)
        yield replace(figures, type=kpi.type, frequency=kpi.frequency)
    for step in blueprint.promotion:
        for criterion in step.criteria:
            label = f"criterion of promotion: {criterion.title}"
            yield Entry("criterion", f"{step.to_level}.{criterion.id}", label, criterion.text)
    for area in blueprint.starting_points.areas if blueprint.starting_points else ():
        yield from of_area(area)


def _goals(goals: Goals) -> Iterator[Entry]:
    when = goals.horizon
    yield Entry("goals", when, f"goals {BY[when]}", goals.title, when)
    for goal in goals.goals:
        yield Entry("goal", f"{when}.{goal.id}", f"goal {BY[when]}", goal.text, when)
    for item in goals.evidence:
        yield Entry("evidence", f"{when}.{item.id}", f"evidence of success {BY[when]}", item.text, when)
