"""PDF files for tests, byte by byte: pages of lines at their places."""

import zlib

HEAD = b"%PDF-1.7\n"
# Objects 1 to 4; what a test adds begins at FIRST.
FIRST = 10


def show(text: str, x: float = 72, y: float = 700, size: float = 12, font: str = "F1") -> bytes:
    """The operators that write a line."""
    escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return f"BT /{font} {size} Tf 1 0 0 1 {x} {y} Tm ({escaped}) Tj ET\n".encode("cp1252")


def lines(*texts: str, x: float = 72, y: float = 700, size: float = 12, font: str = "F1") -> bytes:
    """Lines right below each other."""
    return b"".join(
        show(text, x, y - 1.2 * size * place, size, font) for place, text in enumerate(texts)
    )


def stream(data: bytes, more: bytes = b"", packed: bool = True) -> bytes:
    """A stream; `more` are further entries of its dictionary."""
    if packed:
        data, more = zlib.compress(data), more + b"/Filter/FlateDecode"
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(data), more, data)


def pdf(
    *pages: bytes,
    things: dict[str, int] | None = None,
    objects: dict[int, bytes] | None = None,
    trailer: bytes = b"",
    each: bytes = b"",
) -> bytes:
    """A file whose pages have these contents.

    `things` are the pictures and forms that the pages may use, by name, with the numbers of
    `objects`; `each` is what every page's dictionary has besides.
    """
    known = " ".join(f"/{name} {number} 0 R" for name, number in (things or {}).items())
    resources = f"<</Font<</F1 3 0 R/F2 4 0 R>>/XObject<<{known}>>>>".encode()
    font = b"<</Type/Font/Subtype/Type1/BaseFont/%s/Encoding/WinAnsiEncoding>>"
    found = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        3: font % b"Helvetica",
        4: font % b"Helvetica-Bold",
        **(objects or {}),
    }
    first = max(FIRST + 100, *found) + 1
    kids = b""
    for number, content in enumerate(pages):
        page, inner = first + 2 * number, first + 2 * number + 1
        kids += b"%d 0 R " % page
        found[page] = (
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources%s/Contents %d 0 R%s>>"
            % (resources, inner, each)
        )
        found[inner] = content if content.startswith(b"<<") else stream(content)
    found[2] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(pages), kids)
    return assembled(found, trailer)


def assembled(objects: dict[int, bytes], trailer: bytes = b"") -> bytes:
    """A file of these objects, of which the first is the catalog."""
    out = bytearray(HEAD)
    places = {}
    for number, inner in sorted(objects.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, inner)
    start = len(out)
    size = max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 n \n" % places[number] if number in places else b"%010d 65535 f \n" % 0
    out += b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start)
    return bytes(out)


def image(width: int = 10, height: int = 10) -> bytes:
    """A picture as an object."""
    more = (
        b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/ColorSpace/DeviceGray"
    )
    return stream(b"\x00" * width * height, more % (width, height))
