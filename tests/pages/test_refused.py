"""A form that is refused is shown again while others write: its turn has ended before."""

import pytest
from flask import before_render_template, g, request, url_for

REFUSED = {
    "teo": [
        ("/trainer/cohorts/new", {"name": ""}),
        ("/absences", {"person": ""}),
        ("/trainer/programs/new", {"view": "text", "text": "nada", "do": "save"}),
        ("/banks/oito/publish", {"cut_score": "101"}),
        ("/banks/oito/edit", {"text": "", "number": "1"}),
    ],
    "iara": [("/admin/holidays", {"on": ""})],
}


@pytest.mark.parametrize("who", REFUSED)
def test_no_refused_form_keeps_others_from_writing(app, sign_in, cast, quiz, who):
    browser, seen = sign_in(getattr(cast, who)), []

    def note(_app, template, context):
        if request.method == "POST":
            seen.append((request.path, "turn" in g))

    with before_render_template.connected_to(note, app):
        for path, given in REFUSED[who]:
            browser.http.post(path, data={"csrf_token": browser.token, **given})
    asked = {path for path, _ in seen}
    assert asked == {path for path, _ in REFUSED[who]}
    assert [path for path, is_writing in seen if is_writing] == []


@pytest.mark.parametrize(
    "address, page",
    [
        ("/trainer/programs/trilha/assignments", "/trainer/programs/trilha"),
        ("/trainer/programs/trilha/assignments/7/end", "/trainer/programs/trilha"),
        ("/trainer/cohorts/abc/meetings", "/trainer/cohorts/abc"),
        ("/absences/7/end", "/absences"),
        ("/theme", "/"),
    ],
)
def test_an_address_of_a_form_alone_leads_to_its_page(sign_in, cast, address, page):
    answer = sign_in(cast.teo).http.get(f"{address}?x=1")
    assert (answer.status_code, answer.location) == (303, page)


def test_every_address_of_a_form_alone_leads_to_a_page_that_is_there(app, sign_in, cast):
    browser = sign_in(cast.teo)
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods or not (rule.methods & {"POST"}):
            continue
        values = {name: 1 if "int" in str(rule) else "x" for name in rule.arguments}
        with app.test_request_context():
            path = url_for(rule.endpoint, **values)
        if app.url_map.bind("localhost").test(path, "GET"):
            continue
        answer = browser.http.get(path)
        assert answer.status_code == 303, path
        assert app.url_map.bind("localhost").test(answer.location, "GET")
    script = browser.http.get("/theme", headers={"Accept": "application/json"})
    assert script.status_code == 405


def test_colours_are_chosen_on_the_page_of_the_refused_form(sign_in, cast):
    page = sign_in(cast.teo).post("/absences", {"person": ""}, status=422)
    assert 'name="next" value="/absences"' in page
