"""True retention: days, weeks from Monday and months, young and mature apart."""

from datetime import date

from app.core.retention import Period, Recalled, retention, series

WEDNESDAY = date(2026, 11, 25).toordinal()


def test_young_is_what_is_not_mature() -> None:
    told = retention(1, [Recalled(1, 10, 8, 4, 4), Recalled(2, 5, 3, 1, 0)])
    assert (told.asked, told.passed) == (15, 11)
    assert (told.mature, told.mature_passed) == (5, 4)
    assert (told.young, told.young_passed) == (10, 7)


def test_weeks_begin_on_monday_and_months_on_their_first() -> None:
    monday, sunday = WEDNESDAY - 2, WEDNESDAY - 3
    days = [Recalled(monday, 4, 2, 0, 0), Recalled(sunday, 3, 3, 3, 3)]
    weeks = series(days, Period.WEEK, WEDNESDAY)
    assert [(one.first, one.asked) for one in weeks[-2:]] == [(monday - 7, 3), (monday, 4)]
    assert len(weeks) == 26
    months = series(days, Period.MONTH, WEDNESDAY)
    assert date.fromordinal(months[-1].first) == date(2026, 11, 1)
    assert date.fromordinal(months[0].first) == date(2025, 12, 1)
    assert [one.asked for one in months[-2:]] == [0, 7]


def test_every_day_of_the_last_thirty_is_told_and_older_ones_are_left_out() -> None:
    days = [Recalled(WEDNESDAY - at, 1, 1, 0, 0) for at in (0, 29, 30)]
    told = series(days, Period.DAY, WEDNESDAY)
    assert len(told) == 30
    assert [one.asked for one in (told[0], told[-1])] == [1, 1]
    assert sum(one.asked for one in told) == 2
