"""The import contracts of pyproject.toml hold, and each of them turns red when somebody breaks it."""

import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree, ignore_patterns

import grimp
import pytest

from service.settings import ROOT

PLANTED = [
    ("order", "service/gaps/rules.py", "import service.plans.rules", "service.gaps.rules -> service.plans.rules"),
    (
        "grid",
        "service/plans/queries.py",
        "import service.plans.actions",
        "service.plans.queries -> service.plans.actions",
    ),
    ("doors", "service/gaps/api.py", "import sqlalchemy.orm", "service.gaps.api -> sqlalchemy"),
    ("rules", "service/signin/rules.py", "import pydantic", "service.signin.rules -> pydantic"),
    ("reports", "reports/charts.py", "import service.errors", "reports.charts -> service.errors"),
    ("migrations", "migrations/versions/planted.py", "import service.db", "migrations.versions.planted -> service.db"),
]
IMPURE_OF_THE_STANDARD_LIBRARY = {"sqlite3", "socket", "subprocess", "threading", "pathlib", "os", "random", "time"}
PURE_EXTRAS = {
    "service.ladders.comparing.reading", "service.ladders.comparing.runs", "service.ladders.comparing.successors",
    "service.people.files", "service.people.trees", "service.people.units", "service.objectives.progress",
}  # fmt: skip


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The code once more, to break it."""
    folder = tmp_path_factory.mktemp("code")
    for package in ("service", "reports", "migrations"):
        no_code = ignore_patterns("__pycache__", "templates", "static", "fonts", "styles")
        copytree(ROOT / package, folder / package, ignore=no_code)
    (folder / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    return folder


def lint(folder: Path, contract: str) -> subprocess.CompletedProcess[str]:
    tool = Path(sys.executable).with_name("lint-imports")
    environment = {**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"}
    return subprocess.run(
        [tool, "--no-cache", "--contract", contract], cwd=folder, env=environment, capture_output=True, text=True
    )


@contextmanager
def planted(path: Path, line: str) -> Iterator[None]:
    """A line more at the end of a file, new where there was none, and as it was again afterwards."""
    clean = path.read_text("utf-8") if path.exists() else None
    path.write_text(f"{clean or ''}\n{line}\n", "utf-8")
    yield
    if clean is None:
        path.unlink()
    else:
        path.write_text(clean, "utf-8")


def test_every_contract_has_a_planted_violation() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    assert [contract["id"] for contract in settings["contracts"]] == [contract for contract, *_ in PLANTED]


@pytest.mark.parametrize(("contract", "file", "line", "told"), PLANTED, ids=[contract for contract, *_ in PLANTED])
def test_a_planted_violation_is_told(copy: Path, contract: str, file: str, line: str, told: str) -> None:
    assert lint(copy, contract).returncode == 0
    with planted(copy / file, line):
        found = lint(copy, contract)
    assert (found.returncode, "1 broken" in found.stdout, told in found.stdout) == (1, True, True), found.stdout


def test_a_new_folder_must_find_its_place_in_the_order(copy: Path) -> None:
    with planted(copy / "service" / "utils.py", "everything = 42"):
        found = lint(copy, "order")
    assert (found.returncode, "utils" in found.stdout) == (1, True), found.stdout


def test_rules_stand_on_the_standard_library_errors_and_other_rules_alone() -> None:
    graph = grimp.build_graph("service", include_external_packages=True, cache_dir=None)
    rules = {module for module in graph.modules if module.startswith("service.") and module.endswith(".rules")}
    assert len(rules) == 19
    allowed = rules | PURE_EXTRAS | {"service.errors"} | (set(sys.stdlib_module_names) - IMPURE_OF_THE_STANDARD_LIBRARY)
    for module in sorted(rules | PURE_EXTRAS):
        assert (module, graph.find_modules_directly_imported_by(module) - allowed) == (module, set())
