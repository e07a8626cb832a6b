"""A child that takes too long or too much ends; the next call gets an answer again."""

import pytest

from quizapp.sandbox import Child, TooLong, TooMuch


def test_what_the_function_returns_comes_back():
    with Child("quizapp.formats.text:slug", megabytes=64) as child:
        assert child.call("Não é hoje", seconds=5) == "nao-e-hoje"
        assert child.call("x" * 3_000_000, seconds=5)[:3] == "xxx"


def test_a_call_without_end_is_ended_and_the_next_one_answered():
    with Child("time:sleep", megabytes=64) as child:
        with pytest.raises(TooLong):
            child.call(600, seconds=0.2)
        assert child.call(0, seconds=20) is None


def test_a_call_that_wants_more_memory_than_it_may_have_is_refused():
    with Child("builtins:bytes", megabytes=32) as child:
        with pytest.raises(TooMuch):
            child.call(200 * 2**20, seconds=20)
        assert child.call(3, seconds=20) == b"\0\0\0"


def test_a_child_that_dies_is_said_and_replaced():
    with Child("os:_exit", megabytes=32) as child, pytest.raises(TooMuch):
        child.call(3, seconds=20)


def test_the_child_can_write_no_file(tmp_path):
    target = tmp_path / "x"
    target.touch()
    with Child("tests.test_sandbox:write", megabytes=64) as child:
        assert child.call(str(target), seconds=20) is False
    assert target.read_bytes() == b""


def write(path: str) -> bool:
    import signal

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        with open(path, "wb") as file:
            file.write(b"x")
    except OSError:
        return False
    return True
