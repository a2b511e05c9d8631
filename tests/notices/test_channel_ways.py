"""What each channel has of its own, against the fakes."""

import ssl
import threading
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from noc_console.health.delivery.sending import tell_nobody
from noc_console.notices.channels import web_call
from noc_console.notices.channels.channel import (
    CannotAsk,
    Channel,
    ChannelKind,
    InvalidChannel,
    PostFailed,
)
from noc_console.notices.channels.chat import Chat
from noc_console.notices.channels.clipboard import Clipboard
from noc_console.notices.channels.oauth import OAuthKeys, authorization
from noc_console.notices.channels.web_call import WebCall
from noc_console.notices.channels.webhook import Webhook
from tests.notices import fake_stands
from tests.notices.channel_contract import HOSTILE, nothing, text
from tests.notices.fakes.fake_server import Reply
from tests.postfix import Postfix, skip_without_root
from tests.receiver import Receiver

LONG = " ".join(f"Sentence number {number} about web1." for number in range(60))


def test_a_signature_is_that_of_the_published_example():
    """https://developer.x.com/en/docs/authentication/oauth-1-0a/creating-a-signature"""
    keys = OAuthKeys(
        "xvz1evFS4wEEPTGEFPHBog",
        "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw",
        "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb",
        "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE",
    )
    header = authorization(
        "POST",
        "https://api.twitter.com/1.1/statuses/update.json",
        {
            "include_entities": "true",
            "status": "Hello Ladies + Gentlemen, a signed OAuth request!",
        },
        keys,
        1318622958,
        nonce="kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg",
    )

    assert 'oauth_signature="hCtSmYh%2BiHYCEqBWrE7C7hYmtUk%3D"' in header


@pytest.mark.parametrize("make", [fake_stands.x, fake_stands.bluesky, fake_stands.mastodon])
@pytest.mark.parametrize("lost_at", [1, 2, 3])
def test_a_thread_that_broke_goes_on_where_it_stopped(make, lost_at):
    stand = make(long="thread")
    with closing(stand.server):
        said = text(summary=LONG, plain=LONG)
        total = len(stand.way.preview(said).posts)
        assert total > 3
        stand.server.lose_next = lost_at
        with pytest.raises(PostFailed) as failure:
            stand.way.post(said, None, nothing)

        assert failure.value.is_in_doubt
        assert stand.way.find("n42-start-1") is None
        posted = stand.way.post(said, None, nothing)
        assert len(posted.parts) == stand.count() == total
        assert stand.way.find("n42-start-1").parts == posted.parts
        stand.way.delete(posted)
        assert stand.count() == 0


def test_a_post_for_later_waits_at_mastodon_and_has_another_id_once_it_is_out():
    stand = fake_stands.mastodon()
    with closing(stand.server):
        at = datetime.now(UTC) + timedelta(hours=1)
        posted = stand.way.post(text(), at, nothing)

        assert stand.count() == 0
        assert stand.way.find("n42-start-1") == posted
        (later,) = stand.server.later
        assert datetime.fromisoformat(later["scheduled_at"]) == at
        with pytest.raises(PostFailed):
            stand.way.edit(posted, text())
        stand.way.delete(posted)
        assert stand.server.later == []


@pytest.mark.parametrize("make", [fake_stands.mastodon, fake_stands.facebook])
def test_a_post_that_a_channel_is_late_with_is_asked_for_again_and_then_not_there(make):
    stand = make()
    with closing(stand.server):
        at = datetime.now(UTC) + timedelta(hours=1)
        stand.way.post(text(), at, nothing)
        stand.way._now = lambda: at + timedelta(minutes=1)
        with pytest.raises(PostFailed) as failure:
            stand.way.find("n42-start-1")
        assert (failure.value.is_final, failure.value.is_in_doubt) == (False, False)
        stand.way._now = lambda: at + timedelta(hours=1)

        assert stand.way.find("n42-start-1") is None


def test_a_post_for_later_waits_at_facebook():
    stand = fake_stands.facebook()
    with closing(stand.server):
        posted = stand.way.post(text(), datetime.now(UTC) + timedelta(days=2), nothing)

        (kept,) = stand.server.posts.values()
        assert "at" in kept
        assert stand.way.find("n42-start-1").remote_id == posted.remote_id
        assert kept["link"] == "https://status.example.com/notices/n42.html#n42-start-1"


@pytest.mark.parametrize("make", [fake_stands.x, fake_stands.discourse, fake_stands.linkedin])
def test_a_channel_that_keeps_nothing_for_later_is_not_given_it_early(make):
    stand = make()
    with closing(stand.server), pytest.raises(PostFailed) as failure:
        stand.way.post(text(), datetime.now(UTC) + timedelta(minutes=10), nothing)

    assert 590 < failure.value.pause_s <= 600
    assert stand.count() == 0


def test_a_forum_that_wants_each_title_once_gets_another():
    stand = fake_stands.discourse()
    with closing(stand.server):
        stand.way.post(text("n42-week-before-1"), None, nothing)
        stand.way.post(text("n42-day-before-2"), None, nothing)

        titles = [one["title"] for one in stand.server.topics.values()]
    assert titles == [
        "Kernel update of web1 on 1 December 2026",
        "Kernel update of web1 on 1 December 2026 [n42-day-before-2]",
    ]


def test_no_sign_of_a_text_cuts_it_off_at_linkedin():
    stand = fake_stands.linkedin()
    with closing(stand.server):
        words = "before (a) [b] {c} <d> @e #f *g* _h_ ~i~ |j| \\k after"
        stand.way.post(text(plain=words), None, nothing)
        (kept,) = stand.server.posts.values()

    assert "k after" in kept
    assert kept.endswith("-start-1")


def test_keys_that_may_only_read_are_found_by_the_test_of_x():
    stand = fake_stands.x()
    with closing(stand.server):
        stand.server.access = "read"
        with pytest.raises(PostFailed, match="only read"):
            stand.way.test(tell_nobody)


def test_a_limit_of_x_is_waited_for_until_it_is_reset():
    now = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
    call = WebCall("X", "https://api.x.com", now=lambda: now)
    answer = web_call.Answer(
        status=429,
        headers=web_call.httpx.Headers({"x-rate-limit-reset": str(int(now.timestamp()) + 300)}),
        body=b"",
    )

    assert call.pause_of(answer) == 300


def test_rights_that_lack_are_found_by_each_test():
    forum, page, bills = fake_stands.discourse(), fake_stands.linkedin(), fake_stands.whmcs()
    forum.server.permission = 3
    page.server.role = "ANALYST"
    bills.server.allowed = {"Get", "Add"}
    for stand, words in ((forum, "begin a topic"), (page, "may not post"), (bills, "role has")):
        with closing(stand.server), pytest.raises(PostFailed, match=words):
            stand.way.test(tell_nobody)


def test_a_token_of_another_page_is_found_by_the_test_of_facebook():
    stand = fake_stands.facebook()
    stand.server.me = "1"
    with closing(stand.server), pytest.raises(PostFailed, match="not of the page 4711"):
        stand.way.test(tell_nobody)


def test_bluesky_is_logged_in_to_once_and_again_when_the_session_ends():
    stand = fake_stands.bluesky()
    with closing(stand.server):
        stand.way.post(text(), None, nothing)
        stand.way.find("n42-start-1")
        assert stand.server.sessions == 1
        stand.server.break_next = Reply(400, {"error": "ExpiredToken", "message": "expired"})
        with pytest.raises(PostFailed):
            stand.way.find("n42-start-1")
        assert stand.way.find("n42-start-1") is not None
        assert stand.server.sessions == 2


def test_a_webhook_keeps_hostile_words_inside_its_json_and_says_what_is_none():
    stand = fake_stands.webhook(body='{"a": ["{title}", {"b": "x {plain} {nothing}"}], "text": 7}')
    with closing(stand.server):
        stand.way.post(text(title='"}], "evil": "{plain}', plain=HOSTILE), None, nothing)
        (kept,) = stand.server.kept.values()

    assert kept["sent"] == {
        "a": ['"}], "evil": "{plain}', {"b": f"x {HOSTILE} {{nothing}}"}],
        "text": 7,
    }
    broken = Channel(name="Hook", kind=ChannelKind.WEBHOOK, settings={"body": "{title}"})
    with pytest.raises(InvalidChannel, match="no JSON object"):
        Webhook(broken, tuple).preview(text())


def test_a_webhook_may_take_the_fields_of_a_form():
    stand = fake_stands.webhook(sent_as="form")
    with closing(stand.server):
        stand.server.reply = lambda asked: Reply(200, {"data": {"id": asked.form["reference"]}})
        posted = stand.way.post(text(), None, nothing)

    assert posted.remote_id == "n42-start-1"


def test_what_cannot_be_asked_says_so():
    hook = Channel(name="Hook", kind=ChannelKind.WEBHOOK, settings={"address": "https://a.example"})
    with pytest.raises(CannotAsk):
        Webhook(hook, tuple).find("n42-start-1")
    with pytest.raises(CannotAsk):
        Chat(Channel(name="Staff", kind=ChannelKind.CHAT), tuple).find("n42-start-1")


def test_a_chat_gets_title_and_text_and_its_address_is_never_told():
    channel = Channel(name="Staff", kind=ChannelKind.CHAT)
    with closing(Receiver()) as receiver:
        way = Chat(channel, lambda: (receiver.url,))
        assert "sesame" not in way.test(tell_nobody)
        way.post(text(), None, nothing)
        receiver.status = 403
        with pytest.raises(PostFailed) as failure:
            way.post(text(), None, nothing)

    (heard,) = receiver.heard
    assert heard["title"] == "Kernel update of web1 on 1 December 2026"
    assert "sesame" not in failure.value.sentence
    assert not failure.value.is_in_doubt


def test_what_a_person_posts_is_left_to_them_with_where_and_what():
    channel = Channel(
        name="Facebook group",
        kind=ChannelKind.CLIPBOARD,
        settings={"page": "https://www.facebook.com/groups/1", "form": "short", "most": "20"},
    )
    way = Clipboard(channel)
    with pytest.raises(PostFailed, match=r"https://www\.facebook\.com/groups/1"):
        way.post(text(), None, nothing)

    shown = way.preview(text())
    assert shown.posts == (text().summary,)
    assert "20 are allowed" in shown.warnings[0]


class _Endless(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"x" * 65536)
        except OSError:
            return

    def log_message(self, *_: object) -> None:
        pass


def test_an_answer_without_end_is_left():
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Endless)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        call = WebCall("News", f"http://127.0.0.1:{server.server_port}")
        with pytest.raises(PostFailed, match="did not answer in time"):
            call.send("GET", "/")
    finally:
        server.shutdown()
        server.server_close()
        thread.join(30)


def test_a_certificate_that_is_not_valid_gets_nothing():
    skip_without_root()
    postfix = Postfix()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(postfix.certificate, postfix.folder / "key.pem")
    heard: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(self.path)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        call = WebCall("News", f"https://localhost:{server.server_port}")
        with pytest.raises(PostFailed, match="certificate that is not valid") as failure:
            call.send("POST", "/", json={}, before=nothing)
    finally:
        server.shutdown()
        server.server_close()
        thread.join(30)
        postfix.remove()

    assert heard == []
    assert not failure.value.is_in_doubt


def test_a_secret_that_a_channel_repeats_is_not_told():
    stand = fake_stands.mastodon()
    with closing(stand.server):
        stand.server.break_next = Reply(400, {"error": f"what is {stand.secret}?"})
        with pytest.raises(PostFailed) as failure:
            stand.way.find("n42-start-1")

    assert stand.secret not in failure.value.sentence
    assert "****" in failure.value.sentence


def test_the_language_of_a_channel_goes_with_its_posts():
    stand = fake_stands.mastodon()
    stand.way._channel = replace(stand.way._channel, language="de")
    with closing(stand.server):
        stand.way.post(text(), None, nothing)
        sent = next(one for one in stand.server.asked if one.method == "POST")

    assert sent.json["language"] == "de"
