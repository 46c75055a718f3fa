"""A CASE package as a tree of items with everything that points at them; what is malformed is told at its pointer. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from service.formats.jsontext import pointer
from service.formats.rules import Note, Path
from service.formats.texts import Data, Ref

MOST_FAULTS = 200


@dataclass(frozen=True)
class Item:
    id: str
    node: Data
    path: Path

    def text(self, *names: str) -> tuple[str, str]:
        """The first of these fields that says something: its name and its text, stripped; else two empty texts."""
        return text_of(self.node, *names)


@dataclass(frozen=True)
class Link:
    kind: str
    origin: str
    destination: str
    number: float
    path: Path


@dataclass
class Found:
    """What a package says: the data of a ladder, where each value of it stands, and which text of the package is which of
    the ladder."""

    ladder: Data
    blueprint: Data | None = None
    places: dict[Path, str] = field(default_factory=dict)
    refs: dict[Path, tuple[Ref, str]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)

    def keep(self, at: Path, ref: Ref, text: str) -> None:
        """`text` of the ladder, called `ref`, stands in the package at `at`."""
        if text:
            self.refs[at] = (ref, text)


class Package:
    """The items in the order of the file, by their identifiers in lower case. With faults it is not to be read further."""

    def __init__(self, data: Any) -> None:
        self.faults: list[Note] = []
        self.notes: list[Note] = []
        self.prefix: Path = ()
        if isinstance(data, dict) and isinstance(data.get("CFPackage"), dict):
            data, self.prefix = data["CFPackage"], ("CFPackage",)
        self.data: Data = data if isinstance(data, dict) else {}
        document = self.data.get("CFDocument")
        self.document: Data = document if isinstance(document, dict) else {}
        if not self.document:
            self.fault(("CFDocument",), "There is no CFDocument here, so this is not a CASE package.")
        self.document_id = str(self.document.get("identifier", "")).lower()
        self.items: dict[str, Item] = {item.id: item for item in self._items()}
        self.links = list(self._links())
        self.parent: dict[str, str] = {}
        self.children: dict[str, list[str]] = {}
        if not self.faults:
            self._build_tree()

    def fault(self, at: Path, words: str) -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Note(pointer((*self.prefix, *at)), words))

    def note(self, at: Path, words: str) -> None:
        self.notes.append(Note(pointer((*self.prefix, *at)) if at else "", words))

    def nodes(self, *names: str | int, holder: Data | None = None) -> Iterator[tuple[Path, Data]]:
        """The objects of the list that the last of `names` leads to, with their paths; what is none is a fault."""
        listed = (self.data if holder is None else holder).get(str(names[-1]))
        if listed is not None and not isinstance(listed, list):
            self.fault(names, f"{names[-1]} must be a list.")
            return
        for place, node in enumerate(listed or ()):
            if isinstance(node, dict):
                yield (*names, place), node
            else:
                self.fault((*names, place), "Here must stand an object with named fields.")

    def below(self, parent: str) -> list[Item]:
        return [self.items[child] for child in self.children.get(parent, ())]

    def ancestors(self, item: str) -> Iterator[Item]:
        """From the parent upwards."""
        while (item := self.parent.get(item, "")) in self.items:
            yield self.items[item]

    def in_tree_order(self) -> list[Item]:
        """Every item once, each before what is below it."""
        ordered: list[Item] = []
        stack = [*reversed(self.children.get(self.document_id, ()))]
        while stack:
            item = stack.pop()
            ordered.append(self.items[item])
            stack.extend(reversed(self.children.get(item, ())))
        return ordered

    def _items(self) -> Iterator[Item]:
        seen: dict[str, Path] = {}
        for path, node in self.nodes("CFItems"):
            identifier = node.get("identifier")
            if not isinstance(identifier, str) or not identifier.strip():
                self.fault(path, "This item has no identifier. Give it a UUID.")
                continue
            key = identifier.strip().lower()
            if key in seen or key == self.document_id:
                first = pointer((*self.prefix, *seen.get(key, ("CFDocument",))))
                self.fault(
                    (*path, "identifier"), f"This identifier stands at {first} as well. Each item needs its own."
                )
                continue
            seen[key] = path
            yield Item(key, node, path)

    def _links(self) -> Iterator[Link]:
        for path, node in self.nodes("CFAssociations"):
            ends = [node.get(end) for end in ("originNodeURI", "destinationNodeURI")]
            ids = [
                str(end["identifier"]).strip().lower()
                for end in ends
                if isinstance(end, dict) and end.get("identifier")
            ]
            if len(ids) < 2:
                self.note(path, "This association does not say what it connects; it was kept, and says nothing here.")
                continue
            number = node.get("sequenceNumber")
            if not isinstance(number, int | float) or isinstance(number, bool):
                number = float("inf")
            yield Link(str(node.get("associationType", "")), ids[0], ids[1], number, path)

    def _build_tree(self) -> None:
        numbers: dict[str, float] = {}
        outside: list[Path] = []
        for link in self.links:
            if link.kind != "isChildOf" or link.origin not in self.items:
                continue
            if link.destination not in self.items and link.destination != self.document_id:
                outside.append(link.path)
            elif link.origin not in self.parent:
                self.parent[link.origin], numbers[link.origin] = link.destination, link.number
            elif self.parent[link.origin] != link.destination:
                self.note(link.path, "This item has another parent already; the first one counts, this one was kept.")
        if outside:
            self.note(outside[0], f"{_these(len(outside))} to a parent outside this package.")
        loose = [item for item in self.items.values() if item.id not in self.parent]
        if loose:
            self.note(loose[0].path, f"{len(loose):,} items have no parent in this package; they stand at the top.")
        self._find_circles()
        for item in self.items:
            self.children.setdefault(self.parent.get(item, self.document_id), []).append(item)
        for children in self.children.values():
            children.sort(key=lambda child: numbers.get(child, float("inf")))

    def _find_circles(self) -> None:
        paths = {link.origin: link.path for link in reversed(self.links) if link.kind == "isChildOf"}
        done: set[str] = set()
        for item in self.items:
            way: dict[str, None] = {}
            while item in self.items and item not in done and item not in way:
                way[item] = None
                item = self.parent.get(item, "")
            if item in way:
                words = "This makes a circle: following isChildOf from here leads back here. Take one of these associations out."
                self.fault(paths[item], words)
            done.update(way)


def text_of(node: Data, *names: str) -> tuple[str, str]:
    for name in names:
        value = node.get(name)
        if isinstance(value, str) and (text := clean(value)):
            return name, text
    return "", ""


def clean(text: str) -> str:
    """A text as a ladder can hold it: one kind of line break, no control characters, nothing around it."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in text if sign in "\n\t" or not _is_control(sign)).strip()


def _is_control(sign: str) -> bool:
    code = ord(sign)
    return (
        code < 32
        or 0x7F <= code <= 0x84
        or 0x86 <= code <= 0x9F
        or 0xD800 <= code <= 0xDFFF
        or code in (0xFFFE, 0xFFFF)
    )


def _these(count: int) -> str:
    return "This association leads" if count == 1 else f"This and {count - 1:,} other associations lead"
