"""How near names are looked up: by how they begin and end."""

RIVAL_EDITS = 3
SHORT_END, LONG_END = 2, 3
"""Letters of a short and of a longer name by which near names are looked up: longer ends keep the
places small in which they are compared one by one."""


def ends(name: str) -> tuple[str, str]:
    """Return how a name begins and ends: a typo seldom changes both, and never a figure."""
    return _ends_of(name, LONG_END if len(name) >= 2 * LONG_END else SHORT_END)


def homes(name: str) -> tuple[str, ...]:
    """Return every end by which a name a few letters shorter or longer looks for this one."""
    short = _ends_of(name, SHORT_END) if len(name) <= 2 * LONG_END + RIVAL_EDITS else ()
    return (*_ends_of(name, LONG_END), *short)


def _ends_of(name: str, letters: int) -> tuple[str, str]:
    figures = "".join(filter(str.isdigit, name))
    folded = name.casefold()
    return f"{folded[:letters]}*{figures}", f"*{folded[-letters:]}{figures}"
