"""How a trainer reads records: its profile, tokenizer and chat template, and its limit."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from ftaudit.profiles.profiled_record import ProfiledRecord, profiled
from ftaudit.profiles.provider_profile import ProviderProfile, Trains
from ftaudit.profiles.tokens.generic_layouts import GENERIC_LAYOUTS
from ftaudit.profiles.tokens.rendered_record import RenderedRecord, render_record
from ftaudit.profiles.tokens.token_tally import Cut
from ftaudit.profiles.tokens.training_text import TextSegment, segments_of

if TYPE_CHECKING:
    from ftaudit.profiles.tokens.chat_template import ChatTemplate
    from ftaudit.profiles.tokens.token_counter import TokenCounter


class TrainerSettings(Struct, frozen=True):
    """What a trainer makes of a record, as far as the user named it."""

    profile: ProviderProfile | None = None
    counter: "TokenCounter | None" = None
    template: "ChatTemplate | None" = None
    max_tokens: int | None = None
    """Tokens of a record that are kept; None for the limit of the profile."""
    columns: tuple[str, ...] = ()
    """Columns of input and output, for records of no known kind."""

    @property
    def limit(self) -> int | None:
        """Tokens of a record that are kept."""
        if self.max_tokens is not None:
            return self.max_tokens
        limit = self.profile.tokens if self.profile else None
        return limit.at_most if limit else None

    @property
    def cut(self) -> Cut:
        """What is cut from a record that is too long."""
        limit = self.profile.tokens if self.profile else None
        return limit.cut if limit else "end"

    @property
    def trains(self) -> Trains:
        """Which texts of a record are trained."""
        return self.profile.trains if self.profile else "answers"

    def record(self, value: dict[str, object]) -> ProfiledRecord:
        """Return a record by the layouts of the profile, or else by those of every trainer."""
        layouts = self.profile.layouts if self.profile else ()
        return profiled(value, (*layouts, *GENERIC_LAYOUTS))

    def rendered(self, record: ProfiledRecord) -> RenderedRecord | None:
        """Return the text that the template makes of a record; None without a template.

        Raises:
            TemplateError: the template does not render the record.
        """
        return render_record(record, self.template, self.trains) if self.template else None

    def segments(self, record: ProfiledRecord) -> Sequence[TextSegment]:
        """Return the texts of a record, as they are trained without a template."""
        return segments_of(record, self.trains, self.columns)
