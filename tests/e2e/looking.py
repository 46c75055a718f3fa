"""How a page is looked at: by axe, by its width, by the keyboard, and by what the browser complains about."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Response

TAGS = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
NARROW = (320, 360, 640)
"""The narrowest phone that counts, a common one, and a desktop of 1280 at 200 % zoom."""

STOPS = 30
"""So many presses of Tab at most: a long list repeats itself."""

FRAME = """() => ({
  headings: document.querySelectorAll("h1").length,
  title: document.title.trim(),
  lang: document.documentElement.lang,
  main: document.querySelectorAll("main").length,
})"""
OVERFLOW = """() => {
  const width = document.documentElement.clientWidth
  if (document.documentElement.scrollWidth <= width) return null
  const wide = [...document.querySelectorAll("main *, header *")].filter(it => it.getBoundingClientRect().right > width + 1)
  const clips = it => it.parentElement && (getComputedStyle(it.parentElement).overflowX !== "visible" || clips(it.parentElement))
  const guilty = wide.filter(it => !clips(it)).at(-1) ?? wide.at(-1)
  return guilty?.outerHTML.slice(0, 120) ?? "something"
}"""
FOCUS = """() => {
  const it = document.activeElement
  if (!it || it === document.body) return null
  const name = it.outerHTML.slice(0, 120)
  const shows = part => {
    const style = part && getComputedStyle(part)
    return style && (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1)
  }
  const box = [...it.getClientRects()].find(box => box.width && box.height)
  const middle = (from, to, end) => (Math.max(from, 0) + Math.min(to, end)) / 2 // of what is in sight of a long one
  const top = box && document.elementFromPoint(middle(box.left, box.right, innerWidth), middle(box.top, box.bottom, innerHeight))
  const covered = !box || !top || !(it.contains(top) || top.contains(it) || it.closest("label")?.contains(top))
  const visible = [it, it.closest("label"), it.nextElementSibling].some(shows)
  return { name, visible, covered, skip: it.getAttribute("href") === "#main" }
}"""


@dataclass
class Visit:
    """A page of a browser, and what the browser complained about while it was open."""

    page: Page
    complaints: list[str] = field(default_factory=list)


def watch(page: Page) -> Visit:
    """Collect errors of scripts, breaches of the content security policy, and files that are not there."""
    visit = Visit(page)

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            visit.complaints.append(f"{page.url}: {message.text}")

    def check(response: Response) -> None:
        if response.status >= 400 and response.request.resource_type not in ("document", "fetch"):
            visit.complaints.append(f"{page.url}: {response.url} is answered by {response.status}")

    page.on("console", hear)
    page.on("pageerror", lambda error: visit.complaints.append(f"{page.url}: {error}"))
    page.on("response", check)
    return visit


def look(page: Page) -> list[str]:
    """All that is wrong with the page as it stands, "rule: where" each; leaves it at the width it had."""
    size = page.viewport_size
    assert size is not None
    found = [*_frame(page), *_keyboard(page)]
    found += [f"{line} (light)" for line in _axe(page, TAGS)]
    page.emulate_media(color_scheme="dark")
    found += [f"{line} (dark)" for line in _axe(page, COLOURS)]
    for width in NARROW:
        page.set_viewport_size({"width": width, "height": 900})
        guilty = page.evaluate(OVERFLOW)
        found += [f"sideways at {width}: {guilty}"] if guilty else []
        if width == 360:
            found += [f"{line} (dark, 360)" for line in _axe(page, TAGS)]
    page.set_viewport_size(size)
    page.emulate_media(color_scheme="light")
    return found


def _frame(page: Page) -> Iterator[str]:
    frame = page.evaluate(FRAME)
    if frame["headings"] != 1:
        yield f"headings: {frame['headings']} of level 1"
    if frame["main"] != 1:
        yield f"main: {frame['main']} of them"
    if not frame["title"] or frame["title"].startswith("·"):
        yield "title: none"
    if frame["lang"] != "en":
        yield "lang: none"


def _keyboard(page: Page) -> Iterator[str]:
    """The first Tab reaches the skip link, and wherever focus goes, it is seen."""
    page.evaluate("() => { document.activeElement?.blur(); scrollTo(0, 0); getSelection().removeAllRanges() }")
    seen = set()
    for stop in range(STOPS):
        page.keyboard.press("Tab")
        focus: dict[str, Any] | None = page.evaluate(FOCUS)
        if focus is None:
            break
        if stop == 0 and not focus["skip"]:
            yield f"first Tab: {focus['name']}"
        if focus["name"] in seen:
            continue
        seen.add(focus["name"])
        if not focus["visible"]:
            yield f"focus unseen: {focus['name']}"
        if focus["covered"]:
            yield f"focus covered: {focus['name']}"


def _axe(page: Page, rules: dict[str, Any]) -> Iterator[str]:
    options = {"runOnly": rules, "resultTypes": ["violations"]}
    for violation in Axe().run(page, options=options).response["violations"]:
        for node in violation["nodes"][:3]:
            yield f"axe {violation['id']}: {node['html'][:160]}"
