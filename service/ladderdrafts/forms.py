"""What the forms of a draft show: their fields, what stands in them or was typed, and what the checks say of each."""

from dataclasses import dataclass
from uuid import UUID

from starlette.datastructures import FormData, UploadFile

from service.errors import Invalid, Problem
from service.ladderdrafts.contents import (
    AT,
    EXPECTATION,
    FIELDS,
    HEAD,
    Contents,
    Data,
    Entry,
    Part,
    entries,
    expectations,
    levels,
    problems_of,
    said,
    words,
)
from service.ladderdrafts.editing import clean
from service.ladderdrafts.inputs import SeenInput
from service.ladderdrafts.views import DraftView
from service.ladders.files import LADDER_FILE
from service.ladders.inputs import LadderTexts
from service.ladders.rules import HOUSE
from service.ladders.yamltext import FileProblem
from service.web.again import Refused
from service.web.forms import parse

Options = tuple[tuple[str, str], ...]

IN_A_FORM = {
    "missing-field": "nothing stands here yet; write it",
    "no-reason": "the house added this: say why",
    "no-section": "name the section of the document",
}
"""What the checks of the files tell in the words of files, as a form says it, by kind."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form. With `rows` it takes several lines, with `options` it is chosen."""

    name: str
    label: str
    hint: str = ""
    rows: int = 0
    options: Options = ()
    required: bool = False

    def told(self, value: str) -> str:
        """A value as a reader reads it: what is chosen by its words."""
        return dict(self.options).get(value, value)


@dataclass(frozen=True, slots=True)
class Group:
    """The fields of the expectation that begins at a level; `begins` where there is one, `known` where the level is there."""

    level: str
    title: str
    fields: tuple[Field, ...]
    begins: bool
    known: bool


SAYS = {
    "title": Field("title", "Title", required=True),
    "name": Field("name", "Name", required=True),
    "ladder": Field("ladder", "Id of the ladder", "The same in all its versions; people and reviews name it.", required=True),
    "version": Field("version", "Version", "Its name, such as 2026.2. Letters, digits, dots, hyphens, underscores.", required=True),
    "family": Field("family", "Job family", "An id; ladders of one family are neighbours.", required=True),
    "dated": Field("dated", "Dated", "The day of its content, as 2026-11-21."),
    "supersedes": Field("supersedes", "Supersedes", "The version that this one replaces."),
    "summary": Field("summary", "Summary", rows=3, required=True),
    "gates/should_share": Field(
        "gates/should_share", "Share of the should-expectations that a level needs",
        "From 0 to 1: 0.7 is seven of ten. All must-haves are always needed.",
    ),
    "id": Field("id", "Id", "Lower-case letters, digits and hyphens. Titles may change; with another id it is another thing."),
    "was": Field("was", "Its id in the superseded version", "Only where that is another; what people have is carried over."),
    "source/section": Field("source/section", "Section of the document", "Needed where a document is the source."),
    "source/reason": Field("source/reason", "Reason", "Needed where the house is the source: why it says so.", rows=2),
    "statement": Field("statement", "Statement", "In the present tense, without a subject: Writes key results.", rows=3),
    "indicators": Field("indicators", "Shows when it is met", "One a line.", rows=4),
    "counter_indicators": Field("counter_indicators", "Shows while it is not yet", "One a line.", rows=3),
}  # fmt: skip
REQUIREMENTS: Options = (("", "Nothing new begins here"), ("must", "Must-have"), ("should", "Should"), ("may", "May"))
IMPORTANCES: Options = (("critical", "Critical"), ("important", "Important"), ("optional", "Optional"))


def head_entry(contents: Contents) -> Entry | None:
    """The head of the ladder as an entry of its own; None where the text cannot be read."""
    data = contents.data
    if data is None:
        return None
    simple = not any(isinstance(said(data, name), dict | list) for name in HEAD)
    return Entry("head", words(data.get("title")), (), data, simple and isinstance(data.get("gates", {}), dict))


def head_fields() -> tuple[Field, ...]:
    return tuple(SAYS[name] for name in HEAD)


def fields_of(contents: Contents, part: Part, value: Data | None = None) -> tuple[Field, ...]:
    """The fields of an entry, with what there is to choose from, and what stands there already."""
    return tuple(_field(contents.data, name, said(value, name)) for name in FIELDS[part])


def groups_of(contents: Contents, entry: Entry) -> tuple[Group, ...]:
    """An expectation's fields for each level, in their order; last those at levels that are not there."""
    held, known = expectations(entry.value), levels(contents.data)
    return tuple(
        Group(
            level, known.get(level, level),
            tuple(_of_level(contents.data, level, name, said(held.get(level), name)) for name in EXPECTATION),
            level in held, level in known,
        )
        for level in dict.fromkeys([*known, *held])
    )  # fmt: skip


def values_of(entry: Entry | None, part: Part | None, again: Refused | None, number: int) -> dict[str, str]:
    """What stands in the form of an entry, the head without a part; or what was typed, where it was refused."""
    names = FIELDS[part] if part else HEAD
    value = entry.value if entry else {}
    found = {name: words(said(value, name)) for name in names}
    if part is Part.SKILLS and entry and entry.fits:
        for level, each in expectations(entry.value).items():
            found |= {f"{AT}{level}/{name}": words(said(each, name)) for name in EXPECTATION}
    return filled(found, again, number)


def filled(stands: dict[str, str], again: Refused | None, number: int) -> dict[str, str]:
    """What stands in a form, or what was typed where that was refused. The saving that it names stays the one that was seen,
    unless what stands now is shown beside the form."""
    if again is None:
        return stands | {"version_seen": str(number)}
    given = {name: text for name, text in again.typed.items() if isinstance(text, str)}
    seen = given.get("version_seen", "") if isinstance(again.problem, Invalid) else str(number)
    return stands | given | {"version_seen": seen}


def typed(form: FormData, names: tuple[str, ...]) -> dict[str, str]:
    """The fields of a form that are the entry's, cleaned. Raises: Invalid."""
    found = {name: text for name, text in form.items() if isinstance(text, str)}
    return clean({name: text for name, text in found.items() if name in names or name.startswith(AT)})


def seen(form: FormData) -> int | None:
    """The saving that the sender saw. Raises: Invalid."""
    return parse(SeenInput, FormData({"version": form.get("version_seen", "")})).version


def uploaded(form: FormData) -> LadderTexts:
    """The files of a form, each uploaded or pasted. Raises: Invalid."""
    found = {}
    for name in ("ladder", "blueprint"):
        file = form.get(f"{name}_file")
        content = file.file.read() if isinstance(file, UploadFile) else b""
        try:
            found[f"{name}_yaml"] = content.decode("utf-8-sig") if content else str(form.get(f"{name}_yaml") or "")
        except UnicodeDecodeError as error:
            words = f"{name}.yaml is not UTF-8. Save it as UTF-8."
            raise Invalid("A file cannot be read.", [Problem(f"/{name}_file", words)]) from error
    return parse(LadderTexts, FormData(found))


def standing(contents: Contents, entry: Entry | None) -> Invalid | None:
    """What the checks say of an entry, beside its fields; None where they say nothing."""
    found = list(problems_of(entry, contents.problems)) if entry else []
    if entry and not entry.at:
        found = [(field, problem) for field, problem in found if field in HEAD or len(problem.at) < 2]
        found = [(field, problem) for field, problem in found if str((*problem.at, "")[0]) not in list(Part)]
    if not found:
        return None
    return Invalid(
        still(len(found)),
        [Problem(f"/{field}" if field else "", IN_A_FORM.get(it.kind, it.message), it.kind) for field, it in found],
    )


def still(count: int) -> str:
    """How much is to be put right before review, in words."""
    return f"{'One thing' if count == 1 else f'{count} things'} to put right here before review."


def href_of(draft: DraftView, contents: Contents, problem: FileProblem) -> str:
    """Where a problem can be mended: its field in a form, else the whole file."""
    here = f"/drafts/{draft.id}"
    if problem.path == LADDER_FILE and contents.data is not None:
        for entry in (entry for part in Part for entry in entries(contents.data, part)):
            for field, found in problems_of(entry, (problem,)):
                if found and entry.fits and len(problem.at) > 1:
                    return f"{here}/{entry.at[0]}/{entry.key}#{field}"
        if problem.at and "/".join(map(str, problem.at)) in HEAD:
            return f"{here}/head#{'/'.join(map(str, problem.at))}"
    return line_href(draft.id, problem)


def line_href(draft_id: UUID, problem: FileProblem) -> str:
    """The place of a problem in the whole file."""
    name = "ladder" if problem.path == LADDER_FILE else "blueprint"
    return f"/drafts/{draft_id}/files#{name}-{problem.line}-{problem.column}"


def places_of(contents: Contents, part: Part, entry: Entry) -> Options:
    """Where in an entry a comment can stand."""
    here = f"{part.value}/{entry.key}"
    if part is not Part.SKILLS or not entry.fits:
        return ((here, "As a whole"),)
    known = levels(contents.data)
    return ((here, "The skill as a whole"), *((f"{here}/{level}", f"At {title}") for level, title in known.items()))


def titles_of(contents: Contents) -> dict[str, str]:
    """The place of a comment → how it is called."""
    known = levels(contents.data)
    found = {f"levels/{key}": f"on the level {title}" for key, title in known.items()}
    for skill in (each for each in entries(contents.data, Part.SKILLS) if each.key):
        found[f"skills/{skill.key}"] = f"on {skill.title}"
        found |= {f"skills/{skill.key}/{key}": f"on {skill.title} at {title}" for key, title in known.items()}
    return found


def _field(data: Data | None, name: str, value: object) -> Field:
    match name:
        case "category":
            options = tuple((each.key, each.title) for each in entries(data, Part.CATEGORIES) if each.key)
            return Field("category", "Category", options=_with(options, value, "Choose one"), required=True)
        case "importance":
            return Field(
                "importance", "Importance in the role", options=_with(IMPORTANCES, value, "Choose one"), required=True
            )
        case "source/document":
            return Field("source/document", "Source", options=_documents(data, value))
    return SAYS[name]


def _of_level(data: Data | None, level: str, name: str, value: object) -> Field:
    if name == "requirement":
        field = Field(name, "What it is here", options=_with(REQUIREMENTS[1:], value, REQUIREMENTS[0][1]))
    elif name == "source/document":
        field = Field(name, "Source", options=_documents(data, value))
    else:
        field = SAYS[name]
    return Field(f"{AT}{level}/{name}", field.label, field.hint, field.rows, field.options)


def _documents(data: Data | None, value: object) -> Options:
    options = tuple((each.key, each.title) for each in entries(data, Part.DOCUMENTS) if each.key)
    return _with(((HOUSE, "The house"), *options), value, "None yet")


def _with(options: Options, value: object, none: str) -> Options:
    """The options with nothing chosen before them, and after them what stands there and is none of them."""
    text = words(value)
    more = ((text, f"{text} (unknown)"),) if text and text not in dict(options) else ()
    return (("", none), *options, *more)


def excerpt(text: str, line: int) -> str:
    """A line of a text, to be found by."""
    lines = text.splitlines()
    return lines[line - 1][:200] if 0 < line <= len(lines) else ""
