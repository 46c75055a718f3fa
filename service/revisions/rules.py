"""What differs between two texts of a plan, objective by objective and field by field, told by their ids.

A text is the data of a revision (reports/contract.py) or what text.written gives of a plan; other fields play no part.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Text = Mapping[str, Any]
Value = str | int | tuple[str, ...] | None

PLAN_FIELDS = ("title", "start_on")
OBJECTIVE_FIELDS = ("title", "horizon", "due_on", "why", "gaps", "above", "aligned", "projects", "source")
KEY_RESULT_FIELDS = ("title", "metric", "unit", "direction", "baseline", "target", "due_on", "owner", "source")


class Kind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One field; what is added has no `before`, what is removed no `after`."""

    field: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class KeyResultChange:
    """`title` is the newer one."""

    id: str
    kind: Kind
    title: str
    fields: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class ObjectiveChange:
    """`title` is the newer one. An objective of which only key results differ is changed, with no fields."""

    id: str
    kind: Kind
    title: str
    fields: tuple[Change, ...]
    key_results: tuple[KeyResultChange, ...]


@dataclass(frozen=True, slots=True)
class Differences:
    """What both texts have alike is left out."""

    plan: tuple[Change, ...]
    objectives: tuple[ObjectiveChange, ...]

    def __bool__(self) -> bool:
        return bool(self.plan or self.objectives)


def differences(before: Text, after: Text) -> Differences:
    """From one text to the other: first what is in the newer one, in its order, then what is gone."""
    plan = _fields(PLAN_FIELDS, before["plan"], after["plan"]) + _fields(("chosen",), before, after)
    return Differences(plan, tuple(_items(before["objectives"], after["objectives"], _objective)))


def _items(
    before: Sequence[Text], after: Sequence[Text], tell: Callable[[Text | None, Text | None], Any]
) -> Iterable[Any]:
    """What `tell` says of each pair of the same id, None for the one that is missing."""
    old, new = {it["id"]: it for it in before}, {it["id"]: it for it in after}
    pairs = [(old.get(id_), it) for id_, it in new.items()] + [(it, None) for id_, it in old.items() if id_ not in new]
    return (told for pair in pairs if (told := tell(*pair)) is not None)


def _objective(before: Text | None, after: Text | None) -> ObjectiveChange | None:
    one = after or before or {}
    fields = _fields(OBJECTIVE_FIELDS, before, after)
    key_results = tuple(
        _items((before or {}).get("key_results", ()), (after or {}).get("key_results", ()), _key_result)
    )
    if before and after and not fields and not key_results:
        return None
    return ObjectiveChange(one["id"], _kind(before, after), one["title"], fields, key_results)


def _key_result(before: Text | None, after: Text | None) -> KeyResultChange | None:
    one = after or before or {}
    fields = _fields(KEY_RESULT_FIELDS, before, after)
    if before and after and not fields:
        return None
    return KeyResultChange(one["id"], _kind(before, after), one["title"], fields)


def _kind(before: Text | None, after: Text | None) -> Kind:
    return Kind.CHANGED if before and after else Kind.ADDED if after else Kind.REMOVED


def _fields(names: Iterable[str], before: Text | None, after: Text | None) -> tuple[Change, ...]:
    differ = (name for name in names if _compared(before, name) != _compared(after, name))
    return tuple(Change(name, _value(before, name), _value(after, name)) for name in differ)


def _compared(text: Text | None, name: str) -> Value:
    """An objective above is the same one under another title: its words are not the plan's."""
    value = (text or {}).get(name)
    return value["id"] if isinstance(value, Mapping) else _value(text, name)


def _value(text: Text | None, name: str) -> Value:
    """A field as it is compared: what is empty is as what is left out."""
    value = (text or {}).get(name)
    if isinstance(value, Mapping):
        return str(value["title"])
    return (tuple(value) if isinstance(value, list | tuple) else value) or None
