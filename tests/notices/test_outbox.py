"""Messages that are told once only."""

from sqlalchemy import select

from quizapp import clock
from quizapp.notices import outbox
from quizapp.notices.models import Notice
from quizapp.notices.outbox import Once

WARNING = Once("ana", "expiring", {"program": "N1"}, "/programs/n1", "expiring:c:30")
OTHER = Once("ana", "expiring", {"program": "N1"}, "/programs/n1", "expiring:c:7")


def test_what_was_told_is_not_told_again(session):
    now = clock.now()
    outbox.tell_once(session, [WARNING], now=now)
    outbox.tell_once(session, [WARNING, OTHER], now=now)
    session.commit()
    told = session.scalars(select(Notice).order_by(Notice.id)).all()
    assert [one.once for one in told] == [WARNING.once, OTHER.once]
    assert told[0].args == {"program": "N1"}
    assert told[0].at == now
    assert told[0].read_at is None


def test_what_is_new_among_many_is_found_by_its_name(session):
    many = [Once("ana", "due", {}, "/", f"due:{n}") for n in range(1200)]
    outbox.tell_once(session, many[:1100], now=clock.now())
    assert outbox.untold(session, many) == many[1100:]
    assert outbox.untold(session, []) == []
