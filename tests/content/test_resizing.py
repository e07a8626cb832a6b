"""Pictures as they are kept: small, upright, and silent about their maker."""

from io import BytesIO

import pytest
from PIL import Image as Pillow

from quizapp.content.resizing import WIDEST, ready
from quizapp.formats.images import image_of
from tests.formats.pictures import picture, png


def opened(made):
    return Pillow.open(BytesIO(made.data))


@pytest.mark.parametrize(
    "kind, mime", [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp")]
)
def test_a_wide_picture_is_made_as_wide_as_a_page_shows_it(kind, mime):
    made = ready(image_of(picture(kind, 3200, 200)))
    assert (made.mime, made.width, made.height) == (mime, WIDEST, 100)
    assert opened(made).size == (WIDEST, 100)
    assert ready(made) is made


def test_a_small_picture_keeps_its_size_and_what_can_be_seen_through():
    out = BytesIO()
    Pillow.new("RGBA", (20, 10), (0, 0, 0, 0)).save(out, "PNG")
    made = ready(image_of(out.getvalue()))
    assert opened(made).size == (20, 10)
    assert opened(made).convert("RGBA").getpixel((0, 0))[3] == 0


def test_place_and_camera_are_forgotten_but_the_picture_stands_upright():
    exif = Pillow.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    exif[0x0110] = "Camera of Ana"
    data = picture("JPEG", 40, 20, exif=exif, comment=b"taken at home")
    made = ready(image_of(data))
    assert (made.width, made.height) == (20, 40)
    assert b"Camera" not in made.data
    assert b"home" not in made.data


@pytest.mark.parametrize(
    "data", [picture("PNG")[:50], png(30_000, 30_000), b"\x89PNG\r\n\x1a\n" + b"x" * 99]
)
def test_what_cannot_be_decoded_cannot_be_shown(data):
    made = ready(image_of(data))
    assert (made.mime, made.data) == ("", b"")
