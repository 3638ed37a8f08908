"""Lists of words, one a subject, for the modules that look for them."""


def words(text: str) -> frozenset[str]:
    """Return the words of a list that is written as a text."""
    return frozenset(text.split())
