"""A disk that errs: whatever it changes, a reader is given what was written or a sentence."""

import random
import shutil
from contextlib import closing, suppress
from datetime import timedelta

import numpy as np
import pytest
import sqlalchemy as sa

from noc_console.fleet.records import add_server, list_servers
from noc_console.fleet.server import Server
from noc_console.store.failures import StoreError
from noc_console.store.history import History, Reading, Step
from noc_console.store.location import StoreLocation
from noc_console.store.recent import recent_figures, recent_readings
from noc_console.store.schema.history import journal
from noc_console.store.schema.metadata import to_ms
from noc_console.store.store import open_store
from noc_console.store.upkeep import check
from tests.conftest import NOW

HOURS, TICK = 3, timedelta(seconds=20)
END = NOW + timedelta(hours=HOURS)
DAMAGES = 15


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Give the folder of a store with sealed and unsealed history."""
    folder = tmp_path_factory.mktemp("whole") / "store"
    with closing(open_store(StoreLocation(folder=folder, url=None))) as store:
        for number in range(30):
            add_server(store, Server(name=f"web{number}", address="192.0.2.1"), NOW)
        history = History(store)
        for number in range(int(timedelta(hours=HOURS) / TICK)):
            at = NOW + number * TICK
            told = {"load1": float(number), "cpu_percent": number % 90 + 0.5}
            history.append([Reading(one, to_ms(at), told) for one in (1, 2, 3)], at)
        history.seal(END)
    return folder


def damage(path, dice):
    """Change a file somewhere, as a disk that errs or a copy that was cut off does."""
    body = bytearray(path.read_bytes())
    at = dice.randrange(len(body))
    match dice.randrange(5):
        case 0:
            del body[at:]
        case 1:
            body[at // 4096 * 4096 : at // 4096 * 4096 + 4096] = bytes(4096)
        case 2:
            body[at // 4096 * 4096 : at // 4096 * 4096 + 4096] = dice.randbytes(4096)
        case 3:
            body[at // 512 * 512 : at // 512 * 512 + 512] = dice.randbytes(512)
        case _:
            body[at] ^= 1 << dice.randrange(8)
    path.write_bytes(body)


QUESTIONS = {
    "servers": lambda store: [one.name for one in list_servers(store)],
    Step.RAW: lambda store: sums_of(store, Step.RAW),
    Step.ONE_MINUTE: lambda store: sums_of(store, Step.ONE_MINUTE),
    Step.FIVE_MINUTES: lambda store: sums_of(store, Step.FIVE_MINUTES),
    "newest": lambda store: len(History(store).latest(NOW)[1]),
    "recent": lambda store: len(list(recent_readings(store, {1, 2}, NOW))),
    "figures": lambda store: len(recent_figures(store, "load1", NOW).figures),
    "sealed": lambda store: len(History(store).last_sealed([1, 2, 3], ["load1"])),
    "names": lambda store: History(store).metrics_of(2, NOW, END),
    "whole": lambda store: not check(store).damage,
}


def told_by(folder):
    """Ask for all there is; gives what each question was answered, None for a sentence."""
    answers = dict.fromkeys(QUESTIONS)
    with (
        suppress(StoreError),
        closing(open_store(StoreLocation(folder=folder, url=None))) as store,
    ):
        for name, question in QUESTIONS.items():
            with suppress(StoreError):
                answers[name] = question(store)
    return answers


def sums_of(store, step):
    told = History(store).read(2, ["load1", "cpu_percent"], NOW, END, step)
    return [len(told.times_ms), *(float(np.nansum(one)) for one in told.average.values())]


@pytest.mark.parametrize("file", ["core.sqlite3", "history.sqlite3"])
@pytest.mark.parametrize("part", range(2))
def test_a_changed_file_gives_a_sentence_or_what_was_written(whole, tmp_path, file, part):
    good = told_by(whole)
    assert None not in good.values()
    dice = random.Random(f"{file} {part}")  # noqa: S311 - no secret
    for number in range(DAMAGES):
        folder = tmp_path / str(number)
        shutil.copytree(whole, folder)
        damage(folder / file, dice)

        told = told_by(folder)

        wrong = [name for name, answer in told.items() if answer not in (None, good[name])]
        # of the last minutes one tick may be left out, which the check finds or the log says
        assert set(wrong) <= {"newest", "recent", "sealed", "whole"}, (file, part, number)
        shutil.rmtree(folder)


@pytest.mark.parametrize("body", [b"", b"\x01", b"\x09" * 80, b"\x01\xff\xff\xff\xff" + bytes(90)])
def test_a_tick_that_cannot_be_read_any_more_is_left_out_and_said(store, caplog, body):
    history = History(store)
    for number in range(3):
        at = NOW + number * TICK
        history.append([Reading(1, to_ms(at), {"load1": float(number)})], at)
    with store.history_write() as connection:
        connection.execute(sa.update(journal).where(journal.c.id == 2).values(body=body))

    _, newest = history.latest(NOW)
    _, followed = history.after(0)
    with pytest.raises(StoreError, match="damaged"):
        history.read(1, ["load1"], NOW, END)
    history.seal(END)

    assert [one.values["load1"] for one in newest] == [2.0]
    assert [one.values["load1"] for one in followed] == [0.0, 2.0]
    assert history.read(1, ["load1"], NOW, END, Step.RAW).average["load1"].tolist() == [0.0, 2.0]
    assert "cannot be read any more and is left out" in caplog.text
    caplog.clear()
