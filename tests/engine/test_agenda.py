"""Turns are taken in order of time, each once, however often it moved."""

from noc_console.engine.agenda import Agenda


class Turn:
    label = "turn"

    def __init__(self, at_s):
        self.next_act_s = at_s

    def act(self, now_s):
        raise NotImplementedError


def agenda_of(*turns):
    agenda = Agenda()
    for turn in turns:
        agenda.put(turn)
    return agenda


def test_turns_that_are_due_come_in_order_of_time():
    late, early, later = Turn(2.0), Turn(1.0), Turn(9.0)
    agenda = agenda_of(late, early, later)

    assert agenda.due(5.0) == [early, late]
    assert agenda.due(5.0) == []
    assert agenda.next_s() == 9.0


def test_a_turn_that_moved_is_taken_at_its_new_time_only():
    turn = Turn(1.0)
    agenda = agenda_of(turn)
    turn.next_act_s = 7.0
    agenda.put(turn)

    assert agenda.due(5.0) == []
    assert agenda.due(7.0) == [turn]
    assert agenda.due(8.0) == []


def test_a_turn_put_twice_is_taken_once():
    turn = Turn(1.0)
    agenda = agenda_of(turn, turn)

    assert agenda.due(1.0) == [turn]


def test_a_turn_without_a_time_waits_for_nothing():
    agenda = agenda_of(Turn(float("inf")))

    assert agenda.next_s() == float("inf")
    assert agenda.due(1e12) == []
