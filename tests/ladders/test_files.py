"""Each kind of problem, with its line and column; and no traceback, whatever the file holds."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.ladders import canonical
from service.ladders.files import CannotRead, read_path, read_texts
from service.ladders.rules import Requirement, Source
from service.ladders.yamltext import parse, resolve
from service.settings import ROOT
from tests.ladders.files import BLUEPRINT, LADDER, changed
from tests.ladders.mistakes import IN_BLUEPRINT, IN_LADDER, WHOLE

SHIPPED = (ROOT / "ladders/product-manager/2026.1/ladder.yaml").read_bytes()


def problems(ladder: str | bytes, blueprint: str | bytes | None = None) -> list[str]:
    texts = [text.encode() if isinstance(text, str) else text for text in (ladder, blueprint)]
    assert texts[0] is not None
    return [str(problem) for problem in read_texts(texts[0], texts[1]).problems]


def test_good_files_have_no_problems() -> None:
    assert problems(LADDER, BLUEPRINT) == []


@pytest.mark.parametrize(("old", "new", "expected"), IN_LADDER, ids=[new.strip()[:40] for _, new, _ in IN_LADDER])
def test_problem_in_ladder(old: str, new: str, expected: list[str]) -> None:
    assert problems(changed(LADDER, old, new)) == [_full("ladder.yaml", line) for line in expected]


@pytest.mark.parametrize(("old", "new", "expected"), IN_BLUEPRINT, ids=[new.strip()[:40] for _, new, _ in IN_BLUEPRINT])
def test_problem_in_blueprint(old: str, new: str, expected: list[str]) -> None:
    found = problems(LADDER, changed(BLUEPRINT, old, new))
    assert found == [_full("blueprint.yaml", line) for line in expected]


def test_promotion_needs_an_expectation_that_begins_above() -> None:
    more = changed(LADDER, "skills:\n", _SECOND_SKILL)
    blueprint = changed(BLUEPRINT, "skill: testing", "skill: telling")
    words = "the skill 'telling' has no expectation that begins at 'high'; add it in ladder.yaml"
    assert problems(more, blueprint) == [_full("blueprint.yaml", f"38:65: {words}")]


def test_expectations_out_of_order() -> None:
    swapped = (
        LADDER.replace("level: low", "level: x").replace("level: high", "level: low").replace("level: x", "level: high")
    )
    words = "'low' stands after 'high'; put expectations in the order of the levels"
    assert problems(swapped) == [_full("ladder.yaml", f"32:16: {words}")]


def test_problems_of_both_files_come_together() -> None:
    found = problems(changed(LADDER, "title: Tester", "titel: Tester"), changed(BLUEPRINT, "weight: 40", "weight: 35"))
    assert [line.split(":")[0] for line in found] == ["ladder.yaml", "ladder.yaml", "blueprint.yaml"]


@pytest.mark.parametrize(("content", "expected"), WHOLE, ids=[words[:30] for _, words in WHOLE])
def test_file_that_cannot_be_used_at_all(content: bytes, expected: str) -> None:
    assert problems(content) == [_full("ladder.yaml", expected)]


def test_alias_bomb_is_refused_at_once() -> None:
    lines = ["a: &a [x, x]"] + [
        f"{this}: &{this} [*{last}, *{last}, *{last}]" for last, this in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    began = time.perf_counter()
    found = problems("\n".join(lines))
    assert time.perf_counter() - began < 0.5
    assert "ladder.yaml:2:8: error: *a is an alias; write the value itself" in found


def test_many_problems_stop_at_a_thousand() -> None:
    assert len(problems("\n".join(f"x{n}: 1" for n in range(3000)))) == 1000


def test_byte_order_mark_and_windows_line_ends_change_nothing() -> None:
    windows = read_texts(b"\xef\xbb\xbf" + LADDER.replace("\n", "\r\n").encode(), None)
    assert windows.ladder == read_texts(LADDER.encode(), None).ladder


def test_values_read_as_yaml_1_2() -> None:
    words = ["yes", "off", "2026-01-31", "0o17", "1_000", "true", "null", "1e3", "-4", "1" * 31]
    assert [resolve(word) for word in words] == [
        "yes",
        "off",
        "2026-01-31",
        "0o17",
        "1_000",
        True,
        None,
        1000.0,
        -4,
        "1" * 31,
    ]


def test_items_inherit_the_source_of_their_list() -> None:
    blueprint = read_texts(LADDER.encode(), BLUEPRINT.encode()).blueprint
    assert blueprint is not None
    find, tell = blueprint.sections[0].groups[0].items
    assert (find.source, tell.source) == (Source("profile", "5"), Source("house", reason="Kind."))
    assert blueprint.kpis is not None
    assert blueprint.kpis.items[0].source == Source("profile", "7")
    assert blueprint.promotion[0].criteria[0].source == Source("profile", "10")


def test_ladder_says_what_the_file_says() -> None:
    ladder = read_texts(LADDER.encode(), None).ladder
    assert ladder is not None
    assert (ladder.id, ladder.version, ladder.should_share, ladder.supersedes) == ("tester", "1", 0.7, None)
    found = ladder.expected_at(ladder.skills[0], "high")
    assert found is not None
    assert (found.statement, found.requirement) == ("Tests what is missing.", Requirement.SHOULD)


def write(folder: Path, ladder: str = LADDER, blueprint: str | None = BLUEPRINT) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ladder.yaml").write_text(ladder)
    if blueprint is not None:
        (folder / "blueprint.yaml").write_text(blueprint)
    return folder


def test_folder_is_named_after_ladder_and_version(tmp_path: Path) -> None:
    (good,) = read_path(write(tmp_path / "tester" / "1"))
    assert (good.problems, good.ladder is not None, good.blueprint is not None) == ((), True, True)
    folder = write(tmp_path / "taster" / "2")
    (bad,) = read_path(folder)
    assert [str(problem) for problem in bad.problems] == [
        f"{folder}/ladder.yaml:2:9: error: ladder is 'tester' and its folder is 'taster'; name both alike",
        f"{folder}/ladder.yaml:3:10: error: version is '1' and its folder is '2'; name both alike",
    ]


def test_folder_of_folders_and_single_files(tmp_path: Path) -> None:
    write(tmp_path / "tester" / "1")
    write(tmp_path / "tester" / "2", LADDER.replace('"1"\ntitle', '"2"\ntitle'), None)
    assert [Path(reading.path).name for reading in read_path(tmp_path)] == ["1", "2"]
    (ladder,) = read_path(tmp_path / "tester" / "1" / "ladder.yaml")
    (blueprint,) = read_path(tmp_path / "tester" / "1" / "blueprint.yaml")
    assert (ladder.blueprint, blueprint.ladder) == (None, None)
    assert ladder.ladder is not None
    assert blueprint.blueprint is not None


def test_nothing_to_read(tmp_path: Path) -> None:
    with pytest.raises(CannotRead, match=r"There is no ladder\.yaml"):
        read_path(tmp_path)
    with pytest.raises(CannotRead):
        read_path(tmp_path / "missing")


def test_canonical_json_is_lossless_and_has_one_form() -> None:
    reading = read_texts(LADDER.encode(), BLUEPRINT.encode())
    assert reading.ladder is not None
    text = canonical.to_json(reading.ladder, reading.blueprint)
    assert canonical.from_json(text) == (reading.ladder, reading.blueprint)
    assert canonical.to_json(*canonical.from_json(text)) == text
    assert text.startswith('{"blueprint":{"documents":{"profile":{"title":"Profile"}},"goals":')
    assert canonical.from_json(canonical.to_json(reading.ladder, None)) == (reading.ladder, None)


def test_canonical_json_keeps_letters_and_ignores_layout() -> None:
    one = read_texts(changed(LADDER, "title: Tester", "title: Prüferin").encode(), None).ladder
    other = read_texts(changed(LADDER, "title: Tester", 'title:    "Pr\\u00fcferin"').encode(), None).ladder
    assert one is not None
    assert other is not None
    assert "Prüferin" in canonical.to_json(one, None)
    assert canonical.to_json(one, None) == canonical.to_json(other, None)


def test_hash_of_known_content_stays() -> None:
    """A change here changes the hash of what people published: it needs a decision, not a new figure."""
    reading = read_texts(LADDER.encode(), BLUEPRINT.encode())
    assert reading.ladder is not None
    text = canonical.to_json(reading.ladder, reading.blueprint)
    assert canonical.hash_of(text) == "ed212ed68ff307a372976ad9d39055efe7d09311872e322246820922c647321a"


def test_reading_the_shipped_ladder_is_quick() -> None:
    began = time.process_time()
    assert read_texts(SHIPPED, None).problems == ()
    assert time.process_time() - began < 0.2


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_random_bytes_give_problems_and_no_traceback(content: bytes) -> None:
    assert read_texts(content, content).problems


@given(st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_random_text_gives_problems_and_no_traceback(text: str) -> None:
    assert read_texts(text.encode("utf-8", "surrogatepass"), None).problems


PIECES = st.one_of(
    st.sampled_from(
        [
            "\t",
            ":",
            "- ",
            "[",
            "{",
            "}",
            "'",
            '"',
            "&a ",
            "*a",
            "!!x ",
            "\n",
            "|",
            ">",
            "null",
            "1.5",
            "? ",
            "---\n",
            "…",
            "%",
        ]
    ),
    st.text(max_size=5),
)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_mutated_ladder_gives_problems_or_a_ladder(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([LADDER, SHIPPED.decode()[:6000]]))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(text)))
        text = text[:place] + data.draw(PIECES) + text[place + data.draw(st.integers(0, 20)) :]
    content = text.encode("utf-8", "surrogatepass")
    reading = read_texts(content, changed(BLUEPRINT, "low", data.draw(PIECES)).encode("utf-8", "surrogatepass"))
    assert (reading.ladder is None) == bool(reading.problems)
    for problem in reading.problems:
        assert 1 <= problem.line <= max(text.count("\n") + 60, 60)
        assert "\n" not in problem.message
    parse("x", content)


_SECOND_SKILL = """\
skills:
  - id: telling
    name: Telling
    category: craft
    importance: optional
    summary: Telling others.
    source: {document: profile, section: "2"}
    expectations:
      - {level: low, requirement: may, statement: Tells., source: {document: profile, section: "3"}}
"""


def _full(file: str, line: str) -> str:
    place, words = line.split(": ", 1)
    return f"{file}:{place}: error: {words}"
