"""The published JSON Schema of a plan's data, made from contract.py; schemas/growth-plan-1.json holds it for readers."""

import json
from importlib.resources import files

from reports.contract import FORMAT, GrowthPlan

NAME = "growth-plan-1.json"


def text() -> str:
    """The schema as contract.py says it. To publish a change: `python -m reports schema > reports/schemas/growth-plan-1.json`."""
    schema = GrowthPlan.model_json_schema()
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{FORMAT}".replace("/", ":"),
        "title": f"Growth plan ({FORMAT})",
        "description": "The data of an agreed revision, as it is hashed, printed, and embedded in its PDF as plan.json.",
    }
    return json.dumps(head | {k: v for k, v in schema.items() if k not in head}, indent=1, ensure_ascii=False) + "\n"


def published() -> str:
    return files("reports").joinpath(f"schemas/{NAME}").read_text("utf-8")
