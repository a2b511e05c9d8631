"""One recording under way: what is asked of the server when, and what came of it.

Owned by the conductor's thread. Two loops run on the server's one connection: one that starts
programs, and one that never does, which goes on when the server cannot start any more.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from noc_console.engine.reel import Around, Opener, Reel, Take
from noc_console.health.verdict import Verdict
from noc_console.incidents.evidence.collectors import Collector, Sickness, collectors
from noc_console.incidents.evidence.evidence import Ending, NewExhibit, Recording
from noc_console.telemetry.sample import Sample

SAMPLES = "samples"
HAPPENINGS = "happenings"
SAMPLES_TITLE = "Samples of each second"
SAMPLES_EVERY_S = 10.0
SICK_FOR_S = 30.0
WITHOUT_FORK_FOR_S = 20.0
"""After that it is tried again whether the server can start a process."""

HUNG_REST_S = 300.0
ABSENT_REST_S = 900.0

_NEVER_S = float("-inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """How the server is reached now; another `key` is another connection."""

    key: object
    opener: Opener


class Tape:
    """A recording of one server. `turn` it a few times a second; `end` it once."""

    def __init__(
        self,
        recording: Recording,
        *,
        submit: Callable[[Callable[[], None]], None],
        post: Callable[[Callable[[], None]], None],
        clock: Callable[[], float],
        wall: Callable[[], datetime],
        keep: Callable[[NewExhibit], None],
    ) -> None:
        """Begin with nothing asked yet."""
        self.recording = recording
        self.until = recording.until
        """Until when a person wants it, at least."""
        self.started_s = clock()
        self.absences: dict[str, str] = {}
        self.absences_changed = False
        self._wall = wall
        self._keep = keep
        self._next_number = 1
        self._asked_s: dict[str, float] = {}
        self._absent_s: dict[str, float] = {}
        self._source_key: object = None
        self._sickness = Sickness.EARLY
        self._failure = ""
        self._samples: list[Sample] = []
        self._samples_since_s: float | None = None
        around = Around(
            submit=submit,
            post=post,
            clock=clock,
            keep=self._take,
            absent=self._note_absence,
            failed=self._note_failure,
            number=self.next_number,
        )
        everything = collectors()
        self._forking = Reel([one for one in everything if one.forks], around)
        self._steady = Reel([one for one in everything if not one.forks], around)
        self._clock = clock

    @property
    def sickness(self) -> Sickness:
        """How much the server was last asked."""
        return self._sickness

    def next_number(self) -> int:
        """Give the number of the next exhibit."""
        number = self._next_number
        self._next_number += 1
        return number

    def turn(self, now_s: float, source: Source | None, verdict: Verdict) -> None:
        """Do what is due: open the loops, ask, hand on, give up."""
        self._follow(source, now_s)
        self._forking.watch(now_s)
        self._steady.watch(now_s)
        sickness = self._judge(now_s, verdict)
        if sickness is not self._sickness:
            self._sickness = sickness
            self.tell(_SICKNESS_WORDS[sickness])
        self._ask(self._steady, now_s)
        if sickness is not Sickness.WITHOUT_FORK:
            self._ask(self._forking, now_s)
        if self._samples_since_s is not None and now_s - self._samples_since_s >= SAMPLES_EVERY_S:
            self._put_samples()

    def extend(self, until: datetime) -> None:
        """Go on until then, at least: a person wants it."""
        self.until = until

    def take_sample(self, sample: Sample, now_s: float) -> None:
        """Take a sample of the lane's tick."""
        if self._samples and self._samples[-1].at == sample.at:
            return
        if self._samples_since_s is None:
            self._samples_since_s = now_s
        self._samples.append(sample)

    def tell(self, words: str) -> None:
        """Note what befell the recording itself."""
        at = self._wall()
        content = f"{at:%Y-%m-%dT%H:%M:%S}Z {words}\n".encode()
        self._put(HAPPENINGS, "What befell the recording", at, content)

    def put_text(self, collector: str, title: str, text: str) -> None:
        """Keep a text that was not collected on the server."""
        self._put(collector, title, self._wall(), text.encode("utf-8", "surrogateescape"))

    def end(self, words: str) -> None:
        """Close the loops and keep what has arrived."""
        for reel in (self._forking, self._steady):
            reel.close(Ending.STOPPED)
        self._put_samples()
        self.tell(words)

    def _follow(self, source: Source | None, now_s: float) -> None:
        """Use the connection there is; a new one after a loss is used at once."""
        key = None if source is None else source.key
        if key != self._source_key:
            for reel in (self._forking, self._steady):
                reel.close(Ending.LINK_LOST, may_open_s=now_s)
            if self._source_key is not None or key is None:
                self.tell("the connection was lost" if key is None else "another connection stands")
            self._source_key = key
        if source is not None:
            self._forking.open_with(source.opener, now_s)
            if self._forking.is_open:  # where sshd allows one session more only, it is that one
                self._steady.open_with(source.opener, now_s)

    def _judge(self, now_s: float, verdict: Verdict) -> Sickness:
        if now_s - self._forking.cannot_fork_s < WITHOUT_FORK_FOR_S or (
            self._forking.is_closed and not self._steady.is_closed
        ):
            return Sickness.WITHOUT_FORK
        is_slow = now_s - self._forking.slow_s < SICK_FOR_S
        return Sickness.SICK if is_slow or verdict is Verdict.CUT_OFF else Sickness.EARLY

    def _ask(self, reel: Reel, now_s: float) -> None:
        if not reel.is_idle:
            return
        for collector in reel.chosen:
            if self._is_due(collector, reel, now_s) and reel.ask(collector, now_s, self._wall()):
                self._asked_s[collector.name] = now_s
                return

    def _is_due(self, collector: Collector, reel: Reel, now_s: float) -> bool:
        name, pace_s = collector.name, collector.pace_s(self._sickness)
        if pace_s is None or now_s - self._asked_s.get(name, _NEVER_S) < pace_s:
            return False
        rests = now_s - reel.hung.get(name, _NEVER_S) < HUNG_REST_S
        is_absent = now_s - self._absent_s.get(name, _NEVER_S) < ABSENT_REST_S
        return not rests and not is_absent

    def _note_absence(self, collector: Collector, why: str) -> None:
        self._absent_s[collector.name] = self._clock()
        if self.absences.get(collector.title) != why:
            self.absences[collector.title] = why
            self.absences_changed = True

    def _note_failure(self, sentence: str) -> None:
        """Note why a loop cannot be had; the same once."""
        if sentence != self._failure:
            self._failure = sentence
            self.tell(sentence)

    def _take(self, take: Take) -> None:
        if take.ending is Ending.HUNG:
            self.absences[take.collector.title] = (
                f"hung at {take.at:%H:%M:%S} UTC, tried again after some minutes"
            )
            self.absences_changed = True
        self._keep(
            NewExhibit(
                recording_id=self.recording.id,
                number=take.number,
                collector=take.collector.name,
                title=take.collector.title,
                at=take.at,
                took_ms=round(take.took_s * 1000),
                ending=take.ending,
                exit_status=take.exit_status,
                content=take.content,
            )
        )

    def _put_samples(self) -> None:
        samples, self._samples = self._samples, []
        self._samples_since_s = None
        if samples:
            rows = [(one.at, one.values) for one in samples]
            text = samples_text(rows)
            self._put(SAMPLES, SAMPLES_TITLE, samples[0].at, text.encode())

    def _put(self, collector: str, title: str, at: datetime, content: bytes) -> None:
        self._keep(
            NewExhibit(
                recording_id=self.recording.id,
                number=self.next_number(),
                collector=collector,
                title=title,
                at=at,
                took_ms=0,
                ending=Ending.WHOLE,
                exit_status=None,
                content=content,
            )
        )


_SICKNESS_WORDS = {
    Sickness.EARLY: "the server answers again as it should: everything is asked",
    Sickness.SICK: "the server is past a cut-off or slow to answer: it is asked less",
    Sickness.WITHOUT_FORK: "the server starts no process: only what needs none is asked",
}


def samples_text(rows: Sequence[tuple[datetime, Mapping[str, float]]]) -> str:
    """Give samples as lines of figures under a line of names, times in UTC."""
    names = sorted({name for _, values in rows for name in values})
    lines = ["TIME\t" + "\t".join(names)]
    for at, values in rows:
        figures = (f"{values[name]:.6g}" if name in values else "" for name in names)
        lines.append(f"{at:%H:%M:%S.%f}"[:12] + "\t" + "\t".join(figures))
    return "\n".join(lines) + "\n"
