"""Which headings of somebody's Markdown are levels, skills and categories: guessed, shown, corrected. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from service.formats.markdown.blocks import Block, Section
from service.formats.matrix.vocabulary import counter_heading, direction, indicator_heading, is_level, plain
from service.formats.rules import Note

LIST = 7
"""As a depth: lines of lists that begin with a level or a skill in bold or before a colon."""


@dataclass(frozen=True)
class HeadingMap:
    """The depth of headings (1 is `#`, 7 a line of a list, 0 none) that are levels, skills and categories; the titles of the
    levels from the lowest up; and the titles of headings that are left out with all below them."""

    levels: int = 0
    skills: int = 0
    categories: int = 0
    order: tuple[str, ...] = ()
    leave_out: tuple[str, ...] = ()

    def as_data(self) -> dict[str, Any]:
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}


def from_data(given: Mapping[str, Any]) -> tuple[HeadingMap, list[Note]]:
    """The mapping somebody sent, and what is wrong with it, each at its pointer."""
    wrong: list[Note] = []
    fields: dict[str, Any] = {}
    for name, value in given.items():
        if name in ("levels", "skills", "categories"):
            if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LIST:
                fields[name] = value
            else:
                wrong.append(
                    Note(
                        f"mapping /{name}",
                        f"Here stands the depth of headings: 1 to 6, {LIST} for lines of lists, 0 for none.",
                    )
                )
        elif name in ("order", "leave_out"):
            if isinstance(value, list) and all(isinstance(title, str) for title in value):
                fields[name] = tuple(value)
            else:
                wrong.append(Note(f"mapping /{name}", "Here stands a list of titles."))
        else:
            wrong.append(Note(f"mapping /{name}", "There is levels, skills, categories, order and leave_out."))
    return HeadingMap(**fields), wrong


def guess(root: Section) -> HeadingMap:
    """The likeliest mapping; without levels where none are recognised."""
    sections = list(root.walk())
    depths = sorted({section.depth for section in sections})
    found = [depth for depth in depths if _are_levels([s.title for s in sections if s.depth == depth])]
    if not found:
        found = [depth for depth in depths if depth > 1 and _repeat(sections, depth)][-1:]
    if not found:
        return HeadingMap()
    levels = found[-1] if len(found) > 1 and not _has_skills(sections, found[0]) else found[0]
    order = _order([section.title for section in sections if section.depth == levels])
    inner = _inner(sections, levels)
    if not inner and _has_bold_heads(sections, levels):
        return HeadingMap(levels, LIST, 0, order)
    if inner:
        return HeadingMap(levels, inner[-1], inner[0] if len(inner) > 1 else 0, order)
    above = [depth for depth in depths if depth < levels and _has_levels(sections, depth, levels)]
    if above and above[-1] == 1 and sum(section.depth == 1 and _leads_to(section, levels) for section in sections) == 1:
        above = above[:-1]  # it is the title
    if not above:
        return HeadingMap(levels, LIST if _has_leads(sections, levels) else 0, 0, order)
    categories = [depth for depth in above[:-1] if depth > 1 or sum(section.depth == 1 for section in sections) > 1]
    return HeadingMap(levels, above[-1], categories[-1] if categories else 0, order)


def lists_as_sections(root: Section) -> int:
    """Make sections of depth 7 of the lines of lists that begin with levels, where a list has two of them; how many."""
    made = 0
    for section in list(root.walk()):
        for block in list(section.blocks):
            heads = [split_lead(entry.text, entry.lead)[0] for entry in block.entries]
            if sum(bool(head) and is_level(head) for head in heads) < max(2, len(heads) * 0.6):
                continue
            section.blocks.remove(block)
            for entry, head in zip(block.entries, heads, strict=True):
                below = Section(LIST, head or entry.text[:80], entry.line)
                rest = split_lead(entry.text, entry.lead)[1]
                below.blocks = [Block("paragraph", entry.line, rest)] if rest else []
                below.blocks += [Block("list", entry.line, entries=entry.below)] if entry.below else []
                section.sections.append(below)
                made += 1
    return made


def bold_heads_as_sections(root: Section, levels: int) -> None:
    """Make sections of depth 7 of what stands below paragraphs in bold, in the sections of levels."""
    for section in list(root.walk()):
        if section.depth != levels:
            continue
        kept: list[Block] = []
        for block in section.blocks:
            if head := bold_head(block):
                section.sections.append(Section(LIST, head, block.line))
            else:
                (section.sections[-1].blocks if section.sections else kept).append(block)
        section.blocks = kept


def bold_head(block: Block) -> str:
    """The words of a paragraph that is in bold as a whole, as a heading is; "" of any other block."""
    head = block.text.rstrip(" :")
    is_head = block.kind == "paragraph" and head and block.lead.rstrip(" :") == head and not is_detail(head)
    return head if is_head else ""


def split_lead(text: str, lead: str) -> tuple[str, str]:
    """The words with which a line begins, in bold or before a colon, and the rest."""
    if lead and text.startswith(lead):
        return lead, text[len(lead) :].lstrip(" :.–—-")
    head, colon, rest = text.partition(":")
    return (head.strip(), rest.strip()) if colon and len(head) <= 60 and "\n" not in head else ("", text)


def is_detail(title: str) -> bool:
    """Whether a heading only says what stands below it: “Examples”, “Red flags”."""
    return counter_heading(title) or indicator_heading(f"{title}:")


def _are_levels(titles: list[str]) -> bool:
    different = {plain(title) for title in titles}
    known = [title for title in different if is_level(title)]
    return len(known) >= 2 and len(known) >= len(different) * 0.6


def _repeat(sections: list[Section], depth: int) -> bool:
    """Whether most titles of this depth stand below several headings."""
    counts = Counter(
        plain(section.title) for section in sections if section.depth == depth and not is_detail(section.title)
    )
    return 2 <= sum(count > 1 for count in counts.values()) >= len(counts) * 0.6


def _has_skills(sections: list[Section], levels: int) -> bool:
    return bool(_inner(sections, levels))


def _inner(sections: list[Section], levels: int) -> list[int]:
    """The depths of categories and skills below levels, from the outer one; at most two."""
    below = [
        inner
        for section in sections
        if section.depth == levels
        for inner in section.walk()
        if not is_detail(inner.title)
    ]
    counts = Counter(inner.depth for inner in below)
    depths = sorted(depth for depth in counts if counts[depth] >= 2)
    if (
        len(depths) > 1
        and sum(bool(inner.blocks) for inner in below if inner.depth == depths[0]) * 2 > counts[depths[0]]
    ):
        depths = depths[:1]
    return depths[:2]


def _has_levels(sections: list[Section], depth: int, levels: int) -> bool:
    return any(section.depth == depth and _leads_to(section, levels) for section in sections)


def _leads_to(section: Section, levels: int) -> bool:
    return any(inner.depth == levels for inner in section.walk())


def _has_leads(sections: list[Section], levels: int) -> bool:
    """Whether lines of lists begin with the same words at several levels."""
    counts: Counter[str] = Counter()
    for section in sections:
        if section.depth == levels:
            leads = {split_lead(entry.text, entry.lead)[0] for block in section.blocks for entry in block.entries}
            counts.update(plain(lead) for lead in leads if lead)
    return 2 <= sum(count > 1 for count in counts.values()) >= len(counts) * 0.6


def _has_bold_heads(sections: list[Section], levels: int) -> bool:
    """Whether paragraphs in bold stand like headings below several levels, most of them with the same words."""
    counts: Counter[str] = Counter()
    for section in sections:
        if section.depth == levels:
            counts.update({plain(head) for block in section.blocks if (head := bold_head(block))})
    return 2 <= sum(count > 1 for count in counts.values()) >= len(counts) * 0.6


def _order(titles: list[str]) -> tuple[str, ...]:
    different = list({plain(title): title for title in reversed(titles)}.values())[::-1]
    return tuple(different[::-1] if direction(different) < 0 else different)
