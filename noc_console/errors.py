"""The one kind of error a person is shown. Anything else is a bug: logged with a reference."""


class ConsoleError(Exception):
    """An expected failure: the world's fault, told in one sentence that says what to do next."""

    @property
    def sentence(self) -> str:
        """The sentence for the person at the desk."""
        return str(self)
