"""How far an import is: told to whoever waits."""

from shutil import get_terminal_size
from types import TracebackType
from typing import Protocol, Self

from tqdm import tqdm


class Progress(Protocol):
    def begin(self, what: str, total: int) -> None:
        """A new stage of `total` steps."""

    def advance(self, steps: int) -> int:
        """So many steps further; returns them."""

    def end(self) -> None:
        """Room for words."""


class Silent:
    """Nobody waits."""

    def begin(self, what: str, total: int) -> None: ...

    def advance(self, steps: int) -> int:
        return steps

    def end(self) -> None: ...


class Bar:
    """A bar on the terminal, one a stage; nothing where the output is no terminal."""

    def __init__(self) -> None:
        self.bar: tqdm[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def begin(self, what: str, total: int) -> None:
        self.end()
        size = get_terminal_size()  # a terminal that does not know its own size has 80 columns
        self.bar = tqdm(
            desc=what, total=total, disable=None, unit_scale=True, ncols=size.columns, nrows=size.lines
        )

    def advance(self, steps: int) -> int:
        if self.bar:
            self.bar.update(steps)
        return steps

    def end(self) -> None:
        if self.bar:
            self.bar.close()
        self.bar = None
