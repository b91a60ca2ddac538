"""Working-time arithmetic against hand-computed cases around 调休, lunch, weekends and years without a list."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.holidays import FOLDER, load_holidays, national_holidays
from server.core.workdays import ZONE, Calendar, Holidays, after_quiet, outside_quiet

HOURS = ((time(8, 30), time(12)), (time(14), time(17, 30)))
CALENDAR = Calendar(HOURS, national_holidays())
BARE = Calendar(HOURS)
LAST = max(national_holidays().published)

instants = st.datetimes(datetime(2023, 6, 1), datetime(2029, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
minutes = st.integers(0, 5000)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("2026-07-15 09:00", 0, "2026-07-15 09:00"),
        ("2026-07-15 03:00", 0, "2026-07-15 03:00"),
        ("2026-07-15 09:00", 60, "2026-07-15 10:00"),
        ("2026-07-15 08:30", 210, "2026-07-15 12:00"),  # the morning ends; it is not yet afternoon
        ("2026-07-15 11:00", 240, "2026-07-15 17:00"),  # over lunch
        ("2026-07-15 12:30", 30, "2026-07-15 14:30"),  # sent at lunch
        ("2026-07-15 17:30", 1, "2026-07-16 08:31"),  # closing time
        ("2026-07-15 23:10", 240, "2026-07-16 14:30"),
        ("2026-07-17 17:00", 240, "2026-07-20 12:00"),  # Friday evening
        ("2026-07-18 10:00", 240, "2026-07-20 14:30"),  # Saturday
        ("2026-09-18 17:00", 240, "2026-09-20 12:00"),  # the Sunday is a make-up workday
        ("2026-09-30 16:30", 240, "2026-10-08 11:30"),  # National Day
        ("2026-10-09 16:30", 240, "2026-10-10 11:30"),  # make-up Saturday
        ("2026-02-13 17:00", 60, "2026-02-14 09:00"),  # make-up Saturday before Spring Festival
        ("2026-02-14 17:00", 60, "2026-02-24 09:00"),  # through Spring Festival
        ("2025-12-31 17:00", 60, "2026-01-04 09:00"),  # over the year's end to a make-up Sunday
        ("2025-09-30 16:30", 240, "2025-10-09 11:30"),  # National Day with Mid-Autumn
        ("2024-04-03 17:00", 60, "2024-04-07 09:00"),  # Qingming, make-up Sunday
        ("2031-12-31 17:00", 60, "2032-01-01 09:00"),  # 2032 has no list: Thursday counts
    ],
)
def test_working_minutes_run_only_while_offices_work(start: str, minutes: int, due: str) -> None:
    assert CALENDAR.add_working_minutes(local(start), minutes) == local(due)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-07-15 10:00", 1, "2026-07-16 10:00"),
        ("2026-07-17 10:00", 1, "2026-07-20 10:00"),
        ("2026-07-18 10:00", 1, "2026-07-20 17:30"),  # a whole day is owed, not what is left of Monday
        ("2026-07-17 22:00", 2, "2026-07-21 17:30"),
        ("2026-09-30 10:00", 1, "2026-10-08 10:00"),
    ],
)
def test_a_working_day_is_a_whole_one(start: str, days: int, due: str) -> None:
    assert CALENDAR.add_workdays(local(start), days) == local(due)


@pytest.mark.parametrize(
    ("on", "works"),
    [
        ("2024-02-04", True),
        ("2024-02-12", False),
        ("2024-02-18", True),
        ("2024-05-11", True),
        ("2024-06-10", False),
        ("2025-01-26", True),
        ("2025-02-04", False),
        ("2025-02-08", True),
        ("2025-10-08", False),
        ("2026-01-02", False),
        ("2026-01-04", True),
        ("2026-05-09", True),
        ("2026-06-19", False),
        ("2026-10-10", True),
        ("2032-10-01", True),
        ("2032-10-02", False),
    ],
)
def test_holidays_and_makeup_days_are_those_published(on: str, works: bool) -> None:
    assert CALENDAR.is_workday(date.fromisoformat(on)) is works


@pytest.mark.parametrize(("year", "workdays"), [(2024, 251), (2025, 248), (2026, 248)])
def test_a_year_has_its_known_number_of_workdays(year: int, workdays: int) -> None:
    first = date(year, 1, 1)
    days = (date(year + 1, 1, 1) - first).days
    assert sum(CALENDAR.is_workday(first + timedelta(days=n)) for n in range(days)) == workdays


@pytest.mark.parametrize(
    ("on", "days", "due"),
    [("2026-09-18", 1, "2026-09-20"), ("2026-09-30", 5, "2026-10-13"), ("2026-07-18", 0, "2026-07-18")],
)
def test_working_dates_are_counted_from_the_day_after(on: str, days: int, due: str) -> None:
    assert CALENDAR.workday_after(date.fromisoformat(on), days) == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-07-15 11:00", "2026-07-15 15:00", 120),
        ("2026-07-17 17:00", "2026-07-20 09:00", 60),
        ("2026-10-01 00:00", "2026-10-08 00:00", 0),
        ("2026-07-15 15:00", "2026-07-15 11:00", 0),
    ],
)
def test_working_minutes_between_leave_out_lunch_and_holidays(start: str, end: str, minutes: int) -> None:
    assert CALENDAR.working_minutes_between(local(start), local(end)) == minutes


def test_years_without_a_list_are_named() -> None:
    assert CALENDAR.unpublished_years(date(2023, 12, 1), date(LAST + 2, 1, 1)) == (2023, LAST + 1, LAST + 2)
    assert CALENDAR.unpublished_years(date(2024, 1, 1), date(LAST, 12, 31)) == ()


@given(instants, instants, minutes)
def test_a_later_start_is_never_due_earlier(one: datetime, other: datetime, minutes: int) -> None:
    first, second = sorted((one, other))
    assert CALENDAR.add_working_minutes(first, minutes) <= CALENDAR.add_working_minutes(second, minutes)


@given(instants, minutes, minutes)
def test_minutes_add_up(start: datetime, some: int, more: int) -> None:
    halfway = CALENDAR.add_working_minutes(start, some)
    assert halfway >= start
    assert CALENDAR.add_working_minutes(halfway, more) == CALENDAR.add_working_minutes(start, some + more)


@given(instants, minutes)
def test_what_is_added_is_what_lies_between(start: datetime, minutes: int) -> None:
    for calendar in (CALENDAR, BARE):
        assert (
            calendar.working_minutes_between(start, calendar.add_working_minutes(start, minutes)) == minutes
        )


def test_minutes_cannot_run_backward() -> None:
    with pytest.raises(ValueError, match="negative"):
        CALENDAR.add_working_minutes(local("2026-07-15 09:00"), -1)


@pytest.mark.parametrize("hours", [(), ((time(12), time(8)),), ((time(8), time(12)), (time(11), time(17)))])
def test_hours_that_no_clock_can_run_on_are_refused(hours: tuple[tuple[time, time], ...]) -> None:
    with pytest.raises(ValueError, match="working hours"):
        Calendar(hours, Holidays())


@pytest.mark.parametrize(
    ("at", "start", "end", "sent"),
    [
        ("2026-07-15 21:29", time(21, 30), time(7, 30), "2026-07-15 21:29"),
        ("2026-07-15 21:30", time(21, 30), time(7, 30), "2026-07-16 07:30"),
        ("2026-07-16 03:00", time(21, 30), time(7, 30), "2026-07-16 07:30"),
        ("2026-07-16 07:30", time(21, 30), time(7, 30), "2026-07-16 07:30"),
        ("2026-07-16 13:00", time(12), time(14), "2026-07-16 14:00"),
        ("2026-07-16 14:00", time(12), time(14), "2026-07-16 14:00"),
        ("2026-07-16 03:00", time(0), time(0), "2026-07-16 03:00"),
    ],
)
def test_quiet_hours_hold_a_push_until_they_end(at: str, start: time, end: time, sent: str) -> None:
    assert after_quiet(local(at), start, end) == local(sent)


@pytest.mark.parametrize(
    "text",
    [
        "year = 2031",
        'year = 2032\nsource = "x"\nmakeup_days = []\n[days_off]\n',
        'year = 2031\nsource = ""\nmakeup_days = []\n[days_off]\n',
        'year = 2031\nsource = "x"\nmakeup_days = ["5"]\n[days_off]\n',
        'year = 2031\nsource = "x"\nmakeup_days = []\n[days_off]\na = [2031-01-03, 2031-01-01]\n',
        "year =",
    ],
)
def test_a_broken_list_is_named(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("lists")
    (folder / "2031.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"2031\.toml"):
        load_holidays(folder)


def test_the_lists_that_ship_are_read_from_their_folder() -> None:
    assert load_holidays(FOLDER) == national_holidays()
    assert {2024, 2025, 2026} <= national_holidays().published


@pytest.mark.parametrize(
    ("since", "until", "start", "end", "minutes"),
    [
        ("2026-07-15 21:00", "2026-07-15 21:20", time(21, 30), time(7, 30), 20),
        ("2026-07-15 21:00", "2026-07-16 07:40", time(21, 30), time(7, 30), 40),
        ("2026-07-15 22:00", "2026-07-16 07:31", time(21, 30), time(7, 30), 1),
        ("2026-07-15 22:00", "2026-07-16 03:00", time(21, 30), time(7, 30), 0),
        ("2026-07-14 12:00", "2026-07-16 12:00", time(21, 30), time(7, 30), 28 * 60),
        ("2026-07-15 11:00", "2026-07-15 15:00", time(12), time(14), 120),
        ("2026-07-14 11:00", "2026-07-15 11:00", time(0), time(0), 24 * 60),
        ("2026-07-15 11:00", "2026-07-15 10:00", time(21, 30), time(7, 30), 0),
    ],
)
def test_quiet_hours_are_no_time_of_waiting(
    since: str, until: str, start: time, end: time, minutes: int
) -> None:
    assert outside_quiet(local(since), local(until), start, end) == timedelta(minutes=minutes)
