"""The templates there are: those shipped, and the site's own, which take their place.

A template is a text file `LANGUAGE/SEND.md` such as `en/week-before.md`; one that begins with `_`
is included by others. For one brand only it is `BRAND/LANGUAGE/SEND.md`. The site's own are in the
store, where each desk and engine finds them, and in a folder of this machine that goes before.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from noc_console.errors import ConsoleError
from noc_console.notices.language import Language, read_language
from noc_console.notices.notice import Send
from noc_console.resource import resource
from noc_console.store.settings import get_setting, put_setting
from noc_console.store.store import Store

OWN_TEMPLATES = "notices.templates"
TEMPLATE_FOLDER = "notices.template_folder"
MOST_TEMPLATES = 500
MOST_BYTES = 64 * 1024
_KINDS = frozenset({".md", ".toml"})
_DEEPEST = 3
_DEPTHS = ("*/*", "*/*/*")
_USUAL = "en"


class InvalidTemplate(ConsoleError):
    """A template that cannot be kept; the sentence says why."""


class UnknownTemplate(ConsoleError):
    """There is no template of that name."""


@dataclass(frozen=True, slots=True)
class TemplateShelf:
    """Templates by path, the site's own in the place of those shipped."""

    by_path: Mapping[str, str]
    own: frozenset[str] = frozenset()
    """The paths of the site's own."""

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages notices can be worded in."""
        ending = "/language.toml"
        return tuple(
            sorted(path.removesuffix(ending) for path in self.by_path if path.endswith(ending))
        )

    def language(self, code: str) -> Language:
        """Give a language's words; those of English where there are none.

        Raises:
            LanguageNotUnderstood: the site's own file lacks something.
        """
        known = code if f"{code}/language.toml" in self.by_path else _USUAL
        return read_language(known, self.by_path[f"{known}/language.toml"])

    def sources(self, language: str, brand: str = "") -> dict[str, str]:
        """Give the templates of a language by name, such as `week-before`, those of a brand first.

        What a language lacks is taken from English.
        """
        found: dict[str, str] = {}
        for folder in (_USUAL, language, f"{brand}/{_USUAL}", f"{brand}/{language}"):
            found |= {
                path.removeprefix(f"{folder}/").removesuffix(".md"): text
                for path, text in self.by_path.items()
                if path.startswith(f"{folder}/") and path.endswith(".md")
            }
        return found

    def lacking(self, language: str) -> tuple[str, ...]:
        """Name the sends for which a language has no template, so that English takes its place."""
        sends = sorted(template_name(one) for one in Send)
        return tuple(
            one
            for one in sends
            if f"{_USUAL}/{one}.md" in self.by_path and f"{language}/{one}.md" not in self.by_path
        )

    def prepared(self) -> dict[str, dict[str, Any]]:
        """Give the prepared works and causes by name, as their files have them."""
        found = {}
        for path, text in sorted(self.by_path.items()):
            folder, _, name = path.removesuffix(".toml").rpartition("/")
            if folder in {"works", "causes"} and path.endswith(".toml"):
                try:
                    found[name] = tomllib.loads(text) | {"kind": folder}
                except tomllib.TOMLDecodeError as failure:
                    raise InvalidTemplate(f"{path} is no TOML: {failure}; mend it.") from None
        return found


def template_name(send: Send) -> str:
    """Give the name of a send's template: `week-before`."""
    return send.value.replace(" ", "-")


def read_shelf(store: Store | None = None) -> TemplateShelf:
    """Give the templates of a store's site; without a store those shipped."""
    if store is None:
        return TemplateShelf(_shipped())
    own = own_templates(store)
    if folder := template_folder(store):
        own = own | _in_folder(Path(folder).expanduser())
    return TemplateShelf({**_shipped(), **own}, frozenset(own))


def template_folder(store: Store) -> str:
    """Give the folder of each machine whose templates go before all others; empty for none."""
    told = get_setting(store, TEMPLATE_FOLDER, "")
    return told if isinstance(told, str) else ""


def put_template_folder(store: Store, folder: str) -> None:
    """Set that folder, for everybody; each engine looks for it on its own machine.

    Raises:
        InvalidTemplate: it is not there, or something in it cannot be read.
    """
    if folder and not Path(folder).expanduser().is_dir():
        raise InvalidTemplate(f"There is no folder {folder}; make it first.")
    if folder:
        _in_folder(Path(folder).expanduser())
    put_setting(store, TEMPLATE_FOLDER, folder)


def own_templates(store: Store) -> dict[str, str]:
    """Give the site's own templates that the store holds."""
    told = get_setting(store, OWN_TEMPLATES, {})
    if not isinstance(told, dict):
        return {}
    return {str(path): text for path, text in told.items() if isinstance(text, str)}


def put_template(store: Store, path: str, text: str | None) -> None:
    """Keep a template of the site's own for everybody; None takes it away.

    Raises:
        InvalidTemplate: it cannot be kept under that path, or is too long.
    """
    known = own_templates(store)
    if text is None:
        known.pop(path, None)
    else:
        known[checked_path(path)] = text
        if len(text.encode()) > MOST_BYTES or len(known) > MOST_TEMPLATES:
            raise InvalidTemplate(
                f"A template holds at most {MOST_BYTES // 1024} kB, and there are at most"
                f" {MOST_TEMPLATES}; make it shorter or take one away."
            )
    put_setting(store, OWN_TEMPLATES, known)


def checked_path(path: str) -> str:
    """Give a template's path.

    Raises:
        InvalidTemplate: it is none.
    """
    parts = path.split("/")
    if (
        Path(path).suffix not in _KINDS
        or not 2 <= len(parts) <= _DEEPEST
        or any(not Path(part).stem.strip(". ") or not part.isprintable() for part in parts)
    ):
        raise InvalidTemplate(
            f"{path[:80]!r} is no place for a template; write LANGUAGE/NAME.md such as"
            " en/week-before.md, BRAND/LANGUAGE/NAME.md, works/NAME.toml or causes/NAME.toml."
        )
    return path


@cache
def _shipped() -> Mapping[str, str]:
    return _in_folder(resource("notices"))


def _in_folder(folder: Path) -> dict[str, str]:
    """Read the templates under a folder.

    Raises:
        InvalidTemplate: one of them cannot be read or is too long.
    """
    found: dict[str, str] = {}
    try:
        for path in sorted(one for depth in _DEPTHS for one in folder.glob(depth)):
            name = path.relative_to(folder).as_posix()
            if path.suffix not in _KINDS or not path.is_file():
                continue
            if path.stat().st_size > MOST_BYTES or len(found) >= MOST_TEMPLATES:
                raise InvalidTemplate(f"{path} is too long for a template, or there are too many.")
            found[name] = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as failure:
        raise InvalidTemplate(
            f"The templates in {folder} cannot be read ({failure}); mend them or take the setting"
            " away."
        ) from None
    return found
