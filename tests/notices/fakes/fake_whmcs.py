"""WHMCS, as https://developers.whmcs.com/api-reference/addannouncement/ and the like describe it.

Every answer comes with 200 or, of a refused login, 403; what went wrong is in the body.
"""

from datetime import datetime

from tests.notices.fakes.fake_server import Asked, FakeServer, Reply

IDENTIFIER, SECRET = "identifier-of-ours", "secret-of-ours"


def _error(message: str, status: int = 200) -> Reply:
    return Reply(status, {"result": "error", "message": message})


class FakeWhmcs(FakeServer):
    """One WHMCS."""

    def __init__(self) -> None:
        super().__init__()
        self.announcements: dict[str, dict] = {}
        self.allowed = {"Get", "Add", "Update", "Delete"}

    def is_write(self, asked: Asked) -> bool:
        return asked.form.get("action") == "AddAnnouncement"

    def reply(self, asked: Asked) -> Reply:
        form = asked.form
        if asked.path != "/includes/api.php":
            return Reply(404)
        if (form.get("identifier"), form.get("secret")) != (IDENTIFIER, SECRET):
            return _error("Authentication Failed", 403)
        act = form["action"].partition("Announcement")[0]
        if act not in self.allowed:
            said = f'API action "{form["action"].lower()}" is not allowed'
            return _error(f"Invalid Permissions: {said}", 403)
        return {"Get": self._get, "Add": self._add}.get(act, self._change)(form)

    def _get(self, form: dict[str, str]) -> Reply:
        start, number = int(form.get("limitstart", 0)), int(form.get("limitnum", 25))
        some = list(self.announcements.values())[::-1][start : start + number]
        body = {
            "result": "success",
            "totalresults": len(self.announcements),
            "startnumber": start,
            "numreturned": len(some),
        }
        return Reply(200, body | ({"announcements": {"announcement": some}} if some else {}))

    def _add(self, form: dict[str, str]) -> Reply:
        datetime.strptime(form["date"], "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - it has no zone
        made = str(len(self.asked))
        self.announcements[made] = {
            "id": made,
            "date": form["date"],
            "title": form["title"],
            "announcement": form["announcement"],
            "published": form["published"],
        }
        return Reply(200, {"result": "success", "announcementid": made})

    def _change(self, form: dict[str, str]) -> Reply:
        made = form["announcementid"]
        if made not in self.announcements:
            return _error("Announcement ID Not Found")
        if form["action"] == "DeleteAnnouncement":
            del self.announcements[made]
        else:
            names = ("title", "announcement")
            self.announcements[made] |= {name: form[name] for name in names if name in form}
        return Reply(200, {"result": "success", "announcementid": made})
