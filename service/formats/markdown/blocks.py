"""Markdown as a tree of sections by headings, each with its paragraphs, lists and tables, and the lines they stand in. Pure."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from service.formats.markdown.inline import lead, plain
from service.formats.rules import Note, times

MOST_LINES = 10_000
_TICK = re.compile(r"^\[[ xX]\] +")
_INWARDS = re.compile(r"(?:\[[^\]\n]*\]\(#[^)\n]*\)\s*)+")
_PARSER = MarkdownIt("commonmark").enable("table")
_PARSER.core.ruler.disable("inline")
_MARKS = re.compile(r"\{((?:\s*[#.][a-z0-9-]+)+)\s*\}\s*")


@dataclass
class Entry:
    """One line of a list with what stands below it; `lead` are the bold words at its beginning."""

    text: str
    line: int
    lead: str = ""
    below: list["Entry"] = field(default_factory=list)


@dataclass
class Block:
    """A paragraph has a `text`, a list `entries`, a table `rows` of cells, the header first, with the `lines` of each row."""

    kind: str
    line: int
    text: str = ""
    lead: str = ""
    entries: list[Entry] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)


@dataclass
class Section:
    """A heading with what follows it up to the next. `id` and `marks` are those in braces behind its title: {#testing .x}."""

    depth: int
    title: str
    line: int
    id: str = ""
    marks: frozenset[str] = frozenset()
    blocks: list[Block] = field(default_factory=list)
    sections: list["Section"] = field(default_factory=list)

    def walk(self) -> Iterator["Section"]:
        """This section and all below it, in the order of the file."""
        for section in self.sections:
            yield section
            yield from section.walk()


def outline(text: str, first_line: int, line_break: str) -> tuple[Section, list[Note]]:
    """The sections of a text that begins in line `first_line` of its file, below one of depth 0. Of at most 10,000 lines."""
    reader = _Reader(first_line, line_break)
    for node in SyntaxTreeNode(_PARSER.parse(text)).children:
        reader.add(node)
    notes = [
        Note(f"line {reader.first[what]}", times(f"A {what} was left out", count) + ".")
        for what, count in reader.lost.items()
    ]
    return reader.root, notes


class _Reader:
    def __init__(self, first_line: int, line_break: str) -> None:
        self.shift, self.line_break = first_line, line_break
        self.root = Section(0, "", first_line)
        self.open = [self.root]
        self.lost: Counter[str] = Counter()
        self.first: dict[str, int] = {}

    def line(self, node: SyntaxTreeNode) -> int:
        return self.shift + (node.map[0] if node.map else 0)

    def text(self, source: str, line: int) -> str:
        before = Counter(self.lost)
        text = plain(source, line_break=self.line_break, lost=self.lost)
        for what in self.lost - before:
            self.first.setdefault(what, line)
        return text

    def left_out(self, what: str, line: int) -> None:
        self.lost[what] += 1
        self.first.setdefault(what, line)

    def add(self, node: SyntaxTreeNode) -> None:
        line = self.line(node)
        if node.type == "heading":
            self.begin(int(node.tag[1]), _source(node), line)
        elif node.type == "blockquote":
            for child in node.children:
                self.add(child)
        elif node.type == "html_block":
            self.left_out("piece of HTML", line)
        elif node.type in ("fence", "code_block"):
            self.left_out("piece of code", line)
        elif _is_contents(node):
            self.left_out("table of contents", line)
        elif (block := self.block(node)) is not None:
            self.open[-1].blocks.append(block)

    def begin(self, depth: int, source: str, line: int) -> None:
        found = _MARKS.fullmatch(source, max(source.rfind("{"), 0))
        marks = found[1].split() if found else []
        section = Section(depth, self.text(source[: found.start()] if found else source, line), line)
        section.id = next((mark[1:] for mark in marks if mark[0] == "#"), "")
        section.marks = frozenset(mark[1:] for mark in marks if mark[0] == ".")
        while self.open[-1].depth >= depth:
            self.open.pop()
        self.open[-1].sections.append(section)
        self.open.append(section)

    def block(self, node: SyntaxTreeNode) -> Block | None:
        line = self.line(node)
        if node.type == "paragraph":
            source = _source(node)
            return Block("paragraph", line, self.text(source, line), lead(source))
        if node.type in ("bullet_list", "ordered_list"):
            return Block("list", line, entries=[self.entry(child) for child in node.children])
        if node.type == "table":
            rows = [row for part in node.children for row in part.children]
            cells = [[self.text(_source(cell), self.line(row)) for cell in row.children] for row in rows]
            return Block("table", line, rows=cells, lines=[self.line(row) for row in rows])
        return None

    def entry(self, node: SyntaxTreeNode) -> Entry:
        entry = Entry("", self.line(node))
        texts = []
        for child in node.children:
            block = self.block(child)
            if block is None:
                self.left_out("piece of code" if child.type != "html_block" else "piece of HTML", self.line(child))
            elif block.kind == "list":
                entry.below += block.entries
            elif block.kind == "paragraph":
                texts.append(block.text)
                entry.lead = entry.lead or block.lead
        entry.text = _TICK.sub("", "\n\n".join(texts))
        return entry


def _is_contents(node: SyntaxTreeNode) -> bool:
    """Whether a paragraph or list has nothing but links into the same file."""
    texts = [each for each in node.walk() if each.type == "paragraph"]
    return bool(texts) and all(_INWARDS.fullmatch(_source(each).strip()) for each in texts)


def _source(node: SyntaxTreeNode) -> str:
    return "".join(child.content for child in node.children if child.type == "inline")
