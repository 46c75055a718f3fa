"""Dates of plans as iCalendar (RFC 5545): all-day events that move with the plan's next revision.

An event keeps its UID as long as what it is about exists. SEQUENCE is the number of the agreed revision and DTSTAMP the
moment it was agreed: whoever took the calendar in once sees each move, and the same revision gives the same bytes.

What falls away says so, since a program that took an event in would keep one that is merely gone: it stays under its UID,
with STATUS:CANCELLED and the SEQUENCE of the revision that no longer has it (RFC 5545, 3.8.1.11 and 3.8.7.4). Closing a plan
counts as one revision more, from the moment of closing: reviews and due days after that day are cancelled, the weekly
check-in ends with it (or is cancelled whole, if none was due by then), and what lay before stays as it was. A feed tells this
until the plan's 90th day has passed, after which nothing of it is to come; then the plan leaves it, and the feed stays short.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from icalendar import Calendar, Event

from service.checkins.views import Dates, DueDate
from service.objectives.rules import RHYTHM

MEDIA_TYPE = "text/calendar"


def write(plans: Iterable[Dates], base_url: str) -> bytes:
    """One calendar of these plans. Titles stand in the events of one's own plans alone, nobody's check-ins in any."""
    calendar = Calendar()
    calendar.add("prodid", "-//Nextrung//Growth plans//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Growth plans")
    calendar.add("x-published-ttl", "PT12H")
    for plan in plans:
        for event in _events(plan):
            event.add("dtstamp", plan.closed_at or plan.agreed_at)
            event.add("sequence", plan.revision + (plan.closed_at is not None))
            event.add("transp", "TRANSPARENT")
            event.add("url", f"{base_url}/plans/{plan.plan_id}")
            calendar.add_component(event)
    return bytes(calendar.to_ical())


def _events(plan: Dates) -> Iterator[Event]:
    whose = "Growth plan" if plan.is_own else f"Growth plan of {plan.person_name}"
    last_on = plan.closed_at.date() if plan.closed_at else date.max
    for day, on in plan.reviews:
        yield _event(f"{plan.plan_id}-day-{day}", on, f"{whose}: look back on day {day}", on <= last_on)
    if plan.is_own:
        yield _weekly(plan, min(plan.ends_on, last_on))
    for due in plan.due:
        yield _due(due, due.on <= last_on)
    for due in plan.taken_out:
        yield _due(due, False)


def _weekly(plan: Dates, last_on: date) -> Event:
    """The check-ins up to `last_on`; all of them, cancelled, where that is before the first one."""
    weeks = (last_on - plan.start_on) // RHYTHM
    event = _event(f"{plan.plan_id}-check-in", plan.start_on + RHYTHM, "Growth plan: weekly check-in", weeks > 0)
    event.add("rrule", {"freq": "weekly", "count": weeks or (plan.ends_on - plan.start_on) // RHYTHM})
    return event


def _due(due: DueDate, stands: bool) -> Event:
    event = _event(f"{due.id}-due", due.on, f"Due: {due.title}", stands)
    event.add("description", f"Objective: {due.objective}")
    return event


def _event(uid: str, on: date, summary: str, stands: bool) -> Event:
    event = Event()
    event.add("uid", f"{uid}@nextrung")
    event.add("dtstart", on)
    event.add("dtend", on + timedelta(days=1))
    event.add("summary", summary)
    event.add("status", "CONFIRMED" if stands else "CANCELLED")
    return event
