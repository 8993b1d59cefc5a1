"""Stages are halted while the broker is replaced, and run again behind it."""

import pytest

from tests.uproar.stack.processes import StartChild, eventually, is_alive, is_running
from uproar.errors import StackError
from uproar.stack.supervisor import Supervisor


def test_stages_that_read_topics_do_not_run_while_halted_and_do_afterwards(
    child: StartChild,
) -> None:
    reading, showing = child("sleep", "600"), child("sleep", "600")
    showing.reads_topics = False
    for one in (reading, showing):
        one.start()
    supervisor = Supervisor([], [reading, showing])
    supervisor.start()
    assert eventually(lambda: is_running(reading, "sleep") and is_running(showing, "sleep"))
    before, page = reading.pid, showing.pid
    assert before is not None
    with supervisor.halted():
        assert not is_alive(before)
        assert showing.pid == page
    assert eventually(lambda: reading.pid != before and is_running(reading, "sleep"))
    assert (showing.pid, supervisor.failure) == (page, None)
    supervisor.stop()


def test_a_stack_that_is_being_stopped_halts_nothing(child: StartChild) -> None:
    supervisor = Supervisor([], [child("sleep", "600")])
    supervisor.stop()
    with pytest.raises(StackError, match="being stopped"), supervisor.halted():
        pass
