"""Signing in and out, passwords, API tokens, and the end of all access."""

from dataclasses import dataclass
from datetime import timedelta
from secrets import token_urlsafe
from uuid import UUID

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from service import clock
from service.audit.actions import record
from service.errors import Invalid, NotFound, Problem
from service.people.actions import enqueue_hand_over
from service.people.models import Person
from service.people.queries import load_actor
from service.people.rules import email_key
from service.permissions import Actor, Permission, require
from service.settings import Settings
from service.signin import rules
from service.signin.inputs import PasswordChange, SignIn, TokenRequest
from service.signin.models import ApiToken, CalendarKey, Credential, SignInSession, SignInTry
from service.signin.queries import TokenLine, token_line
from service.signin.rules import Visitor

HASHER = PasswordHash((Argon2Hasher(memory_cost=19_456, time_cost=2, parallelism=1),))
"""OWASP password storage cheat sheet: argon2id, 19 MiB, 2 passes."""

NO_PASSWORD = HASHER.hash(token_urlsafe())
"""Checked where there is no account, so that an unknown one takes as long as a known one."""


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token with its secret, which is shown this once."""

    token: TokenLine
    secret: str


def start_session(session: Session, settings: Settings, person: Person, *, client: str) -> str:
    """A new sign-in of `person`; the key for the cookie, of which only a hash is stored. The caller records it."""
    key, now = token_urlsafe(32), clock.now()
    session.execute(delete(SignInSession).where(SignInSession.person_id == person.id, SignInSession.expires_at <= now))
    session.add(
        SignInSession(
            person_id=person.id,
            key_hash=rules.keyed_hash(settings.secret, key),
            created_at=now,
            expires_at=now + timedelta(hours=settings.session_hours),
            client=client[:200],
        )
    )
    session.flush()
    return key


def sign_in(session: Session, settings: Settings, attempt: SignIn, visitor: Visitor) -> str | None:
    """The key of a new session, or None where e-mail and password do not belong together.

    A wrong try is answered by None rather than by an error, because it has to be committed: it counts. A session that
    the browser brings along ends.

    Raises: TooManyTries.
    """
    account = email_key(attempt.email)
    person = session.scalars(select(Person).where(Person.email_key == account, Person.active)).first()
    if not _password_fits(session, settings, account, person, attempt.password, visitor) or person is None:
        return None
    actor = load_actor(session, person.id)
    if actor is None:
        return None
    _end_session(session, settings, visitor.key)
    key = start_session(session, settings, person, client=visitor.client)
    record(session, actor, "session.started", person)
    return key


def sign_out(session: Session, settings: Settings, actor: Actor, key: str) -> None:
    """End the session of this browser; without one there is nothing to do."""
    if actor.person_id is not None and _end_session(session, settings, key):
        record(session, actor, "session.ended", session.get_one(Person, actor.person_id))


def end_sessions(session: Session, actor: Actor) -> None:
    """Sign the actor out everywhere, here too."""
    require(actor, Permission.MANAGE_OWN_ACCOUNT)
    session.execute(delete(SignInSession).where(SignInSession.person_id == actor.person_id))
    record(session, actor, "session.all_ended", session.get_one(Person, actor.person_id))


def change_password(
    session: Session, settings: Settings, actor: Actor, change: PasswordChange, visitor: Visitor
) -> str | None:
    """Set the actor's own password and end every session; the key of a new one, or None where `current` is wrong (which
    counts as a failed try and has to be committed).

    Raises: Invalid, TooManyTries.
    """
    require(actor, Permission.MANAGE_OWN_ACCOUNT)
    person = session.get_one(Person, actor.person_id)
    if change.password != change.repeated:
        raise Invalid(
            "The password was not changed.", [Problem("/repeated", "This differs from the new password above.")]
        )
    _check_password(change.password, person)
    if not _password_fits(session, settings, person.email_key, person, change.current, visitor):
        return None
    _store_password(session, person, change.password)
    record(session, actor, "password.changed", person)
    return start_session(session, settings, person, client=visitor.client)


def set_password(session: Session, actor: Actor, person: Person, password: str) -> None:
    """Give `person` a password, as whoever runs the machine does for a first sign-in; ends their sessions.

    Raises: Invalid.
    """
    require(actor, Permission.SET_PASSWORD)
    _check_password(password, person)
    _store_password(session, person, password)
    record(session, actor, "password.set", person)


def create_token(session: Session, settings: Settings, actor: Actor, request: TokenRequest) -> NewToken:
    """An API token of the actor's own."""
    require(actor, Permission.MANAGE_OWN_ACCOUNT)
    secret, now = rules.TOKEN_START + token_urlsafe(32), clock.now()
    token = ApiToken(
        person_id=actor.person_id,
        name=request.name,
        prefix=secret[: rules.TOKEN_PREFIX],
        key_hash=rules.keyed_hash(settings.secret, secret),
        scope=request.scope,
        created_at=now,
        expires_at=now + timedelta(days=request.days),
    )
    session.add(token)
    record(session, actor, "token.created", token)
    return NewToken(token_line(token), secret)


def revoke_token(session: Session, actor: Actor, token_id: UUID) -> None:
    """End one of the actor's own tokens.

    Raises: NotFound, for somebody else's too.
    """
    require(actor, Permission.MANAGE_OWN_ACCOUNT)
    token = session.get(ApiToken, token_id)
    if token is None or token.person_id != actor.person_id:
        raise NotFound
    session.delete(token)
    record(session, actor, "token.revoked", token)


def make_calendar(session: Session, settings: Settings, actor: Actor) -> str:
    """The secret of a new calendar address of the actor's own, which is shown this once; an older one ends."""
    require(actor, Permission.MANAGE_OWN_ACCOUNT)
    secret = token_urlsafe(32)
    person = session.get_one(Person, actor.person_id)
    row = CalendarKey(person_id=person.id, key_hash=rules.keyed_hash(settings.secret, secret), created_at=clock.now())
    session.merge(row)
    record(session, actor, "calendar.made", person)
    return secret


def end_calendar(session: Session, actor: Actor) -> None:
    """End the actor's own calendar address; without one there is nothing to do."""
    require(actor, Permission.MANAGE_OWN_ACCOUNT)
    ended = delete(CalendarKey).where(CalendarKey.person_id == actor.person_id)
    if session.scalar(ended.returning(CalendarKey.person_id)) is not None:
        record(session, actor, "calendar.ended", session.get_one(Person, actor.person_id))


def leave(session: Session, actor: Actor, person: Person) -> None:
    """End the employment of `person`: sessions, tokens, calendar and password go in this transaction, the work that waits for them
    is handed over by jobs. Their address becomes free; what they wrote stays."""
    require(actor, Permission.IMPORT_PEOPLE, person)
    if not person.active:
        return
    for table in (SignInSession, ApiToken, CalendarKey, Credential):
        session.execute(delete(table).where(table.person_id == person.id))
    person.active, person.email_key = False, f"left:{person.id}"
    record(session, actor, "person.left", person)
    enqueue_hand_over(session, [person.id])


def _password_fits(
    session: Session, settings: Settings, account: str, person: Person | None, password: str, visitor: Visitor
) -> bool:
    """Whether the password is right; where not, the try is counted. Takes equally long with and without an account."""
    person_id = person.id if person else None
    stored = session.scalar(select(Credential.password_hash).where(Credential.person_id == person_id).with_for_update())
    limits = rules.limits(settings.secret, account, visitor)
    now = clock.now()
    recent = select(SignInTry.key, func.count(), func.min(SignInTry.at)).where(
        SignInTry.key.in_(limits), SignInTry.at > now - rules.WINDOW
    )
    rows = session.execute(recent.group_by(SignInTry.key)).all()
    rules.check_tries(limits, {key: (count, oldest) for key, count, oldest in rows}, now)
    if HASHER.verify(password, stored or NO_PASSWORD) and stored is not None:
        return True
    session.execute(delete(SignInTry).where(SignInTry.at <= now - rules.WINDOW))
    session.add_all(SignInTry(key=key, at=now) for key in limits)
    return False


def _check_password(password: str, person: Person) -> None:
    problems = rules.password_problems(password, email=person.email, name=person.name)
    if problems:
        raise Invalid("The password was not changed.", problems)


def _store_password(session: Session, person: Person, password: str) -> None:
    session.merge(Credential(person_id=person.id, password_hash=HASHER.hash(password)))
    session.execute(delete(SignInSession).where(SignInSession.person_id == person.id))


def _end_session(session: Session, settings: Settings, key: str) -> bool:
    ended = delete(SignInSession).where(SignInSession.key_hash == rules.keyed_hash(settings.secret, key))
    return bool(key) and session.scalar(ended.returning(SignInSession.id)) is not None
