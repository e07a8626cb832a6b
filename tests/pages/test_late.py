"""Late answers on pages: a trainer decides and sees no name; the person reads why."""

import re

from tests.quiz.test_late import WHY, overtime

__all__ = ["overtime"]


def test_a_trainer_takes_answers_in_and_the_person_reads_why(sign_in, cast, overtime):
    teo, ana = sign_in(cast.teo), sign_in(cast.ana)
    assert "/late" in teo.get("/")
    page = teo.get("/late")
    assert overtime.public_id in page
    assert page.count('name="take"') == 3
    assert not re.search("Ana|1001|is-key|tag-right", page)
    assert ana.get(f"/attempts/{overtime.public_id}/result").count("62,5%") >= 1
    taken = re.findall(r'name="take" value="(\d+)"', page)
    where = f"/late/{overtime.public_id}"
    page = teo.post(where, {"take": taken[:2], "reason": "x"}, status=422)
    assert page.count("checked") == 2, "what was ticked stays so"
    page = teo.post(where, {"take": taken[:2], "reason": WHY})
    assert "/late/" not in page
    teo.post(where, {"take": taken, "reason": WHY})
    assert WHY in ana.get("/notices")
    result = ana.get(f"/attempts/{overtime.public_id}/result")
    assert "62,5% → 87,5%" in result
    assert WHY in result
    assert "Téo" not in result
    assert "Instrutor" in result or "Trainer" in result
    leader = sign_in(cast.bruno)
    page = leader.get(f"/people/{cast.ana.public_id}/attempts/{overtime.public_id}")
    assert "Téo Instrutor" in page


def test_it_is_for_trainers_alone(sign_in, cast, overtime):
    for who in (cast.ana, cast.bruno, cast.iara):
        browser = sign_in(who)
        browser.get("/late", status=404)
        browser.get("/")
        browser.post(f"/late/{overtime.public_id}", {"reason": WHY}, status=404)
