"""A report as a PDF, also from a thread, and with nothing in it but what the report brought."""

import re
import threading

import pytest
from PySide6.QtGui import QTextDocument

from noc_console.desk.pdf import pdf_of, write_pdf
from noc_console.fleet.whole_file import NotWritten

LONG = "".join(f"<p>line {number}</p>" for number in range(200))


def pages_of(content: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b", content))


def test_a_long_report_has_pages_and_its_title(application):
    content = pdf_of(LONG, "Incident 7")

    assert content.startswith(b"%PDF-")
    assert pages_of(content) == int(re.search(rb"/Count (\d+)", content)[1]) > 2
    assert "Incident 7".encode("utf-16-be") in content


def test_a_report_is_written_from_any_thread_without_a_warning_of_qt(application, tmp_path, capfd):
    path = tmp_path / "report.pdf"
    writer = threading.Thread(target=write_pdf, args=(LONG, path, "Night"))
    writer.start()
    writer.join()

    assert path.read_bytes().startswith(b"%PDF-")
    assert capfd.readouterr().err == ""


def test_a_report_reads_no_file_and_no_page_of_the_web(application, tmp_path, monkeypatch):
    asked = []
    plain = QTextDocument.loadResource

    def note(self, kind, name):
        asked.append(name.toString())
        return plain(self, kind, name)

    monkeypatch.setattr(QTextDocument, "loadResource", note)
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"secret")

    pdf_of(f"<img src='{secret}'><img src='http://192.0.2.1/a.png'><p>text</p>", "Night")

    assert asked == []


def test_a_place_that_cannot_be_written_is_said_and_leaves_nothing(application, tmp_path):
    with pytest.raises(NotWritten, match="choose another place"):
        write_pdf("<p>text</p>", tmp_path / "missing" / "report.pdf", "Night")

    assert list(tmp_path.iterdir()) == []
