"""Reads the QR code that a page of a PDF paints: drawn as a picture, looked at, decoded.

Versions 1 to 6 at error correction M, without correcting errors: paper has stains, tests none.
"""

from collections.abc import Iterator

from PIL import Image, ImageDraw
from pypdf import PageObject
from pypdf.generic import ContentStream

DENSITY = 4  # pixels a point
MANY = 60  # strokes: nothing else on a certificate has so many in one path
# Blocks and data bytes in each, by version (ISO/IEC 18004, table 9).
BLOCKS = {1: (1, 16), 2: (1, 28), 3: (1, 44), 4: (2, 32), 5: (2, 43), 6: (4, 27)}

Modules = list[list[bool]]


def read(page: PageObject) -> str:
    """The text of the page's QR code."""
    return decoded(modules(*picture(page)))


def picture(page: PageObject) -> tuple[Image.Image, float]:
    """The page with its code alone on it, in black, and how many pixels a module is wide."""
    seen = Image.new("1", tuple(round(float(n) * DENSITY) for n in page.mediabox[2:]), 1)
    height, widest = seen.height, 0.0
    for lines, width in strokes(page):
        if len(lines) < MANY:
            continue
        widest = width * DENSITY
        for (x0, y0), (x1, y1) in lines:
            box = sorted((x0, x1)), sorted((y0 - width / 2, y1 + width / 2))
            (left, right), (low, high) = ([n * DENSITY for n in pair] for pair in box)
            ImageDraw.Draw(seen).rectangle((left, height - high, right - 1, height - low - 1), 0)
    assert widest, "there is a code on the page"
    return seen, widest


def strokes(page: PageObject) -> Iterator[tuple[list, float]]:
    """Each stroked path as lines in points, and how wide its line is."""
    now, kept, width, path, at = (1, 0, 0, 1, 0, 0), [], 1.0, [], (0, 0)
    for args, operator in ContentStream(page.get_contents(), page.pdf).operations:
        match operator:
            case b"q":
                kept.append((now, width))
            case b"Q":
                now, width = kept.pop()
            case b"cm":
                now = times([float(n) for n in args], now)
            case b"w":
                width = float(args[0])
            case b"m":
                at = placed(args, now)
            case b"l":
                path.append((at, at := placed(args, now)))
            case b"S" | b"B":
                yield path, width * abs(now[0])
                path = []
            case b"f" | b"f*" | b"n":
                path = []


def times(a, b):
    return (
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    )


def placed(point, by):
    x, y = (float(n) for n in point)
    return x * by[0] + y * by[2] + by[4], x * by[1] + y * by[3] + by[5]


def modules(seen: Image.Image, wide: float) -> Modules:
    """Which modules are dark, looked at in their middle."""
    dark = seen.convert("L").point(lambda value: 255 - value)
    left, top, right, _ = dark.getbbox()
    size = round((right - left) / wide)

    def middle(n, start):
        return int(start + (n + 0.5) * (right - left) / size)

    return [
        [dark.getpixel((middle(x, left), middle(y, top))) > 0 for x in range(size)]
        for y in range(size)
    ]


MASKS = (
    lambda x, y: (x + y) % 2,
    lambda x, y: y % 2,
    lambda x, y: x % 3,
    lambda x, y: (x + y) % 3,
    lambda x, y: (x // 3 + y // 2) % 2,
    lambda x, y: x * y % 2 + x * y % 3,
    lambda x, y: (x * y % 2 + x * y % 3) % 2,
    lambda x, y: ((x + y) % 2 + x * y % 3) % 2,
)


def decoded(dark: Modules) -> str:
    """The text, in bytes as the code has it."""
    size = len(dark)
    version = (size - 17) // 4
    around = [*((8, x) for x in (0, 1, 2, 3, 4, 5, 7, 8)), *((y, 8) for y in (7, 5, 4, 3, 2, 1, 0))]
    form = number([dark[y][x] for y, x in around]) ^ 0x5412
    assert form >> 13 == 0, "error correction M"
    mask = MASKS[form >> 10 & 7]
    bits = [dark[y][x] != (mask(x, y) == 0) for x, y in places(size, version)]
    stream = [number(bits[n : n + 8]) for n in range(0, len(bits) - 7, 8)]
    blocks, each = BLOCKS[version]
    data = [byte for n in range(blocks) for byte in stream[n::blocks][:each]]
    held = [bool(byte >> n & 1) for byte in data for n in range(7, -1, -1)]
    assert number(held[:4]) == 4, "bytes"
    long = number(held[4:12])
    return bytes(number(held[12 + 8 * n : 20 + 8 * n]) for n in range(long)).decode()


def number(bits) -> int:
    return int("".join("1" if bit else "0" for bit in bits), 2)


def places(size: int, version: int) -> Iterator[tuple[int, int]]:
    """Where the data stands: upwards and downwards in pairs of columns, from the right."""
    for right in (*range(size - 1, 6, -2), 5, 3, 1):
        rows = range(size - 1, -1, -1) if (right + 1) & 2 == 0 else range(size)
        for y in rows:
            for x in (right, right - 1):
                is_corner = (
                    (x < 9 and y < 9) or (x > size - 9 and y < 9) or (x < 9 and y > size - 9)
                )
                near = size - 7
                is_mark = version > 1 and abs(x - near) < 3 and abs(y - near) < 3
                if not (is_corner or is_mark or 6 in (x, y)):
                    yield x, y
