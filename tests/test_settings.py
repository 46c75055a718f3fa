"""Settings from the environment, and what production refuses."""

from pathlib import Path
from secrets import token_hex

import pytest

from service.errors import Invalid
from service.settings import Settings, check_production
from service.terminal import read_settings


def safe(**changes: object) -> Settings:
    return Settings(**{"secret": token_hex(32), "base_url": "https://rungs.example.org"} | changes)  # type: ignore[arg-type]


def test_safe_settings_have_no_problem() -> None:
    assert check_production(safe()) == []


def test_defaults_are_not_fit_for_production(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SECRET", "BASE_URL", "DEBUG"):
        monkeypatch.delenv(f"NEXTRUNG_{name}", raising=False)
    assert [problem.split(" ")[0] for problem in check_production(Settings())] == [
        "NEXTRUNG_SECRET",
        "NEXTRUNG_BASE_URL",
    ]


@pytest.mark.parametrize(
    ("changes", "variable"),
    [
        ({"secret": ""}, "NEXTRUNG_SECRET"),
        ({"secret": token_hex(15)}, "NEXTRUNG_SECRET"),
        ({"secret": "ab" * 32}, "NEXTRUNG_SECRET"),
        ({"base_url": "http://rungs.example.org"}, "NEXTRUNG_BASE_URL"),
        ({"base_url": "https://"}, "NEXTRUNG_BASE_URL"),
        ({"debug": True}, "NEXTRUNG_DEBUG"),
    ],
)
def test_each_unsafe_setting_is_named_alone(changes: dict[str, object], variable: str) -> None:
    (problem,) = check_production(safe(**changes))
    assert problem.startswith(variable)


def test_a_secret_is_never_repeated_in_a_problem() -> None:
    assert "hunter2" not in " ".join(check_production(safe(secret="hunter2")))


def test_all_problems_come_at_once() -> None:
    assert len(check_production(safe(secret="", base_url="http://x", debug=True))) == 3


def test_variables_of_the_environment_are_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NEXTRUNG_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("NEXTRUNG_SESSION_HOURS", "8")
    settings = read_settings()
    assert (settings.session_hours, settings.sqlite_file) == (8, tmp_path / "nextrung.sqlite3")
    assert settings.documents == tmp_path / "documents"


def test_a_database_server_has_no_file() -> None:
    assert safe(database_url="postgresql://nextrung@db.example.org/nextrung").sqlite_file is None


def test_a_value_of_the_wrong_kind_is_named_without_the_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEXTRUNG_SESSION_HOURS", "a-long-time")
    with pytest.raises(Invalid) as caught:
        read_settings()
    (problem,) = caught.value.problems
    assert problem.pointer == "NEXTRUNG_SESSION_HOURS"
    assert "a-long-time" not in problem.detail
