import json
from pathlib import Path
from typing import Any

import pytest

from reports import growth_plan

SAMPLES = Path(__file__).parent / "samples"


def sample(name: str) -> dict[str, Any]:
    return json.loads((SAMPLES / f"{name}.json").read_text("utf-8"))


@pytest.fixture(scope="session")
def typical_pdf() -> bytes:
    return growth_plan.render(sample("typical"))


@pytest.fixture
def typical() -> dict[str, Any]:
    return sample("typical")


@pytest.fixture
def minimal() -> dict[str, Any]:
    return sample("minimal")
