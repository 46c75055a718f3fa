"""What a person does with the pages of plans: reads them, fills in forms, presses buttons."""

import re
from datetime import timedelta
from html import unescape

from service import clock

DUE = (clock.today() + timedelta(days=20)).isoformat()
OBJECTIVE = {
    "title": "Sales trusts the roadmap",
    "horizon": "30",
    "why": "They ask twice.",
    "due_on": DUE,
    "serves": "Trust",
}
KEY_RESULT = {
    "title": "Fewer questions", "metric": "Questions a week", "unit": "questions", "direction": "decrease",
    "baseline": "12", "target": "4", "due_on": DUE, "owner": "Ben",
}  # fmt: skip


def text_of(answer) -> str:  # type: ignore[no-untyped-def]
    """What a reader sees, in one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def version_in(answer) -> str:  # type: ignore[no-untyped-def]
    return re.findall(r'name="version" value="(\d+)"', answer.text)[0]


def send(browser, page, action, fields=None):  # type: ignore[no-untyped-def]
    """Fill in the form of `page` whose action is `action`, as it stands there."""
    answer = browser.get(page)
    assert f'action="{action}"' in answer.text
    return browser.post(action, data=(fields or {}) | {"version": version_in(answer)})
