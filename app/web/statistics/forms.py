"""How a deck's items are narrowed and sorted."""

from flask_babel import lazy_gettext as _
from wtforms import Form as PlainForm
from wtforms import SelectField, StringField

from app.core.statistics import Flag
from app.services.statistics import Order
from app.web.fields import choices, page_number
from app.web.words import FLAGS

ORDERS = {
    Order.FLAGS: _("striking first"),
    Order.FACT: _("as in the deck"),
    Order.ANSWERS: _("most answers"),
    Order.FACILITY: _("hardest"),
    Order.DISCRIMINATION: _("lowest discrimination"),
    Order.TIME: _("slowest"),
}


class ItemsForm(PlainForm):
    """It changes nothing, so it needs no token."""

    flag = SelectField(
        _("Show"),
        choices=choices(
            [("", _("every question")), *((str(int(flag)), text) for flag, text in FLAGS.items())]
        ),
    )
    order = SelectField(
        _("Sorted by"), choices=choices((str(o), text) for o, text in ORDERS.items())
    )
    page = StringField(_("Page"))

    @property
    def chosen_flag(self) -> Flag | None:
        """The flag that alone is to be shown; None for all."""
        return next((flag for flag in Flag if str(int(flag)) == self.flag.data), None)

    @property
    def chosen_order(self) -> Order:
        """What to sort by; the striking first where the address says nothing known."""
        return next((one for one in Order if str(one) == self.order.data), Order.FLAGS)

    @property
    def page_number(self) -> int:
        """The page, 1 where the address says nothing that could be one."""
        return page_number(self.page)
