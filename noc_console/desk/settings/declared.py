"""Every setting a person may change, declared once: key, words, default, and what it may be. Pure.

A setting of the desk is one person's, kept in their configuration file. A setting of the store
holds for everybody who uses that store.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from noc_console.audit.audit import EVIDENCE_DAYS as AUDIT_EVIDENCE_DAYS
from noc_console.errors import ConsoleError
from noc_console.health.alarm import ALARM_DAYS
from noc_console.health.delivery.hours import parse_hours
from noc_console.incidents.evidence.recording_rules import EVIDENCE_DAYS, RecorderSettings
from noc_console.store.retention import Retention

MAX_NAME_LENGTH = 80


class InvalidSetting(ConsoleError):
    """A value a setting cannot have; the sentence says what it may be."""


class Scope(Enum):
    """Whose a setting is."""

    DESK = "desk"
    STORE = "store"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting. Its kind is that of `default`: truth value, whole number, or text.

    `choices` are value -> words; a whole number lies in `least`..`most`, with its `unit`.
    """

    key: str
    title: str
    sentence: str
    default: bool | int | str
    section: str
    scope: Scope = Scope.DESK
    choices: Mapping[str, str] | None = None
    least: int = 0
    most: int = 0
    unit: str = ""
    read_text: Callable[[str], object] | None = None
    """Reads a text and raises a ConsoleError where it cannot be."""

    def check(self, value: Any) -> None:
        """Refuse what the setting cannot be.

        Raises:
            InvalidSetting: with what it may be.
        """
        if type(value) is not type(self.default):
            raise InvalidSetting(f"{self.title}: {value!r} is not of the right kind.")
        if self.choices is not None and value not in self.choices:
            raise InvalidSetting(f"{self.title}: choose one of {', '.join(self.choices)}.")
        if type(value) is int and not self.least <= value <= self.most:
            raise InvalidSetting(
                f"{self.title}: give a number between {self.least} and {self.most}."
            )
        if type(value) is str and len(value) > MAX_NAME_LENGTH:
            raise InvalidSetting(f"{self.title}: at most {MAX_NAME_LENGTH} characters.")
        if type(value) is str and self.read_text is not None:
            try:
                self.read_text(value)
            except ConsoleError as refused:
                raise InvalidSetting(f"{self.title}: {refused.sentence}") from refused


_LEASTS = {"early": "The early line", "cut-off": "A cut-off"}

SETTINGS: tuple[Setting, ...] = (
    Setting(
        key="theme",
        title="Theme",
        sentence="Colours of the window. “As the system” follows it while noc-console runs.",
        default="system",
        section="Window",
        choices={"system": "As the system", "light": "Light", "dark": "Dark"},
    ),
    Setting(
        key="tray",
        title="Show a symbol in the tray",
        sentence="It has the shape and colour of the worst verdict, and counts in its tooltip.",
        default=True,
        section="Window",
    ),
    Setting(
        key="close_to_tray",
        title="Closing the window leaves noc-console in the tray",
        sentence="Watching goes on then; quit from the tray’s menu or with Ctrl+Q.",
        default=False,
        section="Window",
    ),
    Setting(
        key="asked_by",
        title="Your name",
        sentence="Written beside what you ask for and change, from the next start of the window on."
        " Empty means your login name.",
        default="",
        section="You",
    ),
    Setting(
        key="announce.notes",
        title="Notes of the desktop",
        sentence="An alarm that nobody has taken up is shown as a note, with a button to"
        " acknowledge it.",
        default=True,
        section="Alarms at this desk",
    ),
    Setting(
        key="announce.notes_least",
        title="Notes from",
        sentence="How bad an alarm must be to be shown as a note.",
        default="early",
        section="Alarms at this desk",
        choices=_LEASTS,
    ),
    Setting(
        key="announce.sounds",
        title="Sounds",
        sentence="One tone for the early line, two falling for a cut-off, three rising for down.",
        default=True,
        section="Alarms at this desk",
    ),
    Setting(
        key="announce.sounds_least",
        title="Sounds from",
        sentence="How bad an alarm must be to be heard.",
        default="early",
        section="Alarms at this desk",
        choices=_LEASTS,
    ),
    Setting(
        key="announce.quiet",
        title="Quiet hours",
        sentence="In these hours the early line is neither shown nor heard; what is cut off or"
        " down always is. Write them as 22:00-07:00 or Mon-Fri 20:00-08:00.",
        default="",
        section="Alarms at this desk",
        read_text=parse_hours,
    ),
    Setting(
        key="alarms.people",
        title="People at the desks at one time",
        sentence="The quality of alarms is judged by how many call each of them.",
        default=1,
        section="Alarms of everybody",
        scope=Scope.STORE,
        least=1,
        most=50,
    ),
    Setting(
        key="retention.alarm_days",
        title="Alarms that are over",
        sentence="They and what befell them are kept for this long; those of an incident stay.",
        default=ALARM_DAYS,
        section="Alarms of everybody",
        scope=Scope.STORE,
        least=31,
        most=4000,
        unit="days",
    ),
    Setting(
        key="retention.raw_days",
        title="Every sample",
        sentence="Samples as they were read are kept for this long, then only averages.",
        default=Retention().raw_days,
        section="History",
        scope=Scope.STORE,
        least=1,
        most=90,
        unit="days",
    ),
    Setting(
        key="retention.one_minute_days",
        title="One-minute steps",
        sentence="Average, lowest and highest of each minute are kept for this long.",
        default=Retention().one_minute_days,
        section="History",
        scope=Scope.STORE,
        least=1,
        most=1000,
        unit="days",
    ),
    Setting(
        key="retention.five_minute_days",
        title="Five-minute steps",
        sentence="Average, lowest and highest of five minutes are kept for this long.",
        default=Retention().five_minute_days,
        section="History",
        scope=Scope.STORE,
        least=1,
        most=4000,
        unit="days",
    ),
    Setting(
        key="recorder.is_automatic",
        title="Record by itself",
        sentence="From the early line on, evidence of a server is kept here, never on the server.",
        default=RecorderSettings().is_automatic,
        section="Flight recorder",
        scope=Scope.STORE,
    ),
    Setting(
        key="recorder.after_minutes",
        title="Go on afterwards",
        sentence="A recording goes on for so long after the server is well again.",
        default=RecorderSettings().after_minutes,
        section="Flight recorder",
        scope=Scope.STORE,
        least=0,
        most=240,
        unit="minutes",
    ),
    Setting(
        key="recorder.manual_minutes",
        title="Recorded by hand",
        sentence="One that somebody asked for lasts so long, and longer while it is needed.",
        default=RecorderSettings().manual_minutes,
        section="Flight recorder",
        scope=Scope.STORE,
        least=1,
        most=1440,
        unit="minutes",
    ),
    Setting(
        key="recorder.longest_hours",
        title="Longest recording",
        sentence="One that began by itself ends after so long; the next begins when it gets worse.",
        default=RecorderSettings().longest_hours,
        section="Flight recorder",
        scope=Scope.STORE,
        least=1,
        most=72,
        unit="hours",
    ),
    Setting(
        key="recorder.at_most",
        title="At once",
        sentence="So many servers are recorded by themselves at once, the worst first.",
        default=RecorderSettings().at_most,
        section="Flight recorder",
        scope=Scope.STORE,
        least=1,
        most=500,
        unit="servers",
    ),
    Setting(
        key="retention.evidence_days",
        title="Keep evidence",
        sentence="Recordings are kept for so long after their end; those kept for good stay.",
        default=EVIDENCE_DAYS,
        section="Flight recorder",
        scope=Scope.STORE,
        least=1,
        most=3650,
        unit="days",
    ),
    Setting(
        key="audit.evidence_days",
        title="Keep evidence",
        sentence="What servers answered to an audit is let go after so long: it holds names and"
        " addresses of people. Results, findings, decisions and hashes stay.",
        default=AUDIT_EVIDENCE_DAYS,
        section="Audits",
        scope=Scope.STORE,
        least=31,
        most=3650,
        unit="days",
    ),
)

BY_KEY: Mapping[str, Setting] = {setting.key: setting for setting in SETTINGS}
