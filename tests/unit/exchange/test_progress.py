"""A bar where somebody watches, silence elsewhere."""

import io

import pytest

from exchange.progress import Bar, Silent


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(("stream", "shown"), [(Terminal(), True), (io.StringIO(), False)])
def test_a_bar_is_drawn_on_a_terminal_alone(monkeypatch, stream, shown):
    monkeypatch.setattr("sys.stderr", stream)
    with Bar() as bar:
        bar.begin("Reading", 4)
        assert bar.advance(4) == 4
        bar.begin("Writing", 1)
        bar.end()
    assert ("Reading: 100%" in stream.getvalue()) is shown


@pytest.mark.parametrize("progress", [Silent(), Bar()])
def test_progress_may_be_told_at_any_time(progress):
    progress.end()
    assert progress.advance(3) == 3
    assert progress.begin("Reading", 1) is None
    progress.end()
