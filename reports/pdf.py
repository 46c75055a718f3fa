"""HTML of our own templates to PDF/UA-1: no clock, no network, no file of the machine but the pinned fonts.

The same HTML gives the same bytes in every process whose `versions()` are the same.
"""

import ctypes
import hashlib
import logging
import unicodedata
import zlib
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import pydyf
from weasyprint import CSS, HTML
from weasyprint.text import ffi
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from reports.errors import ReportError

log = logging.getLogger(__name__)

PageSize = Literal["A4", "Letter"]
SCHEME = "nextrung-font:"
FONTS = {
    "sans-regular": ("font_source_sans_pro", "files/SourceSansPro-Regular.ttf"),
    "sans-semibold": ("font_source_sans_pro", "files/SourceSansPro-Semibold.ttf"),
    "serif-semibold": ("font_source_serif_pro", "files/SourceSerifPro-Semibold.ttf"),
    "signs": ("reports", "fonts/NextrungSigns.ttf"),
}
OUTSIDE = "the document asked for something outside the package"
LIBRARIES = ("weasyprint", "pydyf", "tinyhtml5", "tinycss2", "cssselect2", "fonttools", "pillow", "jinja2", "pydantic")
SYSTEM_LIBRARIES = (("libharfbuzz.so.0", "hb_version_string"), ("libpango-1.0.so.0", "pango_version_string"))


class PinnedFonts(URLFetcher):  # type: ignore[misc]
    """Hands out the fonts named in FONTS; asking for anything else ends the rendering.

    Some code of WeasyPrint swallows even the fatal error, hence `refused`: the schemes asked for in vain.
    """

    def __init__(self) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self.refused: list[str] = []

    def fetch(self, url: str, headers: object = None) -> Any:  # noqa: ARG002
        name = url.removeprefix(SCHEME)
        if not url.startswith(SCHEME) or name not in FONTS:
            self.refused.append(url.partition(":")[0])
            raise FatalURLFetchingError
        return URLFetcherResponse(url, font(name), {"Content-Type": "font/ttf"})


def font(name: str) -> bytes:
    package, path = FONTS[name]
    return files(package).joinpath(path).read_bytes()


def to_pdf(html: str, style: str, page: PageSize = "A4") -> bytes:
    """`html` and `style` are ours, never a user's. ReportError when they ask for anything outside the package."""
    fetcher = PinnedFonts()
    try:
        sheet, fonts = _sheet(style, page)
        document = HTML(string=html, url_fetcher=fetcher).render(
            font_config=fonts, stylesheets=[sheet], pdf_variant="pdf/ua-1"
        )
        pdf: bytes = document.write_pdf(finisher=_finish, pdf_variant="pdf/ua-1")
    except FatalURLFetchingError:
        raise ReportError(OUTSIDE) from None
    except RecursionError:
        raise ReportError("the document is nested too deeply") from None
    if fetcher.refused:
        raise ReportError(OUTSIDE)
    _tell_missing(document)
    return pdf


@cache
def _sheet(style: str, page: PageSize) -> tuple[Any, Any]:
    fonts = FontConfiguration()
    css = CSS(string=f"{style}\n@page {{ size: {page} }}", url_fetcher=PinnedFonts(), font_config=fonts)
    return css, fonts


def _finish(_document: Any, pdf: Any) -> None:
    """Says of each table head whether it heads a column or a row: PDF/UA asks for it, WeasyPrint 70 leaves it out."""
    for head in _structure(pdf, "/TH"):
        row = _parent(pdf, head)
        in_head = _parent(pdf, row)["S"] == "/THead"
        head["A"]["Scope"] = "/Column" if in_head else "/Row"


def _structure(pdf: Any, role: str) -> list[Any]:
    return [item for item in pdf.objects if isinstance(item, pydyf.Dictionary) and item.get("S") == role]


def _parent(pdf: Any, element: Any) -> Any:
    return pdf.objects[int(element["P"].split()[0])]


def _tell_missing(document: Any) -> None:
    missing = {character for font in document.fonts.values() for character in font.missing}
    if missing:
        log.warning(
            "No installed font has these scripts, they print as boxes (fonts-droid-fallback has the East Asian ones): %s",
            ", ".join(_scripts(missing)),
        )


def _scripts(characters: set[Any]) -> list[str]:
    texts = (character if isinstance(character, str) else chr(character) for character in characters)
    return sorted({unicodedata.name(text[0], "unnamed").split()[0].split("-")[0] for text in texts if text})


def check_environment() -> list[str]:
    """What this machine lacks to render as everywhere else, each with its remedy; empty when it is fit."""
    problems = []
    if ffi.harfbuzz_subset is None:
        problems.append("libharfbuzz-subset is missing (slow, other bytes): apt-get install libharfbuzz-subset0")
    for name, (package, path) in FONTS.items():
        try:
            font(name)
        except (ModuleNotFoundError, FileNotFoundError):
            problems.append(f"the font {path} of {package} is missing: install the locked dependencies")
    return problems


@cache
def versions() -> str:
    """Everything outside our templates that the bytes depend on, as one line a thing."""
    lines = [f"{name} {version(name)}" for name in LIBRARIES]
    lines += [f"{name} {hashlib.sha256(font(name)).hexdigest()}" for name in FONTS]
    lines += [f"{function} {_library(file, function)}" for file, function in SYSTEM_LIBRARIES]
    lines += [f"zlib {zlib.ZLIB_RUNTIME_VERSION}"]
    return "\n".join([*lines, f"other fonts {_installed_fonts()}"])


def _library(file: str, function: str) -> str:
    tell = getattr(ctypes.CDLL(file), function)
    tell.restype = ctypes.c_char_p
    return str(tell().decode())


def _installed_fonts() -> str:
    """A hash of names and sizes: after fonts for another script are installed, documents are made anew."""
    config = ffi.ffi.gc(ffi.fontconfig.FcInitLoadConfigAndFonts(), ffi.fontconfig.FcConfigDestroy)
    fonts = ffi.fontconfig.FcConfigGetFonts(config, ffi.fontconfig.FcSetSystem)
    paths = {_font_path(fonts.fonts[place]) for place in range(fonts.nfont)}
    sizes = sorted(f"{path.name} {path.stat().st_size}" for path in paths)
    return hashlib.sha256("\n".join(sizes).encode()).hexdigest()


def _font_path(pattern: Any) -> Path:
    text = ffi.ffi.new("FcChar8 **")
    ffi.fontconfig.FcPatternGetString(pattern, b"file", 0, text)
    return Path(ffi.ffi.string(text[0]).decode())
