"""Templates of what a pattern finds is replaced by, read only where something is found.

`re` reads a template with groups at each call, before it looks for the pattern (until Python
3.12): in most texts there is nothing to replace.
"""

import re
from collections.abc import Callable
from functools import cache


@cache
def filled(template: str) -> Callable[[re.Match[str]], str]:
    r"""Return what fills a template such as \1 from a match; there are few, each kept."""
    return lambda found: found.expand(template)
