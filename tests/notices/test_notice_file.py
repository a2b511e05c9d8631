"""A notice file is read as it was written, and a slip in it is named."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.errors import ConsoleError
from noc_console.notices.content_json import is_same_content
from noc_console.notices.notice import NoticeKind, Send
from noc_console.notices.notice_file import FileNotUnderstood, read_notice, write_notice
from noc_console.notices.seven import lamps
from tests.notices.any_notice import notices
from tests.notices.composed import AROUND, FLEET, NOW, START, scheduled

DOCS = Path(__file__).parents[2] / "docs" / "notice-file.md"


@given(notices)
def test_what_is_written_is_read_again(notice):
    assert is_same_content(read_notice(write_notice(notice, FLEET), FLEET, NOW), notice)


def test_a_text_of_several_lines_stays_readable_in_the_file():
    written = write_notice(scheduled(reasons='First "line".\n- a\\b\n'), FLEET)

    assert 'reasons = """\nFirst \\"line\\".\n- a\\\\b\n"""' in written
    assert read_notice(written, FLEET, NOW).reasons == 'First "line".\n- a\\b\n'


def test_the_file_of_the_documentation_is_a_notice_that_tells_all():
    (example,) = re.findall(r"```toml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    notice = read_notice(example, FLEET, NOW)

    assert notice.starts_at == START
    assert notice.servers == (7,)
    assert notice.translations[0].language == "de"
    assert [one.send for one in notice.plan] == [Send.WEEK_BEFORE, Send.DAY_BEFORE]
    assert all(lamp.is_lit for lamp in lamps(notice, AROUND))


def test_a_start_may_be_a_toml_time():
    notice = read_notice('start = 2026-12-05 02:00:00\nzone = "Europe/Berlin"', FLEET, NOW)

    assert notice.kind is NoticeKind.SCHEDULED
    assert notice.starts_at == START


def test_an_unclear_start_is_kept_as_it_was_typed():
    notice = read_notice('start = "Sun 2027-10-31 02:30"\nzone = "Europe/Berlin"', FLEET, NOW)

    assert (notice.typed_start, notice.starts_at) == ("Sun 2027-10-31 02:30", None)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("title = ", "no TOML"),
        ('reason = "x"', "reason is not known"),
        ('servers = ["web-70"]', "web-70"),
        ("servers = 7", "servers is a list of texts"),
        ("title = 7", "title is a text"),
        ("minutes = -1", "minutes is a whole number"),
        ("minutes = true", "minutes is a whole number"),
        ('kind = "sudden"', "'scheduled', 'unscheduled'"),
        ("since = 2026-12-05T01:00:00", "with its offset"),
        ("start = 2026-12-05", "add the time"),
        ("routes = 1", "list of tables"),
        ('[[routes]]\nkind = "pigeon"\nwords = "x"', "routes 1: kind is one of"),
        ('[[routes]]\nkind = "phone"\nnumber = "x"', "routes 1: number"),
        ('[[plan]]\nchannel = "x"', "plan 1: say which send"),
        ('[[plan]]\nsend = "start"\nchannel = "x"\non = 1', "plan 1: on is true or false"),
        ('[translations.de]\nsummary = "x"', "translations.de: summary"),
        ("translations = 1", "a table a language"),
        (f'title = "{"x" * 300}"', "200 characters"),
    ],
)
def test_a_slip_is_named_with_its_place(text, part):
    with pytest.raises(ConsoleError, match=re.escape(part)):
        read_notice(text, FLEET, NOW)


@given(st.text(max_size=60))
def test_any_text_is_a_notice_or_refused(text):
    try:
        read_notice(text, FLEET, NOW)
    except FileNotUnderstood:
        return


def test_a_file_of_another_size_is_refused():
    with pytest.raises(FileNotUnderstood, match="too large"):
        read_notice("# " + "x" * 2**20, FLEET, NOW)
