"""The icons' PNG files, drawn by our own hand: `python -m app.web.offline.icons FOLDER`.

The shapes are those of static/icon.svg, on a canvas of 32 units.
"""

import struct
import sys
import zlib
from collections.abc import Callable
from math import hypot
from pathlib import Path

Colour = tuple[int, int, int]
Shape = tuple[float, float, float, float, float, Colour]
"""x, y, width, height, radius of the corners, colour."""
BROWN, GREEN, PAPER = (0x8A, 0x5A, 0x2B), (0x1F, 0x5F, 0x5B), (0xFF, 0xFA, 0xF0)
CARDS: tuple[Shape, ...] = (
    (4, 7, 20, 21, 3, BROWN),
    (8, 4, 20, 21, 3, GREEN),
    (11, 10, 14, 2, 1, PAPER),
    (11, 14.5, 14, 2, 1, PAPER),
    (11, 19, 9, 2, 1, PAPER),
)
CANVAS = 32
MASKED = 0.7
"""The share of a maskable icon that the cards take: its safe zone is a circle of 80 %."""
SIZES = {"192": 192, "512": 512, "apple": 180, "maskable": 512}
FULL = frozenset({"apple", "maskable"})
"""Icons that fill their square: systems cut them to a shape of their own."""


def drawn(name: str) -> bytes:
    """Return the PNG file of an icon."""
    size = SIZES[name]
    share = MASKED if name in FULL else 1.0
    unit = size * share / CANVAS
    offset = size * (1 - share) / 2
    shapes = [
        (x * unit + offset, y * unit + offset, w * unit, h * unit, r * unit, colour)
        for x, y, w, h, r, colour in CARDS
    ]
    ground = (*PAPER, 255) if name in FULL else (0, 0, 0, 0)
    rows = (_row(shapes, ground, size, y) for y in range(size))
    return _png(size, b"".join(b"\0" + row for row in rows))


def _row(shapes: list[Shape], ground: tuple[int, int, int, int], size: int, y: int) -> bytes:
    line = [ground] * size
    for x0, y0, width, height, radius, colour in shapes:
        if not y0 - 1 <= y <= y0 + height + 1:
            continue
        far = _distance(x0, y0, width, height, radius)
        for x in range(max(0, int(x0) - 1), min(size, int(x0 + width) + 2)):
            covered = min(1.0, max(0.0, 0.5 - far(x + 0.5, y + 0.5)))
            if covered:
                line[x] = _over(colour, covered, line[x])
    return bytes(channel for pixel in line for channel in pixel)


def _distance(
    x0: float, y0: float, width: float, height: float, radius: float
) -> Callable[[float, float], float]:
    """Return the signed distance to a rectangle with round corners, negative inside."""
    half_x, half_y = width / 2 - radius, height / 2 - radius
    centre_x, centre_y = x0 + width / 2, y0 + height / 2

    def far(x: float, y: float) -> float:
        out_x, out_y = abs(x - centre_x) - half_x, abs(y - centre_y) - half_y
        corner = hypot(max(out_x, 0.0), max(out_y, 0.0))
        return corner + min(max(out_x, out_y), 0.0) - radius

    return far


def _over(
    colour: Colour, covered: float, under: tuple[int, int, int, int]
) -> tuple[int, int, int, int]:
    below = under[3] / 255 * (1 - covered)
    alpha = covered + below
    red, green, blue = (
        round((top * covered + base * below) / alpha)
        for top, base in zip(colour, under[:3], strict=True)
    )
    return (red, green, blue, round(alpha * 255))


def _png(size: int, rows: bytes) -> bytes:
    """Return an image as PNG (ISO 15948): 8 bits, red, green, blue, alpha."""
    head = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


if __name__ == "__main__":
    for name in SIZES:
        (Path(sys.argv[1]) / f"{name}.png").write_bytes(drawn(name))
