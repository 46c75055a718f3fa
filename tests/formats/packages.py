"""CASE packages of different shapes."""

from typing import Any

from hypothesis import strategies as st

from tests.formats.making import TEXTS

Data = dict[str, Any]
TIME = "2025-02-03T04:05:06+00:00"


def uuid(number: int, kind: str = "c") -> str:
    return f"{kind}0000000-0000-4000-8000-{number:012}"


def head(identifier: str) -> Data:
    return {"identifier": identifier, "uri": f"https://frameworks.example.org/{identifier}", "lastChangeDateTime": TIME}


def item(number: int, statement: str, **more: Any) -> Data:
    return head(uuid(number)) | {"fullStatement": statement} | more


def link(identifier: str) -> Data:
    return {"title": "x", "identifier": identifier, "uri": f"https://frameworks.example.org/{identifier}"}


def tie(number: int, kind: str, origin: str, destination: str, **more: Any) -> Data:
    ends = {"originNodeURI": link(origin), "destinationNodeURI": link(destination)}
    return head(uuid(number, "a")) | {"associationType": kind} | ends | more


def package(items: list[Data], ties: list[Data], **more: Any) -> Data:
    document = head(uuid(0, "d")) | {"creator": "Example", "title": "Framework of testers"}
    return {"CFDocument": document, "CFItems": items, "CFAssociations": ties} | more


def child(number: int, below: int = 0, **more: Any) -> Data:
    return tie(number, "isChildOf", uuid(number), uuid(below) if below else uuid(0, "d"), **more)


def rubric(*criteria: Data) -> Data:
    return head(uuid(1, "b")) | {"title": "Rubric", "CFRubricCriteria": list(criteria)}


def criterion(number: int, about: int, *levels: tuple[str, str, float]) -> Data:
    return head(uuid(number, "b")) | {
        "CFItemURI": link(uuid(about)),
        "CFRubricCriterionLevels": [
            head(uuid(number * 100 + place, "e")) | {"quality": quality, "description": words, "score": score}
            for place, (quality, words, score) in enumerate(levels)
        ],
    }


PLAIN = package(
    [item(1, "Testing"), item(2, "Writes tests.\r\n"), item(3, "Reads\u0007 logs. "), item(4, "On its own")],
    [child(1), child(2, 1, sequenceNumber=2), child(3, 1, sequenceNumber=1), tie(9, "precedes", uuid(2), uuid(3))],
)
RUBRICS = package(
    [item(1, "Craft"), item(2, "Tests what was built", abbreviatedStatement="Testing")],
    [child(1), child(2, 1)],
    CFRubrics=[
        rubric(criterion(2, 2, ("Expert", "Teaches it.", 3), ("Novice", "Tries it.", 1), ("Able", "Does it.", 2)))
    ],
)
GRADES = package(
    [
        item(1, "Numbers"),
        item(2, "Counts to ten.", educationLevel=["KG"]),
        item(3, "Counts to a hundred.", educationLevel=["02", "01"]),
        item(4, "Counts on.", educationLevel=["10"]),
        item(5, "Says nothing at a level"),
    ],
    [child(1), child(2, 1), child(3, 1), child(4, 1), child(5)],
)
NAMED = package(
    [item(1, "Testing"), item(2, "Building"), item(3, "Asking")]
    + [
        item(10 * skill + n, f"{verb} {n}", abbreviatedStatement=name)
        for skill, verb in enumerate(["Tests", "Builds", "Asks"], 1)
        for n, name in enumerate(["Basic", "Deep"])
    ],
    [child(1), child(2), child(3)] + [child(10 * skill + n, skill) for skill in (1, 2, 3) for n in (0, 1)],
)
LEVELLED = package(
    [
        item(1, "Higher rung", abbreviatedStatement="High"),
        item(2, "Lower rung", abbreviatedStatement="Low"),
        item(3, "Testing"),
        item(4, "Tests all."),
        item(5, "Tests some."),
        item(6, "Was seen testing."),
    ],
    [
        *(child(1), child(2), child(3), child(4, 3), child(5, 3), child(6, 5)),
        tie(31, "precedes", uuid(2), uuid(1)),
        tie(32, "hasSkillLevel", uuid(4), uuid(1)),
        tie(33, "hasSkillLevel", uuid(5), uuid(2)),
        tie(34, "ext:likes", uuid(4), "elsewhere"),
    ],
)
WRAPPED = {"CFPackage": RUBRICS, "more": [1, 2.5, None, {"~": "sign"}]}
SHAPES = {
    "PLAIN": PLAIN,
    "RUBRICS": RUBRICS,
    "GRADES": GRADES,
    "NAMED": NAMED,
    "LEVELLED": LEVELLED,
    "WRAPPED": WRAPPED,
}

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8) | st.just("~"), inner, max_size=3),
    max_leaves=6,
)
KINDS = (
    "isChildOf", "isPeerOf", "isPartOf", "exactMatchOf", "precedes", "isRelatedTo", "replacedBy", "exemplar", "hasSkillLevel",
    "isTranslationOf", "ext:other",
)  # fmt: skip


@st.composite
def packages(draw: st.DrawFn) -> Data:
    """Packages with any tree, any ties and any fields beyond."""
    count = draw(st.integers(1, 8))
    items = [
        item(number, draw(TEXTS | st.text(max_size=9).map(lambda text: f"{text}.")), **_beyond(draw))
        for number in range(1, count + 1)
    ]
    for node in items:
        node |= draw(
            st.fixed_dictionaries(
                {}, optional={"educationLevel": st.lists(st.sampled_from(["01", "02", "KG"]), max_size=2)}
            )
        )
        node |= draw(
            st.fixed_dictionaries({}, optional={"abbreviatedStatement": st.sampled_from(["Low", "High"]) | TEXTS})
        )
    ties = [child(number, draw(st.integers(0, number - 1))) for number in range(1, count + 1)]
    numbers = st.integers(1, count).map(uuid)
    for number in range(draw(st.integers(0, 5))):
        kind = draw(st.sampled_from(KINDS[1:]))
        ties.append(tie(50 + number, kind, draw(numbers), draw(numbers), **_beyond(draw)))
    more = draw(st.fixed_dictionaries({}, optional={"CFDefinitions": _JSON, "extensions": _JSON, "odd": _JSON}))
    if draw(st.booleans()):
        levels = [("Low", "Does it.", 1.0), ("High", "Teaches it.", 2.0)]
        more["CFRubrics"] = [rubric(criterion(2, draw(st.integers(1, count)), *levels[: draw(st.integers(1, 2))]))]
    return package(items, ties, **more)


def _beyond(draw: st.DrawFn) -> Data:
    return draw(st.fixed_dictionaries({}, optional={"notes": st.text(max_size=5), "extensions": _JSON}))
