"""The status page in a real Chromium: whole without scripts, and on a telephone without scrolling
to the side.
"""

import re
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from noc_console.notices.channels.ways import way_of
from noc_console.notices.text import About
from tests.chromium import Chromium, skip_without_chromium
from tests.nginx import served
from tests.notices.channel_contract import AT, nothing, text
from tests.notices.test_static_site import channel

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

PHONE = 375
DARK = ("--blink-settings=preferredColorScheme=0",)
LONG = "https://shop.example.org/" + "a-very-long-path-without-any-place-to-break/" * 4
BESIDE = """<!DOCTYPE html><html><head><meta charset="utf-8">
<style>body{margin:0}iframe{border:0;width:%(width)spx;height:900px}</style></head>
<body><iframe %(sandbox)s src="%(page)s"></iframe><script>
document.querySelector("iframe").addEventListener("load", (event) => {
  const page = event.target.contentDocument;
  const wide = [...page.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > %(width)s + 0.5)
    .filter((one) => !one.matches(".skip"))
    .map((one) => one.tagName + "." + one.className);
  document.body.dataset.wide = wide.join(" ");
  document.body.dataset.scroll = page.documentElement.scrollWidth;
  document.body.dataset.html = encodeURIComponent(page.documentElement.outerHTML);
  document.body.dataset.seen = encodeURIComponent(page.body.innerText);
});
</script></body></html>
"""
"""A page beside the status page, of the same server, that shows it in a frame and looks into it. A
sandbox without `allow-scripts` is a browser whose JavaScript is off (HTML standard, 4.8.5).
"""
NO_SCRIPTS = 'sandbox="allow-same-origin"'


def about(mark, *, starts, ends=None, is_planned=True, is_over=False, state="planned"):
    return About(
        notice=mark,
        is_planned=is_planned,
        state=state,
        starts_at=AT + starts,
        ends_at=None if ends is None else AT + ends,
        is_over=is_over,
        zone="Europe/Berlin",
    )


@pytest.fixture
def page(store, tmp_path):
    """Serve a page with downtime that goes on, work that is planned and work that is past."""
    skip_without_chromium()
    folder = tmp_path / "page"
    folder.mkdir()
    way = way_of(store, channel(folder), lambda: AT)
    hours = timedelta(hours=1)
    told = (
        text(
            "n1-done-1",
            title="Exchange of a disk of web-02",
            summary="Done.",
            html="<p>The disk was exchanged.</p>",
            about=about(*("n1",), starts=-50 * hours, ends=-49 * hours, is_over=True, state="done"),
        ),
        text(
            "n2-week-before-1",
            title="Kernel update of web-01",
            summary=f"Kernel update of web-01, see {LONG}",
            about=about("n2", starts=160 * hours, ends=161 * hours),
        ),
        text(
            "n3-first-word-1",
            title="Web sites on web-07 do not answer",
            summary="We look for the cause.",
            html=(
                f'<p>Web sites do not answer. See <a href="{LONG}">{LONG}</a></p>'
                "<table><tr><th>Server</th><th>What</th><th>Since</th></tr>"
                f"<tr><td>web-07.frankfurt.example.net</td><td>{'Datenbank' * 9}</td>"
                "<td>02:14</td></tr></table>"
            ),
            about=about("n3", starts=-hours, is_planned=False, state="investigating"),
        ),
    )
    for one in told:
        way.post(one, None, nothing)
    with served(folder, tmp_path / "nginx") as address:
        yield folder, address


class Sections(HTMLParser):
    """The visible text of each section of a page, by the section's heading."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.by_heading: dict[str, str] = {}
        self._open: list[str] = []
        self._texts: list[list[str]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag == "section":
            self._open.append(dict(attrs).get("aria-labelledby", ""))
            self._texts.append([])

    def handle_endtag(self, tag):
        if tag == "section":
            words = " ".join(" ".join(self._texts.pop()).split())
            self.by_heading[self._open.pop()] = words

    def handle_data(self, data):
        for one in self._texts:
            one.append(data)


def beside(folder: Path, page: str, *, width: int, sandbox: str = "") -> str:
    """Lay a page beside that shows one of the status page's; gives its name."""
    told = {"width": width, "page": page, "sandbox": sandbox}
    (folder / "beside.html").write_text(BESIDE % told, encoding="utf-8")
    return "beside.html"


def looked_at(dom: str) -> dict[str, str]:
    """Give what that page found."""
    found = dict(re.findall(r'data-(wide|scroll|html|seen)="([^"]*)"', dom))
    assert len(found) == 4, dom[:2000]
    return {name: unquote(words) for name, words in found.items()}


def test_without_scripts_the_page_shows_what_goes_on_what_is_planned_and_what_is_past(
    page, tmp_path
):
    folder, address = page
    shown = beside(folder, "index.html", width=1200, sandbox=NO_SCRIPTS)
    found = looked_at(Chromium(tmp_path).dom(f"{address}/{shown}"))
    sections = Sections(found["html"]).by_heading

    assert "Web sites on web-07 do not answer" in sections["current"]
    assert "investigating" in sections["current"]
    assert "Kernel update of web-01" in sections["planned"]
    assert "Exchange of a disk of web-02" in sections["past"]
    assert "Kernel update" not in sections["current"] + sections["past"]
    assert "CET" in sections["planned"]  # each time has its zone, written and not computed
    assert 'class="own"' not in found["html"]  # that is what only the script adds
    for words in ("Kernel update of web-01", "do not answer", "Exchange of a disk"):
        assert words in found["seen"]


def test_a_visitor_of_another_zone_is_told_the_own_time_beside_the_written_one(page, tmp_path):
    _, address = page
    dom = Chromium(tmp_path).dom(f"{address}/")

    assert 'class="own"' in dom  # this browser's clock is not that of Berlin
    assert "CET" in Sections(dom).by_heading["planned"]


@pytest.mark.parametrize("path", ["index.html", "history.html", "notices/n3.html"])
def test_on_a_telephone_nothing_scrolls_to_the_side(page, tmp_path, path):
    folder, address = page
    shown = beside(folder, path, width=PHONE, sandbox=NO_SCRIPTS)
    found = looked_at(Chromium(tmp_path).dom(f"{address}/{shown}"))

    assert found["wide"] == ""
    assert int(found["scroll"]) <= PHONE
    assert found["seen"].strip()


def test_a_picture_of_the_page_has_something_on_it_in_light_and_dark(page, tmp_path):
    folder, address = page
    shown = beside(folder, "index.html", width=1280, sandbox=NO_SCRIPTS)
    browser, wide = Chromium(tmp_path), (1280, 900)
    light = browser.picture(f"{address}/{shown}", tmp_path / "light.png", wide)
    dark = browser.picture(f"{address}/{shown}", tmp_path / "dark.png", wide, *DARK)

    assert light.startswith(b"\x89PNG")
    assert len(light) > 20_000  # an empty page of that size is some thousand bytes
    assert dark != light
