"""What was read and is over goes bit by bit, and all of it goes."""

import weakref

from noc_console.desk.audit.letting_go import LettingGo
from tests.audit.checklists import asked, checklist
from tests.desk.qt_life import end, wait_until


class Thing:
    """Something that can be seen to be gone."""


def test_it_goes_a_little_at_a_time_until_nothing_is_held(application):
    letting = LettingGo(application)
    seen = [Thing() for _ in range(1000)]
    gone = [weakref.ref(one) for one in seen]
    letting.hold(seen)
    del seen

    letting._drop()
    still = sum(one() is not None for one in gone)
    assert 0 < still < 1000
    wait_until(lambda: all(one() is None for one in gone))
    end(letting)


def test_what_the_new_checklist_still_has_is_not_held(application):
    letting = LettingGo(application)
    kept, other = asked(1), asked(2)
    letting.take(checklist(kept, other), checklist(kept))
    assert letting._held == [*other.results.values(), *other.findings]
    end(letting)
