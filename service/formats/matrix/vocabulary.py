"""The words by which people's tables are recognised: what a column means, what is a level, what says nothing new. Pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TypeVar

from service.ladders.rules import Importance, Requirement

Value = TypeVar("Value")

CATEGORY, SKILL, SKILL_ID, SUMMARY = "category", "skill", "skill-id", "summary"
IMPORTANCE, REQUIREMENT, LEVEL = "importance", "requirement", "level"
STATEMENT, INDICATORS, COUNTERS, SOURCE = "statement", "indicators", "counter-indicators", "section"
LEFT_OUT = ""

MEANINGS = {
    LEFT_OUT: "left out",
    CATEGORY: "category",
    SKILL: "skill",
    SKILL_ID: "id of the skill",
    SUMMARY: "description of the skill",
    IMPORTANCE: "importance of the skill",
    LEVEL: "name of the level",
    STATEMENT: "what is expected",
    INDICATORS: "what shows that it is met",
    COUNTERS: "what shows that it is not yet",
    REQUIREMENT: "must, should or may",
    SOURCE: "section it comes from",
}
"""What a column can mean, with the words for it."""

_COLUMNS = {
    COUNTERS: "anti pattern|antipattern|counter indicator|counter|red flag|negative indicator|negative behavio|not yet|smell"
    "|what it is not|does not|pitfall|warning sign|derailer",
    INDICATORS: "indicator|evidence|example|observable|behavio|signal|positive|proof|demonstrated by|success criteria",
    REQUIREMENT: "requirement|required|must should|mandatory|necessity|firmness",
    IMPORTANCE: "importance|priority|criticality",
    SKILL_ID: "id|key|code|skill id|identifier|skill code|competency id|ref",
    STATEMENT: "expectation|statement|what good looks like|proficiency description|level description|requirement text|expected",
    LEVEL: "level|grade|seniority|rank|band|stage|rung|position|job level|role level|proficiency level|stufe|уровень|nivel"
    "|niveau|livello|nivå|等级|级别|レベル|グレード|等級",
    SUMMARY: "description|definition|summary|about|meaning|what it is|beschreibung|описание|descripción|说明|説明",
    CATEGORY: "category|area|domain|group|theme|pillar|family|section|cluster|skill category|skill area|competency area"
    "|skill type|skill group|kategorie|bereich|domäne|domaine|категория|categoría|catégorie|área|分类|类别|カテゴリ|分類|領域",
    SKILL: "skill|competency|competence|competencies|skills|capability|attribute|dimension|topic|behaviour|behavior|trait|name"
    "|criteria|criterion|element|subject|aspect|subcategory|sub category|skill name|competency name|track|kompetenz|fähigkeit"
    "|fähigkeiten|kompetenzen|навык|навыки|компетенция|habilidad|habilidades|competencia|compétence|competência|技能|能力|スキル",
    LEFT_OUT: "note|notes|comment|comments|link|links|url|resources|resource|reference|references|owner|score|rating|current"
    "|target|self|gap|weight|weighting|todo|status|#|no|nr|manager|self assessment|date|feedback|total|average",
    SOURCE: "source section",
}  # fmt: skip
_ROLES = {word: role for role, words in _COLUMNS.items() for word in words.split("|")}
_WITHIN = [(role, word) for role in (COUNTERS, INDICATORS, REQUIREMENT) for word in _COLUMNS[role].split("|")]

_RANKS = (
    "intern|trainee|apprentice|student|none|novice|awareness|unaware|aware|praktikant|werkstudent|stagiaire|becario|estagiario"
    "|стажер|стажёр|实习|インターン|見習い",
    "graduate|entry|beginner|basic|foundational|fundamental|learner|learning|aspiring|new grad|emerging|anfanger|grundkenntnisse"
    "|debutant|debutante|principiante|basico|basica|iniciante|初心者|入門",
    "junior|jr|associate|advanced beginner|developing|einsteiger|berufseinsteiger|младший|джуниор|初级|初級|ジュニア|explorer",
    "mid|middle|mid level|intermediate|medior|regular|competent|working|practitioner|professional|capable|fortgeschritten"
    "|fortgeschrittene|fortgeschrittener|intermediaire|confirme|confirmee|intermedio|intermedia|intermediario|semi senior|ssr"
    "|мидл|средний|pleno|中级|中級|ミドル",
    "senior|sr|advanced|proficient|experienced|erfahren|erfahrene|erfahrener|experimente|experimentee|avance|avancee|avanzado"
    "|avanzada|avancado|avancada|сеньор|старший|高级|上級|シニア|strong",
    "lead|leading|leader|expert|experte|expertin|experto|experta|especialista|mastery|master|ведущий|team lead|tech lead|teamlead"
    "|techlead|leiter|リード|エキスパート|专家|専門家",
    "staff|senior staff",
    "principal|architect|chief|role model|director|head of",
    "distinguished|visionary|thought leader|vice president|vp",
    "fellow",
)
_RANK = {word: rank for rank, words in enumerate(_RANKS) for word in words.split("|")}
_LATIN = re.compile("|".join(sorted((re.escape(w) for w in _RANK if w.isascii()), key=len, reverse=True)))
_NUMBERED = re.compile(
    r"(?:^|\b)(?:level|lvl|grade|band|step|rung|stage|tier|stufe|nivel|niveau|livello|nivå|уровень|レベル|グレード|等級|l|ic|m|e|p|t|g|se|swe|sde|dev|em|d|pm|s|c)"
    r"\s*[-.:#]?\s*(\d{1,2})\b"
)
_ACCENTS = re.compile("[\u0300-\u036f]+")
_ROMAN = re.compile(r"\b(i{1,3}|iv|v|vi{1,3})$")
_ROMANS = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii")

_SAME = re.compile(
    r"(?:see |same |as |like |cf\.? |\+ ?|idem|ditto|no change|unchanged|all of the |everything (?:in|from) ).{0,40}?"
    r"(?:previous|prior|above|before|below|left|level|preceding|prev)\.?.{0,12}|same|same as (?:l|ic)?\d+|as before|ditto|idem"
    r"|no change|unchanged|no additional.{0,30}|wie zuvor|как выше|同上|同前|同左",
)
_SAY_NOTHING = (
    "|-|–|—|--|---|n/a|n.a.|na|none|nil|null|.|…|...|\"|''|〃|=|←|→|/|tbd|todo|no|n|false|not applicable|not expected"
    "|not required|entfällt|нет|無|无|なし"
)
_NOTHING = frozenset(_SAY_NOTHING.split("|"))
_MARKS = {"x", "✓", "✔", "✔️", "✅", "☑", "yes", "y", "true", "ja", "да", "sí", "oui", "是", "●", "•", "○"}

_REQUIREMENTS = {
    Requirement.MUST: "must|must have|required|mandatory|yes|y|muss|обязательно|必须|必須|core|essential",
    Requirement.SHOULD: "should|should have|expected|recommended|soll|желательно|preferred",
    Requirement.MAY: "may|could|could have|optional|nice to have|kann|bonus|no|n",
}
_IMPORTANCES = {
    Importance.CRITICAL: "critical|very high|highest|essential|must|must have|core|p0|hoch|kritisch",
    Importance.IMPORTANT: "important|high|medium|normal|should|should have|p1|wichtig|mittel",
    Importance.OPTIONAL: "optional|low|lowest|nice to have|may|could|p2|p3|gering",
}


def plain(text: str) -> str:
    """`text` as words are compared: one width, no case, signs as single spaces."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\s_\-–—/:*()\[\].,?&]+", " ", folded).strip()


def meaning(title: str) -> str | None:
    """What a column of this title means; "" where it is known to mean nothing here, None where nobody knows."""
    words = plain(title)
    if not words:
        return None
    return _ROLES.get(words, _ROLES.get(words.removesuffix("s"))) if len(words) <= 60 else None


def detail(title: str) -> str:
    """What a column of one level holds: mostly what is expected; "Junior: red flags" says otherwise."""
    words = plain(title)
    if "section" in words.split():
        return SOURCE
    return next((role for role, word in _WITHIN if re.search(rf"\b{re.escape(word)}", words)), STATEMENT)


def is_level(title: str) -> bool:
    """Whether a title is likely that of a level: "L3", "Senior Engineer", "Level 2", "Engineer II"."""
    return _rank(title) is not None or _number(title) is not None


def direction(titles: Sequence[str]) -> int:
    """1 where the titles rise as they stand, -1 where they fall, 0 where nobody can tell."""
    numbers, ranks = [_number(title) for title in titles], [_rank(title) for title in titles]
    both = [None if rank is None else (rank, number or 0) for rank, number in zip(ranks, numbers, strict=True)]
    for keys in (both, numbers, ranks):
        known = [key for key in keys if key is not None]
        if len(known) < max(2, len(titles) * 0.6):
            continue
        steps = [(a < b) - (a > b) for a, b in pairwise(known)]  # type: ignore[operator]
        if abs(sum(steps)) == len(steps):
            return steps[0]
    known_ranks = [rank for rank in ranks if rank is not None]
    return (known_ranks[-1] > known_ranks[0]) - (known_ranks[-1] < known_ranks[0]) if len(known_ranks) > 1 else 0


def level_key(title: str) -> tuple[int, int] | None:
    """By what levels are sorted that stand in no order at all; None for an unknown title."""
    rank, number = _rank(title), _number(title)
    return None if rank is None and number is None else (rank if rank is not None else 3, number or 0)


def says_nothing(text: str) -> bool:
    """Whether a cell is empty by its words: a dash, "n/a"."""
    return text.casefold().strip(" *_") in _NOTHING


def says_same(text: str) -> bool:
    """Whether a cell only points to the level before: "Same as previous"."""
    words = re.sub(r"\s+", " ", text.casefold()).strip(" .*_()[]\"'")
    return len(words) < 80 and _SAME.fullmatch(words) is not None


def is_mark(text: str) -> bool:
    """Whether a cell only ticks a skill."""
    return text.casefold().strip() in _MARKS


def is_number(text: str) -> bool:
    """Whether a cell says a step of some scale and no more."""
    return re.fullmatch(r"\d{1,3}(?:[.,]\d{1,2})?\s*%?", text.strip()) is not None


def requirement(text: str) -> Requirement | None:
    return _word(_REQUIREMENTS, text)


def importance(text: str) -> Importance | None:
    return _word(_IMPORTANCES, text)


def counter_heading(line: str) -> bool:
    """Whether a line of a cell opens a list of what shows that something is not yet met: "Red flags:"."""
    words = plain(line)
    return len(words) <= 40 and any(
        re.match(rf"{re.escape(word)}s?\b", words) for word in (*_COLUMNS[COUNTERS].split("|"), "not")
    )


def indicator_heading(line: str) -> bool:
    """Whether a line of a cell opens a list of what shows that something is met: "Examples:"."""
    words = plain(line)
    return line.rstrip().endswith(":") and any(
        re.match(rf"{re.escape(word)}s?\b", words) for word in _COLUMNS[INDICATORS].split("|")
    )


def _word(words: Mapping[Value, str], text: str) -> Value | None:
    said = plain(text)
    return next((value for value, known in words.items() if said and said in known.split("|")), None)


def _rank(title: str) -> int | None:
    """The place of the highest word of seniority in a title: "Senior Staff Engineer" is a staff engineer."""
    words = plain(title.strip().split("\n", 1)[0])
    if not words or len(words) > 60:
        return None
    latin = _ACCENTS.sub("", unicodedata.normalize("NFD", words))
    found = [_RANK[word] for word in _LATIN.findall(latin) if re.search(rf"\b{re.escape(word)}\b", latin)]
    found += [rank for word, rank in _RANK.items() if not word.isascii() and word in words]
    return max(found, default=None)


def _number(title: str) -> int | None:
    words = plain(title.strip().split("\n", 1)[0])
    if not words or len(words) > 60:
        return None
    found = _NUMBERED.search(words)
    if found:
        return int(found[1])
    if words.isdecimal() and len(words) <= 2:
        return int(words)
    roman = _ROMAN.search(words)
    return _ROMANS.index(roman[1]) if roman and roman[1] in _ROMANS and " " in words else None
