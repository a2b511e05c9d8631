"""A template that tries to escape, to run for ever or to burn memory ends within a second."""

import subprocess
import sys
import time

import psutil
import pytest

from noc_console.notices.notice import Send
from noc_console.notices.rendering import Renderer
from noc_console.notices.telling import Telling
from noc_console.notices.template_process import TemplateFailed, TemplateProcess
from noc_console.notices.template_shelf import TemplateShelf, read_shelf
from tests.notices.composed import START, scheduled

GENEROUS_S = 30.0
"""On a machine that has other things to do; by itself each takes less than one."""
DOUBLED = (
    "{% set ns = namespace(x='a') %}{% for i in range(60) %}{% set ns.x = ns.x ~ ns.x %}"
    "{% endfor %}{{ ns.x }}"
)
LOOPS = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
WRITING = LOOPS.replace("%}{% endfor", "%}x{% endfor", 1)
HOSTILE = {
    "a huge text": "{{ 'a' * 10**9 }}",
    "a huge number": "{{ 9**9**9 }}",
    "a huge list": "{{ [1] * 999999999 }}",
    "a wide text": "{{ 'a' | center(999999999) }}",
    "a wide number": "{{ '%999999999d' | format(3) }}",
    "a wide format": "{{ '{:999999999}'.format(3) }}",
    "doubling": DOUBLED,
    "loops": LOOPS,
    "loops that write": WRITING,
    "itself": "{% include 'start' %}",
    "a macro of itself": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "brackets": "{{ " + "(" * 9000 + " }}",
    "a class": "{{ ''.__class__.__mro__ }}",
    "a class by filter": "{{ ''|attr('__class__') }}",
    "subclasses": "{{ ().__class__.__bases__[0].__subclasses__() }}",
    "globals": "{{ namespace.__init__.__globals__ }}",
    "a module": "{{ self._TemplateReference__context }}",
    "a format of attributes": "{{ '{0.__class__}'.format(1) }}",
    "an import": "{% import 'os' as os %}{{ os }}",
    "another file": "{% include '/etc/passwd' %}",
    "deep brackets of Markdown": "[" * 60_000,
}


OWNER = """
from noc_console.notices.template_process import TemplateProcess
process = TemplateProcess()
process.ask({"sources": {"a": "x"}, "template": "a", "values": {}}, "a")
print(process.pid, flush=True)
input()
"""


@pytest.fixture(scope="module")
def child():
    process = TemplateProcess()
    yield process
    process.close()


def ask(child, source, **values):
    request = {"sources": {"start": source}, "template": "start", "values": values}
    return child.ask(request, "en/start")


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_template_ends_and_says_which_it_was(child, source):
    begun = time.monotonic()

    with pytest.raises(TemplateFailed, match="en/start"):
        ask(child, source)

    assert time.monotonic() - begun < GENEROUS_S
    assert ask(child, "Fine, {{ name }}.", name="Ada")["plain"] == "Fine, Ada.\n"


@pytest.mark.alone
@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_template_ends_within_a_second(child, source):
    """The quickest of five tries: what else the machine does is no fault of the bounds."""
    took = []
    while len(took) < 5 and min(took, default=9.0) >= 1.0:
        ask(child, "warm")
        begun = time.monotonic()
        with pytest.raises(TemplateFailed):
            ask(child, source)
        took.append(time.monotonic() - begun)

    assert min(took) < 1.0


def test_the_child_opens_no_file_starts_nothing_and_knows_no_secret(child, monkeypatch):
    monkeypatch.setenv("PGPASSWORD", "hush")
    fresh = TemplateProcess()
    try:
        ask(fresh, "x")
        process = psutil.Process(fresh.pid)
        limits = {
            kind: process.rlimit(kind) for kind in (psutil.RLIMIT_NOFILE, psutil.RLIMIT_NPROC)
        }

        assert set(limits.values()) == {(0, 0)}
        assert process.rlimit(psutil.RLIMIT_AS)[1] < 2**30
        assert "PGPASSWORD" not in process.environ()
    finally:
        fresh.close()


def test_memory_stays_flat_over_a_thousand_texts(child):
    ask(child, "{{ a }}", a="b")
    before = psutil.Process(child.pid).memory_info().rss
    for number in range(1000):
        ask(child, "# {{ a }}\n\n{{ a | prose }}", a=f"text {number}")

    assert psutil.Process(child.pid).memory_info().rss < before + 32 * 2**20


def test_a_child_that_died_is_begun_anew(child):
    ask(child, "x")
    dead = psutil.Process(child.pid)
    dead.kill()
    dead.wait(GENEROUS_S)

    assert ask(child, "y")["plain"] == "y\n"


def test_templates_of_a_size_that_is_none_are_refused_and_the_child_goes_on(child):
    with pytest.raises(TemplateFailed, match="too long"):
        ask(child, "x" * 9 * 2**20)

    assert ask(child, "y")["plain"] == "y\n"


def test_closing_ends_the_child():
    process = TemplateProcess()
    ask(process, "x")
    pid = process.pid
    process.close()

    assert not psutil.pid_exists(pid)


def test_the_child_ends_with_its_owner_however_that_ends():
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True
    )
    try:
        child = psutil.Process(int(owner.stdout.readline()))
    finally:
        owner.kill()
        owner.communicate()

    child.wait(GENEROUS_S)


@pytest.mark.parametrize(
    ("source", "part"),
    [
        ("{{ tilte }}", "'tilte' is undefined"),
        ("{% if %}", "Expected an expression"),
        ("subject: x\n---\nbody", "subject"),
        ("{{ 1 // 0 }}", "ZeroDivisionError"),
    ],
)
def test_a_slip_in_a_template_is_named(child, source, part):
    with pytest.raises(TemplateFailed, match=part):
        ask(child, source)


def test_a_sites_own_hostile_template_only_fails_its_text():
    shipped = read_shelf()
    shelf = TemplateShelf({**shipped.by_path, "en/start.md": LOOPS})
    telling = Telling(send=Send.START, at=START)
    with Renderer(shelf) as renderer:
        with pytest.raises(TemplateFailed, match="en/start takes too long"):
            renderer.render(scheduled(), telling)

        assert renderer.render(scheduled(), Telling(send=Send.DONE, at=START)).title
