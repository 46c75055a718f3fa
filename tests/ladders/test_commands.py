"""`nextrung ladders` on a database of its own."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from service import schema
from service.cli import app
from service.db import make_engine
from service.ladders.commands import commands
from service.ladders.inputs import FILES, json_schema
from service.settings import ROOT
from tests.ladders.files import BLUEPRINT, LADDER, changed

run = CliRunner().invoke


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "tester" / "1"
    folder.mkdir(parents=True)
    (folder / "ladder.yaml").write_text(LADDER)
    (folder / "blueprint.yaml").write_text(BLUEPRINT)
    return folder


@pytest.fixture
def bad(folder: Path) -> Path:
    (folder / "ladder.yaml").write_text(changed(LADDER, "title: Tester", "titel: Tester"))
    return folder


@pytest.fixture
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty database that the commands find by its setting."""
    url = f"sqlite:///{tmp_path / 'commands.sqlite3'}"
    monkeypatch.setenv("NEXTRUNG_DATABASE_URL", url)
    engine = make_engine(url)
    schema.upgrade(engine)
    engine.dispose()
    return url


def test_check_of_good_files_exits_0(folder: Path) -> None:
    assert run(commands, ["check", str(folder)]).exit_code == 0
    assert run(commands, ["check", str(ROOT / "ladders")]).exit_code == 0


def test_check_of_bad_files_exits_1_with_a_line_a_problem(bad: Path) -> None:
    result = run(commands, ["check", str(bad)])
    assert (result.exit_code, result.stdout.splitlines()) == (
        1,
        [
            f"{bad}/ladder.yaml:1:1: error: the field 'title' is missing; add it here",
            f"{bad}/ladder.yaml:4:1: error: unknown field 'titel'; did you mean 'title'?",
        ],
    )


@pytest.mark.parametrize("arguments", [["check", "/nowhere"], ["check"], ["check", ".", "--format", "xml"], ["look"]])
def test_what_cannot_be_read_or_understood_exits_2(arguments: list[str]) -> None:
    assert run(commands, arguments).exit_code == 2


def test_check_as_json(bad: Path) -> None:
    found = json.loads(run(commands, ["check", str(bad), "--format", "json"]).stdout)["problems"]
    assert [(p["line"], p["column"], p["kind"]) for p in found] == [(1, 1, "missing-field"), (4, 1, "unknown-field")]


def test_check_as_sarif(bad: Path) -> None:
    (one,) = json.loads(run(commands, ["check", str(bad), "--format", "sarif"]).stdout)["runs"]
    assert [rule["id"] for rule in one["tool"]["driver"]["rules"]] == ["missing-field", "unknown-field"]
    place = one["results"][1]["locations"][0]["physicalLocation"]
    assert place["region"] == {"startLine": 4, "startColumn": 1}
    assert place["artifactLocation"]["uri"].endswith("tester/1/ladder.yaml")


def test_publish_list_show_retire(folder: Path, stored: str) -> None:
    first = run(app, ["ladders", "publish", str(folder)])
    assert (first.exit_code, first.stdout.split()[:2]) == (0, ["tester", "1"])
    assert run(app, ["ladders", "publish", str(folder)]).stdout == first.stdout
    assert run(commands, ["list"]).stdout == first.stdout
    assert "Low: 1 must, 0 should, 0 may begin here" in run(commands, ["show", "tester", "1"]).stdout
    assert json.loads(run(commands, ["show", "tester", "1", "--json"]).stdout)["ladder"]["title"] == "Tester"
    assert run(commands, ["retire", "tester", "1"]).exit_code == 0
    again = run(commands, ["retire", "tester", "1"])
    assert (again.exit_code, "Only a published version can be retired" in again.stderr) == (1, True)
    assert "retired" in run(commands, ["list"]).stdout


def test_publish_refuses_problems_and_changed_content(folder: Path, stored: str) -> None:
    run(app, ["ladders", "publish", str(folder)])
    (folder / "ladder.yaml").write_text(changed(LADDER, "Tests alone.", "Tests by hand."))
    changed_content = run(app, ["ladders", "publish", str(folder)])
    assert (changed_content.exit_code, changed_content.stderr.count("SHA-256")) == (1, 1)
    (folder / "ladder.yaml").write_text("x: 1")
    assert run(app, ["ladders", "publish", str(folder)]).exit_code == 1
    assert run(commands, ["show", "tester", "2"]).exit_code == 1


@pytest.mark.parametrize("file", list(FILES))
def test_checked_in_schema_is_up_to_date(file: str) -> None:
    """If not: `nextrung ladders schema NAME > ladders/NAME.schema.json`."""
    printed = run(commands, ["schema", file]).stdout
    assert json.loads(printed) == json_schema(file)
    assert (ROOT / "ladders" / f"{file}.schema.json").read_text("utf-8") == printed


def later(folder: Path, old: str, new: str) -> Path:
    """The folder of a version after the one in `folder`, in which `new` stands for `old`."""
    made = folder.parent / "2"
    made.mkdir()
    text = changed(changed(LADDER, 'version: "1"', 'version: "2"\nsupersedes: "1"'), old, new)
    (made / "ladder.yaml").write_text(text)
    (made / "blueprint.yaml").write_text(changed(BLUEPRINT, 'version: "1"', 'version: "2"'))
    return made


def test_diff_of_two_folders_tells_what_changed_and_exits_1(folder: Path) -> None:
    other = later(folder, "Tests what is there.", "Tests what is there already.")
    answer = run(commands, ["diff", str(folder), str(other)])
    assert answer.exit_code == 1
    assert (
        answer.output
        == """\
tester/1 → tester/2: 1 expectation reworded

Reworded
  expectation Testing, Low, what is expected:
      Tests what is there{+ already+}.

About the version
  ladder Tester, version: 1 → 2
  ladder Tester, supersedes: – → 1
"""
    )


def test_diff_of_the_same_exits_0(folder: Path) -> None:
    answer = run(commands, ["diff", str(folder), str(folder)])
    assert (answer.exit_code, answer.output) == (0, "tester/1 → tester/1: Nothing differs\n")


def test_diff_takes_folders_of_any_name(folder: Path) -> None:
    elsewhere = folder.rename(folder.parent.parent / "downloads")
    answer = run(commands, ["diff", str(elsewhere), str(elsewhere)])
    assert (answer.exit_code, answer.output) == (0, "tester/1 → tester/1: Nothing differs\n")


def test_diff_of_ladder_files_leaves_the_blueprint_out(folder: Path) -> None:
    answer = run(commands, ["diff", str(folder / "ladder.yaml"), str(folder)])
    assert answer.exit_code == 0


def test_diff_follows_an_id_that_is_kept_and_suggests_one_that_is_not(folder: Path) -> None:
    kept = later(folder, "  - id: testing\n", "  - id: trying\n    was: testing\n")
    blueprint = kept / "blueprint.yaml"
    blueprint.write_text(
        blueprint.read_text().replace("[testing]", "[trying]").replace("skill: testing", "skill: trying")
    )
    answer = run(commands, ["diff", str(folder), str(kept)])
    assert answer.output.splitlines()[:4] == [
        "tester/1 → tester/2: 1 skill under another id",
        "",
        "The same under another id",
        "  skill Testing: testing → trying",
    ]
    (kept / "ladder.yaml").write_text((kept / "ladder.yaml").read_text().replace("    was: testing\n", ""))
    answer = run(commands, ["diff", str(folder), str(kept)])
    assert "  skill Testing (testing) → Testing (trying), 100% of the words alike" in answer.output.splitlines()


def test_diff_of_published_versions_and_of_a_folder_with_one(folder: Path, stored: str) -> None:
    other = later(folder, "title: High", "title: Highest")
    run(commands, ["publish", str(folder)])
    run(commands, ["publish", str(other)])
    for before, after in (("tester/1", "tester/2"), (str(folder), "tester/2"), ("tester/1", str(other))):
        answer = run(commands, ["diff", before, after])
        assert (answer.exit_code, answer.output.splitlines()[3]) == (1, "  level High → Highest")


def test_diff_as_json_is_what_the_api_answers(folder: Path) -> None:
    answer = run(commands, ["diff", "--json", str(folder), str(later(folder, "title: High", "title: Highest"))])
    data = json.loads(answer.output)
    assert [(group["kind"], len(group["ladder"])) for group in data["groups"]] == [("renamed", 1), ("about", 2)]


@pytest.mark.parametrize(
    ("sides", "words"),
    [
        (("tester/1", "tester/9"), "There is no version 9 of a ladder tester."),
        (
            ("nothing", "nobody"),
            "There is no file nobody, and a published version is named as in product-manager/2026.1.",
        ),
        ((str(ROOT / "ladders"), "tester/1"), "holds 3 versions; name the folder of one."),
    ],
)
def test_diff_of_what_is_not_there_exits_2(folder: Path, stored: str, sides: tuple[str, str], words: str) -> None:
    run(commands, ["publish", str(folder)])
    answer = run(commands, ["diff", *sides])
    assert answer.exit_code == 2
    assert words in answer.output


def test_diff_of_a_file_with_problems_lists_them_and_exits_2(bad: Path) -> None:
    answer = run(commands, ["diff", str(bad), str(bad)])
    assert answer.exit_code == 2
    assert "unknown field 'titel'" in answer.output
