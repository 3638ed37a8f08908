"""What is packed with zstd inside a package, unpacked within bounds."""

import sys
from collections.abc import Iterator

from app.core.errors import Refused
from app.core.sentences import say
from app.interchange.archives import Archive, BadArchive

if sys.version_info >= (3, 14):
    from compression.zstd import DecompressionParameter, ZstdDecompressor, ZstdError
else:
    from backports.zstd import DecompressionParameter, ZstdDecompressor, ZstdError

NEWEST = "collection.anki21b"
MOST_COLLECTION = 60_000_000
LARGEST_WINDOW = 27
"""Binary logarithm of the memory that zstd may ask for: 128 MB."""


class BadPackage(Refused):
    """A package that cannot be read; the message says why."""


def unpacked_collection(archive: Archive, name: str) -> bytes:
    """Return the SQLite file of a package. Raises BadArchive and BadPackage."""
    if name != NEWEST:
        return archive.read(name, MOST_COLLECTION)
    return unpacked(archive.chunks(name, MOST_COLLECTION))


def unpacked(chunks: Iterator[bytes], most: int = MOST_COLLECTION) -> bytes:
    """Return a zstd stream, unpacked, but never more than `most`."""
    made = ZstdDecompressor(options={DecompressionParameter.window_log_max: LARGEST_WINDOW})
    out = bytearray()
    try:
        for chunk in chunks:
            piece = chunk
            while not made.eof:
                out += made.decompress(piece, max_length=1 << 20)
                piece = b""
                if len(out) > most:
                    raise BadArchive(
                        say("Unpacked, this has more than {most} MB.", most=most // 1000000)
                    )
                if made.needs_input:
                    break
    except (ZstdError, EOFError, ValueError) as error:
        raise BadPackage(
            say("The collection is packed badly: {error}.", error=str(error)[:80])
        ) from None
    if not made.eof:
        raise BadPackage(say("The collection in this package is cut short."))
    return bytes(out)
