"""Pictures of texts: for whoever is signed in, under a name that never changes its meaning."""

import pytest

from quizapp import clock
from quizapp.content import pictures
from quizapp.formats.images import image_of
from tests.formats.pictures import picture


@pytest.fixture
def name(session):
    image = image_of(picture("JPEG", 30, 20))
    pictures.keep(session, [image], by="test", now=clock.now())
    session.commit()
    return image.name.rpartition("/")[2]


def test_a_picture_is_shown_to_whoever_is_signed_in_and_kept_by_the_browser(sign_in, cast, name):
    for who in (cast.ana, cast.teo):
        response = sign_in(who).http.get(f"/images/{name}")
        assert (response.status_code, response.mimetype) == (200, "image/jpeg")
        assert response.data.startswith(b"\xff\xd8\xff")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.cache_control.private
        assert response.cache_control.max_age > 10**6


def test_nobody_else_sees_it(client, name):
    assert client.http.get(f"/images/{name}").status_code == 303


@pytest.mark.parametrize("other", ["x", "0123456789abcdef.png", "..%2fsecret_key", "a.svg"])
def test_any_other_name_is_not_there(sign_in, cast, name, other):
    sign_in(cast.ana).get(f"/images/{other}", status=404)
