"""What a channel would show, counted as it counts. Pure: no I/O, no clock."""

from noc_console.notices.channels.channel import Form, Limits, Preview
from noc_console.notices.channels.counting import count
from noc_console.notices.channels.short import fits
from noc_console.notices.text import Text


def preview_of(limits: Limits, title: str, posts: tuple[str, ...]) -> Preview:
    """Give the preview of posts that were made, with a warning for each that is too long."""
    warnings = [
        f"Post {number} has {count(limits.counting, post)} {limits.counting.value}; "
        f"{limits.most} are allowed."
        for number, post in enumerate(posts, start=1)
        if not fits(post, limits)
    ]
    if limits.title_most and len(title) > limits.title_most:
        warnings.append(f"The title has {len(title)} characters; {limits.title_most} are allowed.")
    return Preview(
        title=title,
        posts=posts,
        form=limits.form,
        counts=tuple(count(limits.counting, post) for post in posts),
        most=limits.most,
        warnings=tuple(warnings),
    )


def body_of(text: Text, form: Form) -> str:
    """Give a text in one of its forms."""
    bodies = {
        Form.HTML: text.html,
        Form.MARKDOWN: text.markdown,
        Form.PLAIN: text.plain,
        Form.SHORT: text.summary,
    }
    return bodies[form]
