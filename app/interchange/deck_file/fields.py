"""What a deck file is made of."""

FORMAT = "factdeck/1"
MAX_SOURCE = 1_000_000
MOST_SHOWN = 8
"""Pictures of a fact; more on one page is no question any more."""
MOST_THINGS = 20_000
"""Facts in one upload, and lines of a table: looking at them takes 0.5 ms each."""
FIELDS = {
    "deck": "key title description language",
    "sources": "key title author publisher url published licence text",
    "entities": "key name kind aliases",
    "relations": "key ask ask_inverse say value_kind many",
    "facts": (
        "key subject relation value stance according_to as_of evidence status "
        "ask ask_inverse say note tags pictures"
    ),
    "pictures": "name data",
}
PICTURE = "name side alt"
"""What a fact says of one of its pictures; the file itself stands in the section `pictures`."""
