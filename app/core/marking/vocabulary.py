"""Lists of words that are written as texts, for the tables of marking."""


def listed(text: str) -> frozenset[str]:
    """Return the words of a list."""
    return frozenset(text.split())


def grouped(text: str) -> list[frozenset[str]]:
    """Return the groups of words of a list that parts them by semicolons."""
    return [listed(group) for group in text.split(";") if group.strip()]
