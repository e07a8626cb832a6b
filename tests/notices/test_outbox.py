"""Messages that are told once only, and for how long they are kept."""

from datetime import timedelta

from sqlalchemy import select

from quizapp import clock
from quizapp.notices import digests, outbox
from quizapp.notices.models import Mail, Notice
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


def test_what_was_sent_or_seen_is_cleared_after_its_time_and_nothing_that_waits(session):
    now = clock.now()
    old, day = now - timedelta(days=400), timedelta(days=1)
    for state in ("sent", "given-up", "waiting", "sending"):
        for at in (old - day, old + day):
            outbox.tell(session, f"{state} {at:%d/%m}", "pass-kept", {}, about="/", now=at)
            mail = digests.gather(session, f"{state} {at:%d/%m}", domain="example.com", now=at)
            mail.state = state
    for person, read_at in (("read", old - day), ("read since", old + day), ("unread", None)):
        outbox.tell(session, person, "pass-kept", {}, about="/", now=old - day)
        outbox.messages_of(session, person)[0].read_at = read_at
    session.commit()

    outbox.clear(session, old)
    session.commit()
    young, aged = f"{old + day:%d/%m}", f"{old - day:%d/%m}"
    mailed = {f"{state} {young}" for state in ("sent", "given-up", "waiting", "sending")}
    mailed |= {f"waiting {aged}", f"sending {aged}"}
    assert set(session.scalars(select(Mail.person))) == mailed
    assert set(session.scalars(select(Notice.person))) == mailed | {"read since", "unread"}
