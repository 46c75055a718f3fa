"""What may be sent beside a rating."""

import pytest
from pydantic import ValidationError

from service.reviews.inputs import EvidenceInput


@pytest.mark.parametrize(
    "url", ["https://x", "HTTPS://Wiki.example.org/42?a=b#c", "http://[::1]:8000/", "https://münchen.example/ä"]
)
def test_a_link_is_a_whole_web_address(url: str) -> None:
    assert EvidenceInput(dated="2026-06-12", url=url).url == url


@pytest.mark.parametrize(
    "url",
    [
        "https://",
        "https:///path",
        "http://:80/",
        "https://x\njavascript:1",
        "https://x\u202ey",
        "https://x\u200by",
        "https://x y",
        "https://x\ty",
        "javascript:alert(1)",
        "//x",
        "x",
        "ftp://x",
        "https://[::1",
    ],
)
def test_what_is_no_link(url: str) -> None:
    with pytest.raises(ValidationError, match="A link is a whole web address"):
        EvidenceInput(dated="2026-06-12", url=url)
