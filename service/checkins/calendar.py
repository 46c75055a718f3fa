"""Dates of plans as iCalendar (RFC 5545): all-day events that move with the plan's next revision.

An event keeps its UID as long as what it is about exists. SEQUENCE is the number of the agreed revision and DTSTAMP the
moment it was agreed: whoever took the calendar in once sees each move, and the same revision gives the same bytes.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from icalendar import Calendar, Event

from service.checkins.views import Dates
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
            event.add("dtstamp", plan.agreed_at)
            event.add("sequence", plan.revision)
            event.add("transp", "TRANSPARENT")
            event.add("url", f"{base_url}/plans/{plan.plan_id}")
            calendar.add_component(event)
    return bytes(calendar.to_ical())


def _events(plan: Dates) -> Iterator[Event]:
    whose = "Growth plan" if plan.is_own else f"Growth plan of {plan.person_name}"
    for day, on in plan.reviews:
        yield _event(f"{plan.plan_id}-day-{day}", on, f"{whose}: look back on day {day}")
    if plan.is_own:
        weekly = _event(f"{plan.plan_id}-check-in", plan.start_on + RHYTHM, "Growth plan: weekly check-in")
        weekly.add("rrule", {"freq": "weekly", "count": (plan.ends_on - plan.start_on).days // RHYTHM.days})
        yield weekly
        for key_result_id, on, objective, title in plan.due:
            event = _event(f"{key_result_id}-due", on, f"Due: {title}")
            event.add("description", f"Objective: {objective}")
            yield event


def _event(uid: str, on: date, summary: str) -> Event:
    event = Event()
    event.add("uid", f"{uid}@nextrung")
    event.add("dtstart", on)
    event.add("dtend", on + timedelta(days=1))
    event.add("summary", summary)
    return event
