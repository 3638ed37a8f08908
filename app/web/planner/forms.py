"""What learners choose about their own study."""

from dataclasses import replace
from datetime import date

from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional

from app.core.planning import NewOrder, Preferences
from app.services.study import DeckWishes, StudyWishes
from app.web.base import Form
from app.web.fields import choices
from app.web.language import number

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""The fields of the weekdays, Monday first."""
LOADS = choices([("100", _("as usual")), ("50", _("half")), ("0", _("free"))])
LONGEST_AHEAD = 36_500


def _within(low: int, high: int) -> LazyString:
    least, most = LazyString(number, low), LazyString(number, high)
    return _("Choose from %(low)s to %(high)s.", low=least, high=most)


RETENTION = _within(70, 97)


def _number(label: str, low: int, high: int, about: str) -> IntegerField:
    message = _within(low, high)
    limits = [InputRequired(message), NumberRange(low, high, message)]
    return IntegerField(label, description=about, validators=limits)


def _weekday(name: str) -> SelectField:
    return SelectField(name, choices=LOADS, default="100")


class StudyForm(Form):
    """How a learner studies everywhere."""

    retention = IntegerField(
        _("How much you want to recall, in percent"),
        description=_(
            "Facts come back when predicted recall falls to this. 90 suits most people; "
            "more means many more reviews."
        ),
        validators=[InputRequired(RETENTION), NumberRange(70, 97, RETENTION)],
    )
    new_per_day = _number(
        _("New facts a day"), 0, 1000, _("Each brings some ten reviews in its life.")
    )
    reviews_per_day = _number(
        _("Reviews a day at most"), 0, 10_000, _("What is due beyond this waits for another day.")
    )
    maximum_interval_days = _number(
        _("Longest time between reviews, in days"), 1, 36_500, _("36,500 means no limit.")
    )
    new_order = SelectField(
        _("New facts come"),
        choices=choices([(NewOrder.DECK, _("in the deck's order")), (NewOrder.MIXED, _("mixed"))]),
    )
    leech_lapses = _number(
        _("Lapses that make a leech"),
        1,
        100,
        _("A fact forgotten so often rather needs rewording."),
    )
    leech_suspends = BooleanField(_("Set leeches aside"))
    fits_by_itself = BooleanField(_("Fit the prediction to my own reviews now and then"))
    monday = _weekday(_("Monday"))
    tuesday = _weekday(_("Tuesday"))
    wednesday = _weekday(_("Wednesday"))
    thursday = _weekday(_("Thursday"))
    friday = _weekday(_("Friday"))
    saturday = _weekday(_("Saturday"))
    sunday = _weekday(_("Sunday"))

    def weekdays(self) -> list[SelectField]:
        """Return the fields of the weekdays, Monday first."""
        return [getattr(self, name) for name in WEEKDAYS]

    @classmethod
    def of(cls, wishes: StudyWishes) -> "StudyForm":
        """Return the form filled with what is chosen now."""
        preferences = wishes.preferences
        loads = zip(WEEKDAYS, preferences.weekday_loads, strict=True)
        return cls(
            data={
                "retention": round(wishes.desired_retention * 100),
                "new_per_day": wishes.new_per_day,
                "reviews_per_day": preferences.reviews_per_day,
                "maximum_interval_days": preferences.maximum_interval_days,
                "new_order": str(preferences.new_order),
                "leech_lapses": preferences.leech_lapses,
                "leech_suspends": preferences.leech_suspends,
                "fits_by_itself": preferences.fits_by_itself,
                **{name: str(load) for name, load in loads},
            }
        )

    def chosen(self, before: StudyWishes) -> StudyWishes:
        """Return what has been chosen; what the form does not show stays."""
        preferences: Preferences = replace(
            before.preferences,
            reviews_per_day=int(self.reviews_per_day.data or 0),
            maximum_interval_days=int(self.maximum_interval_days.data or 1),
            new_order=NewOrder(str(self.new_order.data)),
            weekday_loads=tuple(int(str(field.data)) for field in self.weekdays()),
            leech_lapses=int(self.leech_lapses.data or 1),
            leech_suspends=bool(self.leech_suspends.data),
            fits_by_itself=bool(self.fits_by_itself.data),
        )
        retention = int(self.retention.data or 0) / 100
        return replace(
            before,
            desired_retention=retention,
            new_per_day=int(self.new_per_day.data or 0),
            preferences=preferences,
        )


class DeckStudyForm(Form):
    """What a learner wants otherwise in one deck."""

    retention = IntegerField(
        _("How much you want to recall of this deck, in percent"),
        description=_("Leave it empty to want the same as everywhere."),
        validators=[Optional(), NumberRange(70, 97, RETENTION)],
    )
    target = DateField(
        _("The day you want to be ready by"),
        description=_(
            "An exam, a talk. In the 30 days before it facts come back more often, and "
            "once more shortly before it where they would have faded. Leave it empty "
            "without one."
        ),
        validators=[Optional()],
    )

    @classmethod
    def of(cls, wishes: DeckWishes) -> "DeckStudyForm":
        """Return the form filled with what is chosen now."""
        share = wishes.desired_retention
        return cls(
            data={
                "retention": round(share * 100) if share else None,
                "target": date.fromordinal(wishes.target_day) if wishes.target_day else None,
            }
        )

    def share(self) -> float | None:
        """Return the wanted recall as a share."""
        return int(self.retention.data) / 100 if self.retention.data else None

    def target_day(self) -> int | None:
        """Return the target as a proleptic ordinal."""
        return self.target.data.toordinal() if self.target.data else None


class AheadForm(Form):
    """How far to study ahead."""

    days = _number(
        _("How many days ahead?"), 1, LONGEST_AHEAD, _("A large number asks everything.")
    )
