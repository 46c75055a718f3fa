"""HTML of our own templates to PDF/UA-1 and PDF/A-3a: no clock, no network, no file of the machine but the pinned fonts.

The same HTML gives the same bytes in every process whose `versions()` are the same.
"""

import ctypes
import hashlib
import logging
import unicodedata
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

from weasyprint import CSS, HTML, Attachment
from weasyprint.css import ColorProfile
from weasyprint.text import ffi
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from reports.conforming import end_streams_clearly, finish
from reports.errors import ReportError
from reports.forms import PageSize

log = logging.getLogger(__name__)
end_streams_clearly()

VARIANT = "pdf/a-3a"
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


@dataclass(frozen=True, slots=True)
class Source:
    """The data that a document was made of, to go inside it byte for byte."""

    name: str
    text: str
    description: str
    on: date


def to_pdf(html: str, style: str, page: PageSize = "A4", source: Source | None = None) -> bytes:
    """`html` and `style` are ours, never a user's. ReportError when they ask for anything outside the package."""
    return write(lay_out(html, style, page), source)


def lay_out(html: str, style: str, page: PageSize = "A4") -> Any:
    """A weasyprint.Document with its `pages`, for `write`. Raises as `to_pdf`."""
    fetcher = PinnedFonts()
    with _refusing(fetcher):
        sheet, fonts = _sheet(style, page)
        document = HTML(string=html, url_fetcher=fetcher)
        return document.render(font_config=fonts, stylesheets=[sheet], pdf_variant=VARIANT)


def write(document: Any, source: Source | None = None) -> bytes:
    """The file of a laid-out document. Raises as `to_pdf`."""
    with _refusing(document.url_fetcher):
        attachments = [_attachment(source)] if source else []
        document.color_profiles["srgb"] = _srgb()
        pdf: bytes = document.write_pdf(finisher=finish, pdf_variant=VARIANT, output_intent="", attachments=attachments)
    _tell_missing(document)
    return pdf


def _srgb() -> Any:
    """What the colours mean, as PDF/A wants it told; WeasyPrint 70 itself would leave the file of its profile open."""
    profile = files("weasyprint").joinpath("pdf/sRGB2014.icc").read_bytes()
    return ColorProfile(BytesIO(profile), "sRGB2014.icc", "relative-colorimetric", (["r"], ["g"], ["b"]))


@contextmanager
def _refusing(fetcher: PinnedFonts) -> Iterator[None]:
    try:
        yield
    except FatalURLFetchingError:
        raise ReportError(OUTSIDE) from None
    except RecursionError:
        raise ReportError("the document is nested too deeply") from None
    if fetcher.refused:
        raise ReportError(OUTSIDE)


def _attachment(source: Source) -> Attachment:
    moment = datetime.combine(source.on, time())
    return Attachment(
        string=source.text,
        name=source.name,
        description=source.description,
        created=moment,
        modified=moment,
        relationship="Source",
        url_fetcher=PinnedFonts(),
    )


@cache
def _sheet(style: str, page: PageSize) -> tuple[Any, Any]:
    fonts = FontConfiguration()
    css = CSS(string=f"{style}\n@page {{ size: {page} }}", url_fetcher=PinnedFonts(), font_config=fonts)
    return css, fonts


def _tell_missing(document: Any) -> None:
    missing = {character for font in document.fonts.values() for character in font.missing}
    if missing:
        log.warning(
            "No installed font has these scripts, they print as boxes (East Asian ones: fonts-droid-fallback, fonts-nanum): %s",
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
