"""The same on the command line."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from service.cli import app
from service.ladders.files import read_path
from service.settings import ROOT
from tests.formats.test_matrix import PLAIN

run = CliRunner().invoke


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "Testers 2026.csv"
    path.write_text(PLAIN)
    return path


def test_files_are_written_that_the_check_accepts(file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "testers" / "2026.1"
    done = run(app, ["ladders", "import", str(file), "--title", "Testers", "-o", str(folder)])
    assert done.exit_code == 0, done.output
    (reading,) = read_path(folder)
    assert reading.problems == ()
    assert reading.ladder is not None
    assert (reading.ladder.id, len(reading.ladder.skills)) == ("testers", 2)


def test_check_writes_nothing(file: Path, tmp_path: Path) -> None:
    done = run(app, ["ladders", "import", str(file), "--check", "-o", str(tmp_path / "x")])
    assert done.exit_code == 0
    assert not (tmp_path / "x").exists()


def test_a_mapping_is_printed_corrected_and_read(file: Path, tmp_path: Path) -> None:
    shown = run(app, ["ladders", "import", str(file), "--show-mapping"])
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(shown.stdout.replace("title: Mid", "title: Middle"))
    done = run(app, ["ladders", "import", str(file), "--mapping", str(mapping), "-o", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert "title: Middle" in (tmp_path / "out" / "ladder.yaml").read_text()


def test_problems_are_lines_with_their_place(tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    path.write_text("Id,Skill,Junior,Senior\na,x,1,2\na,y,1,2\n")
    done = run(app, ["ladders", "import", str(path), "-o", str(tmp_path / "out")])
    assert done.exit_code == 1
    assert f"{path}: row 3, column B: error: The id 'a' stands here twice" in done.stdout
    assert not (tmp_path / "out").exists()


def test_our_own_folder_goes_through_json(tmp_path: Path) -> None:
    ours = ROOT / "ladders" / "product-manager" / "2026.1" / "ladder.yaml"
    done = run(app, ["ladders", "import", str(ours), "-o", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert read_path(tmp_path / "ladder.yaml")[0].ladder == read_path(ours)[0].ladder
