"""Reads a calendar on standard input, and tells what a calendar program shows of it between two days."""

import json
import sys
from datetime import date

import icalendar
import recurring_ical_events

begin, end = (date.fromisoformat(day) for day in sys.argv[1:3])
calendar = icalendar.Calendar.from_ical(sys.stdin.buffer.read())
wrong = [str(error) for component in calendar.walk() for error in component.errors]
shown = recurring_ical_events.of(calendar).between(begin, end)
days = [
    {
        "uid": str(event["UID"]),
        "day": event["DTSTART"].dt.isoformat(),
        "summary": str(event["SUMMARY"]),
        "description": str(event["DESCRIPTION"]),
        "url": str(event.get("URL", "")),
    }
    for event in shown
]
json.dump({"name": str(calendar["NAME"]), "wrong": wrong, "days": days}, sys.stdout)
