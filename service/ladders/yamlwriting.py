"""Plain data as YAML 1.2 that `yamltext.parse` reads back as the same data: one text for one content."""

from collections.abc import Mapping
from typing import Any

import yaml

from service.ladders.yamltext import resolve


def to_yaml(data: Mapping[str, Any]) -> str:
    """Block style in the order of the fields; text of several lines as a block, text that looks like something else in quotes."""
    return str(yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120))


class _Dumper(yaml.SafeDumper):
    """Quotes what YAML 1.2 would not read as the same text."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


def _represent_text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=_style(text))


def _style(text: str) -> str | None:
    if text.isprintable():
        return None if isinstance(resolve(text), str) else '"'
    return "|" if text.replace("\n", "").isprintable() else '"'


_Dumper.add_representer(str, _represent_text)
