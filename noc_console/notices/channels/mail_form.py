"""The settings of a channel of e-mail. Pure: no I/O, no clock."""

from noc_console.notices.channels.setting import Setting

MAIL_SETTINGS = (
    Setting(
        name="sender",
        title="From",
        sentence="The address mails are from; empty: that of the mail server of alarms.",
    ),
    Setting(
        name="sender_name",
        title="From name",
        sentence="The name that is shown for it, such as Example Hosting.",
    ),
    Setting(
        name="reply_to", title="Answers to", sentence="Where answers go, such as your support."
    ),
    Setting(
        name="bounces",
        title="Bounces to",
        sentence="The mailbox for bounces and for leaving, as bounces@example.com; it must take "
        "bounces+anything@example.com too. See `noc-console contact mailbox`.",
    ),
    Setting(
        name="leave_at",
        title="Leave at",
        sentence="An https address with {mark} that takes a POST of whoever wants no more "
        "(RFC 8058); empty: they leave by mail.",
    ),
    Setting(
        name="groups",
        title="Groups",
        sentence="Only contacts in these groups, with commas; empty: all whom it concerns.",
    ),
    Setting(
        name="for_all",
        title="For all",
        sentence="yes: each notice goes to every contact, also whom it does not concern.",
        default="no",
        choices=("no", "yes"),
    ),
    Setting(
        name="host",
        title="Mail server",
        sentence="A mail server of its own; empty: the one alarms go by.",
    ),
    Setting(name="port", title="Port", sentence="Usually 587, with tls 465, with none 25."),
    Setting(
        name="security",
        title="Security",
        sentence="How the way to its own mail server is protected.",
        default="starttls",
        choices=("starttls", "tls", "none"),
    ),
    Setting(name="user", title="Login", sentence="Its login at its own mail server."),
)
