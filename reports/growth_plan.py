"""The growth plan as a PDF: the same data gives the same bytes, in another process, on another day."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from operator import attrgetter
from typing import Any, get_args

from jinja2 import Environment, PackageLoader, StrictUndefined
from pydantic import ValidationError

from reports.charts import COLOURS, Level, staircase
from reports.contract import MAX_FIELD, Blocker, DraftPlan, GrowthPlan, Horizon, LevelState, Objective, read
from reports.errors import ReportError
from reports.forms import Form
from reports.pdf import Source, lay_out, to_pdf, versions, write
from reports.summary import Summary, largest, shortened

EMBEDDED = "plan.json"
MAX_TEXT = 120_000  # characters of all texts together
MAX_ITEMS = 1_000  # entries of all lists together; both at their limit take 16 of the 20 seconds that a child has
MANY = 12  # names in a sentence
GLANCE = 8  # objectives on the first page
SIGNS = {"met": "●", "partly": "◐", "unmet": "○", "unknown": "?", "not applicable": "–"}
STATES = {"met": "met", "partly": "partly", "unmet": "not yet", "unknown": "not assessed"}
REQUIREMENTS = {"must": "Must-have", "should": "Should-have", "may": "May"}
REQUIREMENT_SIGNS = {"must": "■", "should": "□", "may": ""}
BASES = {
    "agreed": "the ratings that both sides agreed",
    "manager": "the manager’s ratings",
    "self": "the person’s own ratings",
}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def render(data: Mapping[str, Any], form: Form = Form.A4) -> bytes:
    """PDF/UA-1 and PDF/A-3a of `data` (contract.py), or ReportError. `reports.child.render` does it in a killable process."""
    plan, sha256 = check(data), data_hash(data)
    if form.is_summary:
        return write(_one_page(plan, sha256, form), _source(plan, data))
    return to_pdf(to_html(plan, sha256), _style(), form.page, _source(plan, data))


def _one_page(plan: GrowthPlan, data_sha256: str, form: Form) -> Any:
    if isinstance(plan, DraftPlan):
        raise ReportError("a draft has no summary; it is made once both sides have agreed")

    def laid_out(summary: Summary) -> Any:
        return lay_out(summary_html(plan, data_sha256, summary), _style(), form.page)

    return laid_out(largest(plan, lambda summary: len(laid_out(summary).pages) == 1))


def _source(plan: GrowthPlan, data: Mapping[str, Any]) -> Source | None:
    """The data of a revision goes into its PDF as it was hashed; a draft is a look at a text and takes nothing along."""
    if isinstance(plan, DraftPlan):
        return None
    return Source(EMBEDDED, canonical(data), "The data that this plan was printed from", plan.plan.agreed_on)


def warm_up() -> None:
    """Loads fonts, style and templates, so that the forks of a worker share them."""
    _templates().get_template("growth_plan.html.j2")
    to_pdf('<html lang="en"><title>-</title><h1>-</h1></html>', _style())


def check(data: Mapping[str, Any]) -> GrowthPlan:
    """The data as typed, cleaned parts, or a ReportError that names up to ten faults, each as `gaps[3].category: …`."""
    try:
        plan = read(data)
    except ValidationError as error:
        raise ReportError("; ".join(_fault(fault) for fault in error.errors(include_url=False)[:10])) from None
    if (total := sum(map(len, _texts(data)))) > MAX_TEXT:
        raise ReportError(f"the plan holds {total:,} characters; at most {MAX_TEXT:,} fit one document")
    if (items := sum(map(len, _lists(data)))) > MAX_ITEMS:
        raise ReportError(f"the plan's lists hold {items:,} entries; at most {MAX_ITEMS:,} fit one document")
    return plan


def data_hash(data: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON; what a reader needs to prove that a page belongs to a stored revision."""
    return hashlib.sha256(canonical(data).encode()).hexdigest()


def canonical(data: Mapping[str, Any]) -> str:
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


@cache
def fingerprint() -> str:
    """SHA-256 of all but the data that the bytes depend on; a stored PDF holds good while (data, fingerprint) does."""
    parts = [versions()]
    for folder in ("templates", "styles"):
        parts += [file.read_text("utf-8") for file in _sorted_files(folder)]
    parts += [file.read_text("utf-8") for file in _sorted_files(".") if file.name.endswith(".py")]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def to_html(plan: GrowthPlan, data_sha256: str) -> str:
    template = _templates().get_template("growth_plan.html.j2")
    return template.render(
        data=plan,
        draft=isinstance(plan, DraftPlan),
        data_sha256=data_sha256,
        chart=staircase(_steps(plan)) if plan.attainment else None,
        attained=_attained(plan),
        following=_following(plan),
        horizons=_horizons(plan),
        ordered=sorted(plan.objectives, key=attrgetter("horizon")),
        open_shoulds=_open_shoulds(plan),
        other_blockers=_other_blockers(plan),
    )


def summary_html(plan: GrowthPlan, data_sha256: str, summary: Summary) -> str:
    template = _templates().get_template("summary.html.j2")
    horizons, following = _horizons(plan), _following(plan)
    return template.render(data=plan, data_sha256=data_sha256, summary=summary, horizons=horizons, following=following)


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"day": day_in_words, "some": some, "levels": levels_in_words, "short": shortened}
    environment.globals |= {
        "SIGNS": SIGNS,
        "STATES": STATES,
        "REQUIREMENTS": REQUIREMENTS,
        "REQUIREMENT_SIGNS": REQUIREMENT_SIGNS,
        "BASES": BASES,
        "COLOURS": COLOURS,
        "GLANCE": GLANCE,
    }
    return environment


@cache
def _style() -> str:
    return files("reports").joinpath("styles/growth_plan.css").read_text("utf-8")


def _sorted_files(folder: str) -> list[Any]:
    found = [entry for entry in files("reports").joinpath(folder).iterdir() if entry.is_file()]
    return sorted(found, key=lambda entry: entry.name)


def _steps(plan: GrowthPlan) -> list[Level]:
    notes = {plan.ladder.target.id: "target"} | {plan.ladder.current.id: "today"}
    levels = plan.attainment.levels if plan.attainment else ()
    return [
        Level(title=it.title, state=it.state, open_musts=it.must.expected - it.must.met, note=notes.get(it.id, ""))
        for it in levels
    ]


def _attained(plan: GrowthPlan) -> LevelState | None:
    levels = [level for level in (plan.attainment.levels if plan.attainment else ()) if level.state == "attained"]
    return levels[-1] if levels else None


def _following(plan: GrowthPlan) -> LevelState | None:
    levels = plan.attainment.levels if plan.attainment else ()
    return next((level for level in levels if level.state == "next"), None)


def _open_shoulds(plan: GrowthPlan) -> list[str]:
    blockers = plan.attainment.blockers if plan.attainment else ()
    return [blocker.skill for blocker in blockers if blocker.requirement == "should"]


def _other_blockers(plan: GrowthPlan) -> list[Blocker]:
    """Blockers whose expectation the gap table does not show; it shows all when the target is the next level."""
    shown = {(gap.skill.name, gap.expected.statement) for gap in plan.gaps}
    blockers = plan.attainment.blockers if plan.attainment else ()
    return [blocker for blocker in blockers if (blocker.skill, blocker.statement) not in shown]


def _horizons(plan: GrowthPlan) -> list[tuple[int, date, list[tuple[int, Objective]]]]:
    """(days, last day, its objectives with their numbers) for 30, 60 and 90 days from the start, empty ones included."""
    numbered = list(enumerate(sorted(plan.objectives, key=attrgetter("horizon")), 1))
    return [
        (days, plan.plan.start_on + timedelta(days=days), [(n, o) for n, o in numbered if o.horizon == days])
        for days in get_args(Horizon)
    ]


def day_in_words(day: date | None) -> str:
    """21 Nov 2026, whatever the locale of the machine; nothing where it is open."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}" if day else ""


def some(words: Sequence[str]) -> str:
    """`A`, `A and B`, `A, B and C`; of many the first few and how many more."""
    shown = list(words) if len(words) <= MANY else [*words[: MANY - 1], f"{len(words) - MANY + 1} more"]
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def levels_in_words(count: int) -> str:
    return f"{count} rung" if count == 1 else f"{count} rungs"


def _texts(data: object) -> Iterable[str]:
    return (part for part in _parts(data) if isinstance(part, str))


def _lists(data: object) -> Iterable[list[object]]:
    return (part for part in _parts(data) if isinstance(part, list))


def _parts(value: object) -> Iterable[object]:
    yield value
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    for part in inner:
        yield from _parts(part)


def _fault(fault: Any) -> str:
    """One fault in words, with its place and never with the value."""
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in fault["loc"]).lstrip(".")
    match fault["type"]:
        case "string_too_long":
            words = f"has more than {MAX_FIELD:,} characters; shorten it"
        case "too_long":
            words = f"has {fault['ctx']['actual_length']:,} rows; at most {fault['ctx']['max_length']} fit one document"
        case "value_error":
            words = str(fault["ctx"]["error"])
        case _:
            words = fault["msg"]
    return f"{place or 'the data'}: {words}"
