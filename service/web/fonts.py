"""The typefaces of page and PDF, served from the pinned packages that the reports print with."""

import mimetypes
import os

from fastapi.staticfiles import StaticFiles

FOLDERS: list[str | tuple[str, str]] = [
    ("font_source_sans_pro", "files"),
    ("font_source_serif_pro", "files"),
    ("reports", "fonts"),
]

mimetypes.add_type("font/ttf", ".ttf")


class Fonts(StaticFiles):
    """The TTF files of FOLDERS by name, and nothing else that lies beside them. Mount it before `/static`."""

    def __init__(self) -> None:
        super().__init__(packages=FOLDERS)

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        return super().lookup_path(path) if path.endswith(".ttf") else ("", None)
