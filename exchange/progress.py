"""How far an import is: told to whoever waits."""

from typing import Protocol


class Progress(Protocol):
    def begin(self, what: str, total: int) -> None:
        """A new stage of `total` steps."""

    def advance(self, steps: int) -> int:
        """So many steps further; returns them."""


class Silent:
    """Nobody waits."""

    def begin(self, what: str, total: int) -> None: ...

    def advance(self, steps: int) -> int:
        return steps
