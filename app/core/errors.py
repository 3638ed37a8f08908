"""Refusals: what Factdeck says no to, in the user's words. `str(error)` is the sentence shown.

Four kinds; every case subclasses one of them beside the code that raises it.
"""


class Refused(Exception):
    """What was asked cannot be done as asked; the message says why and what to do."""


class NotFound(Refused):
    """The thing does not exist, or not for this person."""


class NotAllowed(Refused):
    """The thing exists, and this person may not do that with it."""


class Conflict(Refused):
    """Somebody or something else changed it in the meantime."""
