"""JSON within limits, with what is wrong at its line or pointer."""

from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.formats.jsontext import parse, pointer


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"", "line 1, column 1"),
        (b"\xef\xbb\xbf", "line 1, column 1"),
        (b'{"a":\n\t1,}', "line 2, column 4"),
        (b'{"a": "half', "line 1, column 7"),
        (b'\n{"a": "\xff"}', "line 2"),
        ('{"a": 1}'.encode("utf-16"), "line 1"),
        (b'{"a": [{"b": 1, "b": 2}]}', "/a/0/b"),
        (b'{"a/b": NaN}', "/a~1b"),
        (b"[1, Infinity, -Infinity]", "/1"),
        (b"[1e999]", "/0"),
        (b"[" + b"9" * 5000 + b"]", "/0"),
        (b"\n[" * 41, "line 42"),
        (b'"' + b'\\"' * 1_900_000, "line 1"),
        (b'"' * 3_000_000, "line 1"),
        (b"[" + b"1," * 1_000_000 + b"1]", "line 1"),
        (b"[" + b" " * 5_000_000 + b"]", "line 1"),
        (b"1 2", "line 1, column 3"),
    ],
)
def test_what_is_wrong_is_told_at_its_place_and_at_once(content: bytes, place: str) -> None:
    begin = process_time()
    read = parse(content)
    assert process_time() - begin < 1
    assert read.data is None
    assert read.faults[0].place[: len(place)] == place


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_told(content: bytes) -> None:
    read = parse(content)
    assert read.faults or read.data is not None or content.strip() == b"null"


def test_depth_within_the_limit_and_everything_json_has_is_read() -> None:
    data: Any = parse(b"[" * 40 + b"]" * 40).data
    assert str(data) == "[" * 40 + "]" * 40
    assert parse(b'{"a": [1, 2.5, null, true, "\\ud83e\\ude9c"]}').data == {"a": [1, 2.5, None, True, "🪜"]}


def test_pointers_are_those_of_the_standard() -> None:
    assert (pointer(()), pointer(("a/b", 0, "m~n"))) == ("/", "/a~1b/0/m~0n")
