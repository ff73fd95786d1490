"""Says what words for ranges mean, with Python's own zones and calendar, for TestAgainstPython.

Each line in: zone, moment (seconds of Unix time), first day of the week (0 is Sunday), first month and day of the fiscal year.
Each line out: word=from:until for every word, and the ISO week of the day.
"""
import calendar
import sys
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo


def local(moment, zone):
    return datetime.fromtimestamp(moment, timezone.utc).astimezone(zone)


def start(day, zone):
    """The first moment of a day: its first midnight, or else found minute by minute."""
    moment = int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())
    if local(moment, zone).replace(tzinfo=None) == datetime(day.year, day.month, day.day):
        return moment
    moment -= 26 * 3600
    while local(moment, zone).date() < day:
        moment += 60
    return moment


def month(day, n):
    """The first day of the n-th month from a day's."""
    months = day.year * 12 + day.month - 1 + n
    return date(months // 12, months % 12 + 1, 1)


def fiscal(year, first_month, first_day):
    return date(year, first_month, min(first_day, calendar.monthrange(year, first_month)[1]))


for line in sys.stdin:
    name, moment, week_start, fiscal_month, fiscal_day = line.split()
    zone, moment = ZoneInfo(name), int(moment)
    today = local(moment, zone).date()
    if start(today + timedelta(1), zone) <= moment:
        today += timedelta(1)  # an evening that comes again after midnight
    days = [today]
    while len(days) < 9:
        day = days[-1] - timedelta(1)
        while start(day, zone) == start(day + timedelta(1), zone):
            day -= timedelta(1)  # a day that was left out
        days.append(day)
    week = today - timedelta((today.isoweekday() - int(week_start)) % 7)
    quarter = month(today, -((today.month - 1) % 3))
    year = date(today.year, 1, 1)
    begins = [fiscal(today.year + n, int(fiscal_month), int(fiscal_day)) for n in (-2, -1, 0, 1)]
    running = max(n for n, day in enumerate(begins) if day <= today)
    meanings = {
        "yesterday": (days[1], days[0]),
        "previous 8 days": (days[8], days[0]),
        "last_week": (week - timedelta(7), week),
        "this_week": (week, week + timedelta(7)),
        "week_to_date": (week, today),
        "last_month": (month(today, -1), month(today, 0)),
        "month_to_date": (month(today, 0), today),
        "previous 5 months": (month(today, -5), month(today, 0)),
        "last_quarter": (month(quarter, -3), quarter),
        "this_quarter": (quarter, month(quarter, 3)),
        "last_year": (date(today.year - 1, 1, 1), year),
        "year_to_date": (year, today),
        "last_fiscal_year": (begins[running - 1], begins[running]),
        "fiscal_year_to_date": (begins[running], today),
    }
    words = [f"{word.replace(' ', '+')}={start(a, zone)}:{start(b, zone)}" for word, (a, b) in meanings.items()]
    iso = today.isocalendar()
    print(*words, f"iso={iso.year:04}-W{iso.week:02}")
