"""Pictures: their kind, size and name, where texts refer to them, and how they are shown."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.formats.images import MAX_BYTES, image_of, refusal, size_of, with_images
from quizapp.formats.render import render, render_inline
from tests.formats.pictures import picture, png
from tests.formats.samples import procedure, section

NAME = "imagens/0123456789abcdef.png"
SHOWN = '<img src="/images/0123456789abcdef.png" alt="{}" loading="lazy">'


@pytest.mark.parametrize(
    "data, ending",
    [
        (png(5, 4), "png"),
        (picture("PNG"), "png"),
        (picture("JPEG"), "jpg"),
        (picture("JPEG", progressive=True, dpi=(72, 72), comment=b"x" * 3000), "jpg"),
        (picture("WEBP"), "webp"),
        (picture("WEBP", lossless=True), "webp"),
        (picture("WEBP", exif=b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x00"), "webp"),
    ],
)
def test_the_three_kinds_are_known_with_their_size(data: bytes, ending: str) -> None:
    image = image_of(data)
    assert image is not None
    assert image.name == f"imagens/{hashlib.sha256(data).hexdigest()[:16]}.{ending}"
    assert size_of(data) == (5, 4)
    assert refusal(data) == ""


@pytest.mark.parametrize(
    "data, code",
    [
        (b"", "image-refused"),
        (picture("GIF"), "image-refused"),
        (picture("BMP"), "image-refused"),
        (b"\xd7\xcd\xc6\x9a" + b"\x00" * 40, "image-refused"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image-refused"),
        (png()[:20], "image-refused"),
        (png(0, 5), "image-refused"),
        (b"\xff\xd8\xff\xe0\x00\x00" + b"\xff" * 50, "image-refused"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image-refused"),
        (png(8000, 5001), "image-too-large"),
        (png() + b"\x00" * MAX_BYTES, "image-too-large"),
    ],
)
def test_what_is_no_picture_or_too_large_is_refused(data: bytes, code: str) -> None:
    assert refusal(data) == code


@given(st.sampled_from([png(), picture("JPEG"), picture("WEBP")]), st.binary(), st.integers(0, 200))
def test_damaged_headers_never_raise(data: bytes, noise: bytes, place: int) -> None:
    for damaged in (data[:place], data[:place] + noise, data[:place] + noise + data[place:]):
        size = size_of(damaged)
        assert size is None or all(side > 0 for side in size)


def test_a_picture_of_ours_is_shown_with_its_description() -> None:
    text = f'![mapa da "rede" <x>]({NAME})'
    html = SHOWN.format("mapa da &quot;rede&quot; &lt;x&gt;")
    assert render_inline(text) == html
    assert render(text) == f"<p>{html}</p>"
    part = section(f"Veja:\n\n{text}\n")
    assert part.html == f"<p>Veja:</p>\n<p>{html}</p>"
    assert part.text == 'Veja:\nmapa da "rede" <x>'


def test_a_picture_is_shown_in_links_lists_and_tables() -> None:
    shown = SHOWN.format("tela")
    assert f">{shown}</a>" in render(f"[![tela]({NAME})](https://exemplo.com.br)")
    assert f"<li>{shown}</li>" in render(f"- ![tela]({NAME})")
    assert f"<td>{shown}</td>" in render(f"| a | b |\n|---|---|\n| ![tela]({NAME}) | x |")


@pytest.mark.parametrize(
    "target",
    [
        "https://exemplo.com.br/imagens/0123456789abcdef.png",
        "imagens/0123456789abcdef.gif",
        "imagens/0123456789ABCDEF.png",
        "imagens/0123456789abcde.png",
        "imagens/0123456789abcdef.png?x",
        "../imagens/0123456789abcdef.png",
        "/images/0123456789abcdef.png",
        "//imagens/0123456789abcdef.png",
    ],
)
def test_any_other_picture_stays_a_link(target: str) -> None:
    assert "<img" not in render(f"![tela]({target})")
    assert "tela" in render(f"![tela]({target})")


@pytest.mark.parametrize(
    "tag",
    [
        '<img src="/images/0123456789abcdef.png">',
        '<div><img src="https://exemplo.com.br/a.png" onerror="x"></div>',
        "<div>\n<IMG\nsrc=/images/0123456789abcdef.png></div>",
        "<p><img/src=data:image/png;base64,AAAA></p>",
    ],
)
def test_a_tag_in_the_source_shows_no_picture(tag: str) -> None:
    ours = f"![tela]({NAME})"
    html = section(f"{tag}\n\n{ours}\n").html
    assert html.count("<img") == 1
    assert SHOWN.format("tela") in html


def test_a_section_changes_with_its_pictures_and_only_with_them() -> None:
    plain = section("1. um\n2. dois\n")
    assert plain.hash == hashlib.sha256(b"um dois").hexdigest()
    one = section(f"1. um ![tela]({NAME})\n2. dois\n")
    other = section(f"1. um ![tela]({NAME.replace('0', 'f')})\n2. dois\n")
    assert one.text == other.text
    assert len({plain.hash, one.hash, other.hash}) == 3
    assert one.steps[0].hash != other.steps[0].hash
    assert one.steps[1].hash == other.steps[1].hash


def found(text: str, files: dict[str, bytes]) -> tuple[str, list[str], list[tuple[int, str]]]:
    text, images, problems = with_images(text, files.get)
    return text, [image.name for image in images], [(p.line, p.code) for p in problems]


def test_pictures_beside_a_file_get_their_names() -> None:
    data = png()
    name = image_of(data).name  # type: ignore[union-attr]
    text = '# T\n\n![a](img/a%20b.png "título") e ![b](<img/a b.png>) e ![c](img\\a b.png)'
    files = {"img/a b.png": data}
    expected = f'# T\n\n![a]({name} "título") e ![b]({name}) e ![c](img\\a b.png)'
    assert found(text, files) == (expected, [name], [])
    assert procedure(expected).sections[0].html.count("<img") == 2


def test_pictures_that_are_missing_or_none_are_said_with_their_place() -> None:
    text = "![a](a.png)\n\n![b](b.gif)\n![](c.png)\n"
    files = {"b.gif": picture("GIF"), "c.png": png()}
    made, images, problems = found(text, files)
    assert problems == [(1, "image-missing"), (3, "image-refused"), (4, "image-alt-missing")]
    assert made.startswith("![a](a.png)\n\n![b](b.gif)\n![](imagens/")
    assert len(images) == 1


@pytest.mark.parametrize(
    "text",
    [
        "```\n![a](a.png)\n```",
        "- x\n  ~~~~ md\n  ~~~\n  ![a](a.png)\n  ~~~~",
        "`![a](a.png)` e ``x ` ![a](a.png)``",
        "![a](https://exemplo.com.br/a.png)",
        "![a](data:image/png;base64,AAAA)",
        "![a](/a.png) ![a](//x/a.png) ![a](#a.png) ![a](C:/a.png)",
        "\\![a](a.png) [a](a.png)",
    ],
)
def test_code_and_addresses_elsewhere_are_left_alone(text: str) -> None:
    assert found(text, {"a.png": png()}) == (text, [], [])


def test_code_that_ends_hides_nothing_below_it() -> None:
    text = "```\ncódigo\n```\n`um` ![a](a.png) `dois`"
    assert found(text, {"a.png": png()})[0].endswith(".png) `dois`")


@given(st.text(alphabet="!![](a.png)`~\n <>'\"\\", max_size=200))
def test_any_text_keeps_its_lines(text: str) -> None:
    assert with_images(text, lambda path: png())[0].count("\n") == text.count("\n")
