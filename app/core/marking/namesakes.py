"""People whom only a further name or initial parts: whoever types it means the other one.

Only those whom many readers know; of others a further name is taken, since most people have one.
"""

from collections.abc import Sequence

_GROUPS = """
john adams, john quincy adams; george bush, george w bush, george h w bush, george hw bush;
michael jordan, michael b jordan; martin luther, martin luther king;
robert kennedy, robert f kennedy jr; johann bach, johann christian bach, johann christoph bach;
paul anderson, paul thomas anderson, paul w s anderson; charles adams, charles francis adams;
tom jones, tommy lee jones; david foster, david foster wallace
"""
_NAMESAKES = {
    tuple(name.split()): {tuple(one.split()) for one in group.replace("\n", " ").split(", ")}
    for group in " ".join(_GROUPS.split()).split("; ")
    for name in group.split(", ")
}


def is_namesake(name: Sequence[str], typed: Sequence[str]) -> bool:
    """Whether two names, as their words, are those of two people who are known apart."""
    return tuple(name) != tuple(typed) and tuple(typed) in _NAMESAKES.get(tuple(name), ())
