"""Files spoilt on purpose, by seed: bytes at random, and by the structure of their format."""

import io
import random
import re
import zipfile
from collections.abc import Callable

Mutation = Callable[[random.Random, bytes], bytes]

SIGNS = [b"{", b"}", b"=", b"~", b"#", b"%", b"\\", b"[", b"]", b"<", b">", b'"', b"|", b";", b":"]
HARSH = [
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\r\n" * 50, b"9" * 400, b"<!DOCTYPE x>", b"&amp;" * 90,
    b"- [x] " * 30, b"{#a}" * 20, b"=%50%" * 40, b"$CATEGORY: " + b"a/" * 60, b"<div>" * 200,
    "ção".encode("cp1252"), "🧨".encode(), b"]]>", b"=HYPERLINK(1)", b"-" * 300, b"`" * 99,
]  # fmt: skip


def flip(rng: random.Random, data: bytes) -> bytes:
    """A few bytes become others."""
    spoilt = bytearray(data)
    for _ in range(rng.randint(1, 8)):
        if spoilt:
            spoilt[rng.randrange(len(spoilt))] = rng.randrange(256)
    return bytes(spoilt)


def cut(rng: random.Random, data: bytes) -> bytes:
    """The end is missing, or a piece in the middle."""
    a, b = sorted((rng.randint(0, len(data)), rng.randint(0, len(data))))
    return data[:a] if rng.random() < 0.5 else data[:a] + data[b:]


def repeat(rng: random.Random, data: bytes) -> bytes:
    """A piece stands there several times."""
    a = rng.randint(0, len(data))
    piece = data[a : a + rng.randint(1, 400)]
    return data[:a] + piece * rng.randint(2, 30) + data[a:]


def insert(rng: random.Random, data: bytes) -> bytes:
    """Something harsh stands where it should not."""
    a = rng.randint(0, len(data))
    return data[:a] + rng.choice(HARSH) + data[a:]


def shuffle_lines(rng: random.Random, data: bytes) -> bytes:
    """Lines are swapped, dropped or doubled."""
    lines = data.split(b"\n")
    for _ in range(rng.randint(1, 6)):
        i, j = rng.randrange(len(lines)), rng.randrange(len(lines))
        match rng.randrange(3):
            case 0:
                lines[i], lines[j] = lines[j], lines[i]
            case 1 if len(lines) > 1:
                del lines[i]
            case _:
                lines.insert(i, lines[j])
    return b"\n".join(lines)


def drop_signs(rng: random.Random, data: bytes) -> bytes:
    """A sign that means something is missing here and there, or is there too often."""
    sign = rng.choice(SIGNS)
    parts = data.split(sign)
    if len(parts) < 2:
        return data + sign * rng.randint(1, 5)
    i = rng.randrange(len(parts) - 1)
    return sign.join(parts[: i + 1]) + sign * rng.choice([0, 2, 9]) + sign.join(parts[i + 1 :])


def change_numbers(rng: random.Random, data: bytes) -> bytes:
    """A number becomes one that nobody expects."""
    found = list(re.finditer(rb"\d+", data))
    if not found:
        return flip(rng, data)
    match = rng.choice(found)
    new = rng.choice([b"-1", b"0", b"99999999999999999999", b"1.5", b"NaN", b"", b"1e308"])
    return data[: match.start()] + new + data[match.end() :]


def break_tags(rng: random.Random, data: bytes) -> bytes:
    """An element is renamed, left open, emptied, or put into itself."""
    found = list(re.finditer(rb"<(/?)([A-Za-z][\w:-]*)([^<>]*)>", data))
    if not found:
        return drop_signs(rng, data)
    match = rng.choice(found)
    new = rng.choice(
        [
            b"",
            b"<" + match[1] + b"nada" + match[3] + b">",
            b"<" + match[1] + match[2] + b">",
            match[0] * 3,
            (b"<" + match[2] + b">") * 40 + (b"</" + match[2] + b">") * 40 + match[0],
        ]
    )
    return data[: match.start()] + new + data[match.end() :]


def inside_zip(mutation: Mutation) -> Mutation:
    """The same done to one part of a package, which stays a sound zip file."""

    def spoil(rng: random.Random, data: bytes) -> bytes:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as old:
                parts = {name: old.read(name) for name in old.namelist()}
        except Exception:
            return mutation(rng, data)
        name = rng.choice(sorted(parts))
        parts[name] = mutation(rng, parts[name])
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
            for part, content in parts.items():
                new.writestr(part, content)
        return out.getvalue()

    return spoil


PLAIN: list[Mutation] = [
    flip,
    cut,
    repeat,
    insert,
    shuffle_lines,
    drop_signs,
    change_numbers,
    break_tags,
]


def mutated(rng: random.Random, data: bytes) -> bytes:
    """The file with one to three mutations; in a package mostly of what is in it."""
    for _ in range(rng.randint(1, 3)):
        mutation = rng.choice(PLAIN)
        if data.startswith(b"PK") and rng.random() < 0.8:
            mutation = inside_zip(mutation)
        data = mutation(rng, data)[:300_000]
    return data
