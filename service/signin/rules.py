"""Passwords, tries and cookies as pure rules (OWASP authentication and session cheat sheets; SECURITY.md row 6)."""

import hmac
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address
from math import ceil
from urllib.parse import urlsplit

from service.errors import Problem, TooManyTries

WINDOW = timedelta(minutes=5)
SHORTEST, LONGEST = 12, 200
TOKEN_START = "nr_"  # noqa: S105  # the public first letters of every API token
TOKEN_PREFIX = 10
DEVICE_COOKIE, DEVICE_DAYS = "nextrung-device", 180


@dataclass(frozen=True, slots=True)
class Visitor:
    """What a sign-in try says about where it comes from. `key` and `device` are cookies, "" where there are none."""

    address: str
    client: str
    key: str = ""
    device: str = ""


def cookie_name(*, secure: bool) -> str:
    """The session cookie; with the prefix that makes browsers insist on https and this very host."""
    return "__Host-nextrung" if secure else "nextrung"


def keyed_hash(secret: str, text: str) -> str:
    """HMAC-SHA256 in hex: what is stored of session keys, tokens, accounts and addresses."""
    return hmac.new(secret.encode(), text.encode("utf-8", "surrogatepass"), sha256).hexdigest()


def calendar_address(base_url: str, secret: str) -> str:
    """Where a calendar program finds somebody's dates."""
    return f"{base_url}/calendar/{secret}.ics"


def device_mark(secret: str, account: str) -> str:
    """What a browser keeps once `account` (an e-mail key) has signed in with it. It opens nothing; see `limits`."""
    return keyed_hash(secret, f"device|{account}")


def limits(secret: str, account: str, visitor: Visitor) -> dict[str, int]:
    """Failed tries allowed in WINDOW for each hashed key that this try counts towards.

    A browser that this account has signed in with before has ten tries of its own, and no others count: whatever a
    stranger does, from however many addresses, does not lock a person out of their own browser. Everybody else shares
    ten tries an address, a hundred an account (so one stranger's address never reaches it) and a thousand in all.
    """
    mark = device_mark(secret, account)
    if visitor.device and hmac.compare_digest(visitor.device.encode(), mark.encode()):
        return {keyed_hash(secret, f"own|{account}"): 10}
    counted = {f"address|{network(visitor.address)}": 10, f"account|{account}": 100, "all": 1000}
    return {keyed_hash(secret, key): limit for key, limit in counted.items()}


def check_tries(limits: dict[str, int], tries: dict[str, tuple[int, datetime]], now: datetime) -> None:
    """Go on while every key in `limits` has tries left; `tries` has the count and the oldest moment for each.

    Raises: TooManyTries.
    """
    ends = [tries[key][1] + WINDOW for key, limit in limits.items() if key in tries and tries[key][0] >= limit]
    if ends:
        seconds = max(1, ceil((max(ends) - now).total_seconds()))
        minutes = ceil(seconds / 60)
        words = "a minute" if minutes == 1 else f"{minutes} minutes"
        raise TooManyTries(f"There were too many tries to sign in. Wait {words} and try again.", seconds)


def network(address: str) -> str:
    """The address as it is counted: IPv6 by its /64, which one household or attacker holds as a whole."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped) if mapped else str(IPv6Address(int(parsed) >> 64 << 64))
    return str(parsed)


def password_problems(password: str, *, email: str, name: str) -> list[Problem]:
    """What speaks against a new password (NIST SP 800-63B: length matters, composition rules do not)."""
    if not SHORTEST <= len(password) <= LONGEST:
        return [
            Problem(
                "/password", f"Use {SHORTEST} to {LONGEST} characters; a few words in a row are easy to keep in mind."
            )
        ]
    if _fold(password) in (_fold(email), _fold(name)):
        return [Problem("/password", "Use something other than your name or e-mail address.")]
    return []


def local_path(path: str | None) -> str:
    """`path` where it is a page of ours, else the home page: nobody is sent elsewhere after signing in."""
    if not path or not path.isprintable() or "\\" in path or not path.startswith("/") or path.startswith("//"):
        return "/"
    try:
        parts = urlsplit(path)
    except ValueError:
        return "/"
    return "/" if parts.scheme or parts.netloc or parts.path in ("/signin", "/signout") else path


BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def name_client(user_agent: str) -> str:
    """A browser in words to tell one's sessions apart by, such as "Firefox on Linux"; at most 200 characters."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "")
    if browser and system:
        return f"{browser} on {system}"
    return "".join(sign for sign in user_agent if sign.isprintable())[:200] or "unknown"


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()
