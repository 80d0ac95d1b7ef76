"""Progress bars of a terminal: one per stage, with rows per second."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
)
from rich.progress import Progress as RichProgress
from rich.text import Text

from ftaudit.model.progress import Advance


class RateColumn(ProgressColumn):
    """Rows per second."""

    def render(self, task: Task) -> Text:
        """Return the rate of a stage, or nothing while it is unknown."""
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.0f}/s" if speed else "", style="progress.data.speed")


class Bars:
    """Show every stage as a bar that stays."""

    def __init__(self, console: Console) -> None:
        """Draw on `console`."""
        self._console = console

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[Advance]:
        """Show one stage while it lasts."""
        columns = (
            SpinnerColumn(finished_text="✓"),
            TextColumn("{task.description:<22}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            RateColumn(),
            TimeElapsedColumn(),
        )
        with RichProgress(*columns, console=self._console, transient=False) as bars:
            task = bars.add_task(name, total=total)
            yield lambda rows: bars.advance(task, rows)
            bars.update(
                task, total=bars.tasks[0].completed or 1, completed=bars.tasks[0].completed or 1
            )
