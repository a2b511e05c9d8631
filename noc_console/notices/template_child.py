"""The child process in which templates are filled in: whatever one does, it harms only the child.

It opens no file, starts no process, holds few words of memory, and each request has so much time of
the processor and no more: then the kernel ends it. Requests and answers are JSON behind four bytes
of length, on standard input and output. It imports little of ours, to begin quickly.
"""

import contextlib
import json
import signal
import struct
import sys
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import jinja2
import jinja2.sandbox

from noc_console.notices.markdown_forms import forms_of
from noc_console.notices.prose import address, as_written, one_line, prose, sentence

CPU_S = 0.3
"""So much of the processor one request may take; a usual one takes some milliseconds."""
MEMORY = 192 * 2**20
"""So many bytes more than at its start the child may have."""
MOST_LETTERS = 100_000
"""What is longer is no text for customers."""
_MOST_REQUEST = 8 * 2**20
_LENGTH = struct.Struct(">I")
_BODY_FROM = "\n---\n"
_WARMING = (
    "title: a\n---\n{% for one in words %}{{ one | prose }}{{ 'b' | urlize }}{% endfor %}",
    "{{ words | pprint }}{{ words | tojson }}{{ words | random }}{{ 'a' | wordwrap(3) }}",
    "{{ nothing }}",
    "{% broken",
    "{{ 1 // 0 }}",
)
"""What is filled in before no file can be opened any more, so that all that it needs is there."""
_TEMPLATE = "<template>"
"""What Jinja calls a template that comes from no file."""
_INCLUDED = "<included>"
_HEAD_WORDS = ("title", "summary")


class TemplateRefused(Exception):
    """A template that cannot be used; the text says why."""


class Written(str):
    """Text that is Markdown already."""

    __slots__ = ()


class _Bounded(jinja2.sandbox.ImmutableSandboxedEnvironment):
    """A sandbox whose operators make nothing huge, also where the system sets no bounds."""

    intercepted_binops = frozenset({"*", "**", "%", "+"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Count before multiplying."""
        texts = [one for one in (left, right) if isinstance(one, str | list | tuple)]
        numbers = [one for one in (left, right) if isinstance(one, int | float)]
        if operator == "*" and texts and numbers and len(texts[0]) * abs(numbers[0]) > MOST_LETTERS:
            raise TemplateRefused("it makes a text that is far too long")
        if operator == "**" or (operator == "*" and any(abs(one) > 10**9 for one in numbers)):
            raise TemplateRefused("it reckons with numbers that are far too large")
        return super().call_binop(context, operator, left, right)


class _Bodies(jinja2.BaseLoader):
    """Gives the bodies of templates, by names that tell in a failure which one it was."""

    def __init__(self, sources: dict[str, str]) -> None:
        self._sources = sources

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        """Give a body; nothing is read from a file."""
        del environment
        if template not in self._sources:
            raise jinja2.TemplateNotFound(template)
        return _parts(self._sources[template])[1], f"{_INCLUDED}{template}", lambda: True


def fill_in(request: dict[str, Any]) -> dict[str, Any]:
    """Give a template's title, summaries and text, the text in its three forms."""
    sources, name, values = request["sources"], request["template"], request["values"]
    head, body = _parts(sources[name])
    plain = _environment(sources, is_markdown=False)
    told: dict[str, list[str]] = {word: [] for word in _HEAD_WORDS}
    for word, lines in head.items():
        for line in lines:
            with _telling(sources, name, above=_line_of(sources[name], word, line)):
                told[word].append(one_line(_filled(plain, line, values)))
    above = sources[name].replace("\r\n", "\n").count("\n") - body.count("\n")
    with _telling(sources, name, above=above):
        markdown = _filled(_environment(sources, is_markdown=True), body, values)
    return {"title": told["title"], "summary": told["summary"], **_forms(markdown)}


def _forms(markdown: str) -> dict[str, str]:
    tidy = "\n".join(line.rstrip() for line in markdown.strip().split("\n"))
    while "\n\n\n" in tidy:
        tidy = tidy.replace("\n\n\n", "\n\n")
    html, plain = forms_of(tidy)
    return {"markdown": tidy + "\n", "html": html, "plain": plain}


def _parts(source: str) -> tuple[dict[str, list[str]], str]:
    """Cut a template into its head, a word and a line each, and its body; without head it is all
    body.
    """
    top, found, body = source.replace("\r\n", "\n").partition(_BODY_FROM)
    if not found:
        return {}, source
    head: dict[str, list[str]] = {}
    for line in top.split("\n"):
        word, colon, rest = line.partition(":")
        if not line.strip() or line.startswith("#"):
            continue
        if not colon or word.strip() not in _HEAD_WORDS:
            raise TemplateRefused(
                f"above --- stands {line.strip()[:60]!r}; write title: or summary:"
            )
        head.setdefault(word.strip(), []).append(rest.strip())
    return head, body


def _filled(environment: jinja2.Environment, source: str, values: dict[str, Any]) -> str:
    pieces, letters = [], 0
    for piece in environment.from_string(source).generate(values):
        letters += len(piece)
        if letters > MOST_LETTERS:
            raise TemplateRefused("it makes a text that is far too long")
        pieces.append(piece)
    return "".join(pieces)


def _environment(sources: dict[str, str], *, is_markdown: bool) -> jinja2.Environment:
    environment = _Bounded(
        loader=_Bodies(sources),
        autoescape=False,  # what is filled in is escaped by `finalize`, and HTML is off
        finalize=_as_markdown if is_markdown else sentence,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    for name in ("lipsum", "cycler"):
        environment.globals.pop(name)
    environment.filters["prose"] = lambda text: Written(prose(text))
    environment.filters["address"] = lambda text: Written(address(text))
    return environment


def _as_markdown(value: object) -> str:
    return value if isinstance(value, Written) else as_written(value)


@contextlib.contextmanager
def _telling(sources: dict[str, str], name: str, *, above: int) -> Iterator[None]:
    """Say what is wrong with a template and in which line; so many stand above what is filled."""
    try:
        yield
    except jinja2.TemplateError as failure:
        raise TemplateRefused(_told(failure, sources, name, above)) from failure


def _told(failure: jinja2.TemplateError, sources: dict[str, str], name: str, above: int) -> str:
    words = str(failure.message or type(failure).__name__)
    where, line = _place_of(failure)
    if isinstance(failure, jinja2.TemplateSyntaxError):
        words = f"it is not written as Jinja wants it: {words}"
        where, line = failure.name or "", failure.lineno
    if not line:
        return words
    if not where or where == name:
        return f"{words} (line {line + above})"
    source = sources.get(where, "")
    above = source.count("\n") - _parts(source)[1].count("\n")
    return f"{words} (line {line + above} of {where}.md)"


def _place_of(failure: jinja2.TemplateError) -> tuple[str, int]:
    """Give the innermost template, empty for the one that was asked for, and its line; or 0."""
    found = ("", 0)
    trace = failure.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file == _TEMPLATE or file.startswith(_INCLUDED):
            found = file.removeprefix(_INCLUDED).removeprefix(_TEMPLATE), trace.tb_lineno
        trace = trace.tb_next
    return found


def _line_of(source: str, word: str, rest: str) -> int:
    """Give how many lines stand above a line of the head."""
    lines = source.replace("\r\n", "\n").split("\n")
    at = (
        place
        for place, line in enumerate(lines)
        if line.partition(":")[0].strip() == word and line.partition(":")[2].strip() == rest
    )
    return next(at, 0)


def answer(request: bytes) -> dict[str, Any]:
    """Give what a request asks for, or in a sentence's second half why it cannot be had."""
    try:
        return fill_in(json.loads(request))
    except jinja2.TemplateError as failure:
        return {"refused": str(failure.message or type(failure).__name__)}
    except TemplateRefused as failure:
        return {"refused": str(failure)}
    except (MemoryError, OverflowError):
        return {"refused": "it takes too much memory"}
    except RecursionError:
        return {"refused": "it includes itself, or is nested too deep"}
    except Exception as failure:  # noqa: BLE001 - a template can raise whatever its filters can
        return {"refused": f"{type(failure).__name__}: {failure}"[:300]}


def set_bounds() -> None:
    """Let this process have no more than it needs: no new file, process or core, little memory."""
    with contextlib.suppress(ImportError):  # Windows has no such bounds
        import resource

        memory = _memory_there(resource.getpagesize())
        bounds = [(resource.RLIMIT_AS, memory + MEMORY)] if memory else []
        bounds += [
            (resource.RLIMIT_NOFILE, 0),
            (resource.RLIMIT_NPROC, 0),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_CORE, 0),
        ]
        for limit, most in bounds:
            with contextlib.suppress(OSError, ValueError):  # not every system has each of them
                resource.setrlimit(limit, (most, most))


def _memory_there(page: int) -> int:
    """How many bytes this process has mapped; 0 where the system does not say."""
    try:
        with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123 - no more imports
            return int(statm.read().split()[0]) * page
    except OSError:
        return 0


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests until there are no more."""
    while (length := requests.read(_LENGTH.size)) and len(length) == _LENGTH.size:
        (size,) = _LENGTH.unpack(length)
        request = requests.read(min(size, _MOST_REQUEST))
        _limit_processor(CPU_S)
        told = json.dumps(answer(request)).encode()
        _limit_processor(0)
        _say(answers, told)


def _say(answers: BinaryIO, told: bytes) -> None:
    answers.write(_LENGTH.pack(len(told)) + told)
    answers.flush()


def _limit_processor(seconds: float) -> None:
    """End this process once it took so much of the processor; 0 takes the bound away."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)


def main() -> None:
    """Warm up, set the bounds, say that it can be asked, serve."""
    for source in _WARMING:
        values = {"words": ["d", "<https://bücher.example/%C3%A4>\n- e"]}
        request = {"sources": {"a": source}, "template": "a", "values": values}
        answer(json.dumps(request).encode())
    set_bounds()
    _say(sys.stdout.buffer, b"{}")
    serve(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
