"""Settings from environment variables `NEXTRUNG_*`. `check_production` refuses an unsafe set of them."""

from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url

SECRET_LENGTH = 32
LONG_SECRET = "set a random value, such as one of `openssl rand -hex 32`."  # noqa: S105  # words, not a secret
ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Read once at start. The README has the table for operators."""

    model_config = SettingsConfigDict(env_prefix="NEXTRUNG_", extra="ignore")

    secret: str = Field(default="", description="At least 32 random characters; keys the hashes of sign-ins.")
    base_url: str = Field(default="http://127.0.0.1:8000", description="The address people type; https in production.")
    database_url: str = Field(default="", description="SQLAlchemy URL; SQLite in data_dir where left out.")
    data_dir: Path = Field(default=ROOT / "data", description="Folder for the SQLite file and the rendered PDFs.")
    debug: bool = Field(default=False, description="Refused in production.")
    session_hours: int = Field(default=12, ge=1, le=168, description="How long a sign-in lasts.")

    @cached_property
    def secure(self) -> bool:
        """Whether people reach the service over https."""
        return self.base_url.startswith("https://")

    @cached_property
    def database(self) -> str:
        """The SQLAlchemy URL in force."""
        return self.database_url or f"sqlite:///{self.data_dir / 'nextrung.sqlite3'}"

    @cached_property
    def sqlite_file(self) -> Path | None:
        """The database's file, or None where the database is a server."""
        file = make_url(self.database).database
        return Path(file) if file and self.database.startswith("sqlite") else None

    @cached_property
    def documents(self) -> Path:
        """The folder of the rendered PDFs."""
        return self.data_dir / "documents"


def check_production(settings: Settings) -> list[str]:
    """What makes these settings unsafe for real people's data; empty when they are safe."""
    problems = []
    if len(settings.secret) < SECRET_LENGTH:
        problems.append(f"NEXTRUNG_SECRET is missing or shorter than {SECRET_LENGTH} characters: {LONG_SECRET}")
    elif len(set(settings.secret)) < SECRET_LENGTH // 4:
        problems.append(f"NEXTRUNG_SECRET repeats a few characters: {LONG_SECRET}")
    if not settings.secure or not urlsplit(settings.base_url).hostname:
        problems.append(f"NEXTRUNG_BASE_URL is {settings.base_url!r}: people's ratings need an https:// address.")
    if settings.debug:
        problems.append("NEXTRUNG_DEBUG is on: switch it off, it shows internals to everybody.")
    return problems
