"""Ten very different plans, built out of the few samples, to be printed and looked at.

`python -m tests.reports.plans FOLDER` prints them all there.
"""

import json
import sys
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).parent / "samples"
Data = dict[str, Any]


def sample(name: str) -> Data:
    return json.loads((SAMPLES / f"{name}.json").read_text("utf-8"))


def typical() -> Data:
    return sample("typical")


def minimal() -> Data:
    return sample("minimal")


def onboarding() -> Data:
    return sample("onboarding")


def long() -> Data:
    """A dozen pages: 20 gaps, 12 objectives, rows that are nearly a page long."""
    data = sample("long")
    return data | {"gaps": data["gaps"][:20]}


def few() -> Data:
    """Two objectives and little else."""
    data = typical()
    return data | {
        "objectives": data["objectives"][:2],
        "gaps": data["gaps"][:3],
        "differences": data["differences"][:1],
    }


def right_to_left() -> Data:
    """Names and words in Arabic and Hebrew, between Latin ones."""
    data = typical()
    data["person"] |= {"name": "ليلى بنت خالد الأنصاري", "org_unit": "מחלקת תשלומים, Checkout"}
    data["manager"] = {"name": "יעל בן־דוד (Platform)"}
    data["plan"]["title"] = "الخطوة التالية: Senior Product Manager"
    data["objectives"][0]["title"] = "הצוות מחליט לפי מדד שנקבע מראש, not by a number picked afterwards"
    data["objectives"][0]["why"] = "اثنان من آخر ثلاثة رهانات حُكم عليهما برقم اختير لاحقًا. So nobody learned from them."
    for name, signature in zip((data["person"], data["manager"]), data["signatures"], strict=True):
        signature["name"] = name["name"]
    return _owned(data, data["person"]["name"])


def east_asian() -> Data:
    """Names and words in Chinese, Japanese and Korean, which know no spaces to break at."""
    data = typical()
    data["person"] |= {"name": "欧阳 慧敏", "org_unit": "決済プラットフォーム部 チェックアウト課"}
    data["manager"] = {"name": "김서연"}
    data["plan"]["title"] = "從中級到高級產品經理的成長計畫:九十天之內讓結帳團隊的決定都有事先寫下的指標作為依據"
    data["objectives"][0]["title"] = "結帳團隊的每一個決定都建立在事先約定的指標之上,而不是事後挑選的數字"
    data["objectives"][0]["why"] = (
        "直近の三つの賭けのうち二つは、後から選ばれた数字で判断されたため、誰も学ぶことができなかった。" * 3
    )
    data["objectives"][1]["title"] = "모든 신규 사용자가 도움 없이 첫 보고서를 완성한다"
    data["signatures"][0]["name"], data["signatures"][1]["name"] = "欧阳 慧敏", "김서연"
    return _owned(data, "欧阳 慧敏")


def sixty_skills() -> Data:
    data = typical()
    gaps = sample("long")["gaps"]
    short = [gap | {"expected": gap["expected"] | {"statement": gap["expected"]["statement"][:140]}} for gap in gaps]
    return data | {"gaps": [_gap(gap, place) for place, gap in enumerate(short[:60])]}


def empty_fields() -> Data:
    """All that may be empty is."""
    data = typical()
    data["person"] = {"name": "Ø", "employee_id": ""}
    data["manager"] = {"name": ""}
    for objective in data["objectives"]:
        objective |= {"why": "", "serves": [], "projects": []}
        for result in objective["key_results"]:
            result |= {"metric": "", "unit": "", "owner": "", "baseline": None}
    data["objectives"][1]["key_results"] = []
    for gap in data["gaps"]:
        gap["category"] = gap["importance"] = ""
        gap |= {"self": None, "manager": None, "agreed": None, "distance": 0}
    signatures = [signature | {"on": None} for signature in data["signatures"]]
    return data | {
        "attainment": None,
        "differences": [],
        "not_applicable": [],
        "check_ins": [],
        "signatures": signatures,
    }


def long_words() -> Data:
    """Titles, names and figures that are longer than anybody would write, some without a place to break."""
    data = typical()
    data["plan"]["title"] = "Verantwortungsübernahmefähigkeitsentwicklungsvereinbarung " * 3
    data["person"] |= {
        "name": "Wolfeschlegelsteinhausenbergerdorff-Maximiliana von und zu Hohenlohe",
        "employee_id": "E" * 90,
    }
    data["ladder"]["title"] = "Technical Product Manager for Payment Infrastructure and Regulatory Reporting"
    first = data["objectives"][0]
    first["title"] = (
        "Everybody in Checkout " + "and in Risk and in Billing and in Ledger " * 6 + "decides by one metric"
    )
    first["projects"] = ["https://wiki.example.com/" + "path/" * 40]
    first["key_results"][0] |= {
        "baseline": "1234567890.123456",
        "target": "9876543210.654321",
        "unit": "transactions per second",
    }
    return data


def many_key_results() -> Data:
    """Objectives of 14 and 9 key results: too long to be kept on one page."""
    data = typical()
    for objective, count in zip(data["objectives"], (14, 9), strict=False):
        results = objective["key_results"] * 5
        objective["key_results"] = [deepcopy(result) for result in results[:count]]
    return data


def _gap(gap: Data, place: int) -> Data:
    return gap | {"skill": {"id": f"skill-{place}", "name": gap["skill"]["name"]}, "chosen": place < 4}


def _owned(data: Data, name: str) -> Data:
    for objective in data["objectives"]:
        for result in objective["key_results"]:
            result["owner"] = name
    return data


TEN: dict[str, Callable[[], Data]] = {
    make.__name__: make
    for make in (
        typical, onboarding, long, few, right_to_left, east_asian, sixty_skills, empty_fields, long_words,
        many_key_results,
    )
}  # fmt: skip


def main(folder: Path) -> None:
    from reports import growth_plan
    from reports.forms import Form

    folder.mkdir(parents=True, exist_ok=True)
    for name, make in TEN.items():
        for form in Form:
            (folder / f"{name}-{form}.pdf").write_bytes(growth_plan.render(make(), form))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
