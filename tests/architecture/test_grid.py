"""Features are folders, and layers are the same few file names (STYLE.md): what a reader may rely on finding."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.settings import ROOT

LAYERS = {"__init__", "rules", "inputs", "models", "queries", "views", "actions", "pages", "api", "tasks", "commands"}
FEATURES = (
    "alignment", "audit", "checkins", "closing", "documents", "drafts", "exchange", "formats", "gaps", "home", "jobs",
    "ladderdrafts", "ladders", "objectives", "onboarding", "people", "pins", "plans", "reviews", "revisions", "signin", "team",
    "trends",
)  # fmt: skip
EXTRAS = {
    "alignment": {"checks", "forms"},
    "checkins": {"calendar", "dates", "forms"},
    "closing": {"forms"},
    "documents": {"files", "verification"},
    "drafts": {"forms"},
    "exchange": {"files"},
    "formats": {
        "all", "case", "checking", "filling", "forms", "jsontext", "mapped", "markdown", "matrix", "names", "native", "pruning",
        "text", "texts",
    },
    "gaps": {"talk_pages"},
    "ladderdrafts": {"comments", "contents", "differences", "edit_pages", "editing", "forms", "matching"},
    "ladders": {
        "canonical", "checks", "comparing", "files", "hints", "library", "outline", "starts", "writing", "yamltext", "yamlwriting",
    },
    "objectives": {"checks", "progress", "wording", "words"},
    "people": {"files", "forms", "trees", "units"},
    "plans": {"forms", "history", "text"},
    "reviews": {"assess_pages", "cycle_api", "cycle_pages", "cycles", "forms", "history", "progress"},
    "revisions": {"checks", "data"},
    "team": {"forms"},
}  # fmt: skip
"""Files beside the grid, each with one job that its first line names."""

CODE = ("service", "reports", "migrations", "tests")
MOST_LINES, MOST_FUNCTION_LINES = 300, 40


@pytest.mark.parametrize("feature", FEATURES)
def test_a_feature_has_the_known_files_and_no_others(feature: str) -> None:
    names = {path.stem for path in (ROOT / "service" / feature).iterdir() if path.name != "__pycache__"}
    assert names - LAYERS == EXTRAS.get(feature, set())


def test_every_folder_is_a_feature_or_part_of_the_frame() -> None:
    folders = {path.name for path in (ROOT / "service").iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders == {*FEATURES, "web", "demo", "templates", "static"}


def test_every_module_says_what_it_is_for() -> None:
    silent = [path for path, tree in trees("service", "migrations") if tree.body and not ast.get_docstring(tree)]
    assert silent == []


def test_most_files_fit_in_the_head() -> None:
    sizes = [len(path.read_text("utf-8").splitlines()) for path in files(*CODE)]
    assert told("files", sizes, MOST_LINES) >= 0.8


def test_most_functions_fit_on_a_screen() -> None:
    functions = [
        node.end_lineno - node.lineno + 1
        for _, tree in trees(*CODE)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno
    ]
    assert told("functions", functions, MOST_FUNCTION_LINES) >= 0.9


def test_no_function_or_file_of_the_service_is_out_of_hand() -> None:
    long = [path for path in files("service", "reports") if len(path.read_text("utf-8").splitlines()) > 2 * MOST_LINES]
    assert long == []


def told(what: str, sizes: list[int], most: int) -> float:
    """The share of `sizes` up to `most`, printed too (pytest -s)."""
    share = sum(size <= most for size in sizes) / len(sizes)
    print(f"{share:.1%} of {len(sizes)} {what} have up to {most} lines; the longest has {max(sizes)}")
    return share


def files(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def trees(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    for path in files(*folders):
        yield str(path.relative_to(ROOT)), ast.parse(path.read_text("utf-8"))
