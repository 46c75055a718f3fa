"""Draws NextrungSigns.ttf, the five signs that Source Sans lacks or draws in another size.

Run `python reports/fonts/build_signs.py` after a change; the same source gives the same bytes.
"""

from io import BytesIO
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen

TARGET = Path(__file__).with_name("NextrungSigns.ttf")
WIDTH, MIDDLE, RADIUS, STROKE = 780, 328, 300, 72  # units of 1000 per em; the middle is half of Source Sans's capitals
SQUARE = 265  # half a side, optically as large as the circle
SIGNS = {"disc": "●", "half": "◐", "ring": "○", "square": "■", "box": "□"}
KAPPA = 0.5523


def circle(pen: Cu2QuPen, radius: int) -> None:
    x, y, k = WIDTH / 2, MIDDLE, radius * KAPPA
    pen.moveTo((x + radius, y))
    pen.curveTo((x + radius, y - k), (x + k, y - radius), (x, y - radius))
    pen.curveTo((x - k, y - radius), (x - radius, y - k), (x - radius, y))
    pen.curveTo((x - radius, y + k), (x - k, y + radius), (x, y + radius))
    pen.curveTo((x + k, y + radius), (x + radius, y + k), (x + radius, y))
    pen.closePath()


def right_half(pen: Cu2QuPen, radius: int) -> None:
    x, y, k = WIDTH / 2, MIDDLE, radius * KAPPA
    pen.moveTo((x, y + radius))
    pen.curveTo((x + k, y + radius), (x + radius, y + k), (x + radius, y))
    pen.curveTo((x + radius, y - k), (x + k, y - radius), (x, y - radius))
    pen.closePath()


def square(pen: Cu2QuPen, half: int) -> None:
    x, y = WIDTH / 2, MIDDLE
    pen.moveTo((x - half, y - half))
    for point in ((x - half, y + half), (x + half, y + half), (x + half, y - half)):
        pen.lineTo(point)
    pen.closePath()


def draw(name: str) -> object:
    """One glyph; a hole is the same shape drawn the other way round."""
    target = TTGlyphPen(None)
    solid, hole = Cu2QuPen(target, max_err=1), Cu2QuPen(target, max_err=1, reverse_direction=True)
    if name in ("disc", "half", "ring"):
        circle(solid, RADIUS)
    if name == "ring":
        circle(hole, RADIUS - STROKE)
    if name == "half":
        right_half(hole, RADIUS - STROKE)
    if name in ("square", "box"):
        square(solid, SQUARE)
    if name == "box":
        square(hole, SQUARE - STROKE)
    return target.glyph()


def build() -> bytes:
    glyphs = {".notdef": TTGlyphPen(None).glyph(), "space": TTGlyphPen(None).glyph()} | {n: draw(n) for n in SIGNS}
    font = FontBuilder(unitsPerEm=1000, isTTF=True)
    font.setupGlyphOrder(list(glyphs))
    font.setupCharacterMap({ord(" "): "space"} | {ord(sign): name for name, sign in SIGNS.items()})
    font.setupGlyf(glyphs)
    font.setupHorizontalMetrics({name: (WIDTH if name in SIGNS else 250, 0) for name in glyphs})
    font.setupHorizontalHeader(ascent=984, descent=-273)
    font.setupNameTable({"familyName": "Nextrung Signs", "styleName": "Regular", "psName": "NextrungSigns"})
    font.setupOS2(sTypoAscender=750, sTypoDescender=-250, usWinAscent=984, usWinDescent=273)
    font.setupPost()
    font.updateHead(created=0, modified=0)
    font.font.recalcTimestamp = False
    stream = BytesIO()
    font.font.save(stream)
    return stream.getvalue()


if __name__ == "__main__":
    TARGET.write_bytes(build())
