"""Every record format by id, in the order in which they are tried."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ftaudit.records.alpaca import Alpaca
from ftaudit.records.annotations import Annotations
from ftaudit.records.answer_pairs import AnswerPairs
from ftaudit.records.argilla import Argilla
from ftaudit.records.chat import Chat
from ftaudit.records.classification import Classification
from ftaudit.records.completion import Completion
from ftaudit.records.conversational_qa import ConversationalQA
from ftaudit.records.dpo import DPO
from ftaudit.records.embedding import Embedding
from ftaudit.records.extractive_qa import ExtractiveQA
from ftaudit.records.format import RecordFormat
from ftaudit.records.kto import KTO
from ftaudit.records.label_studio import LabelStudio
from ftaudit.records.labelling_jobs import LabellingJobs
from ftaudit.records.multi_label import MultiLabel
from ftaudit.records.multiple_choice import MultipleChoice
from ftaudit.records.plain import PlainText
from ftaudit.records.preference import Preference
from ftaudit.records.prompts import Prompts
from ftaudit.records.scored import Scored
from ftaudit.records.segments import Segments
from ftaudit.records.sentence_pairs import SentencePairs
from ftaudit.records.sharegpt import ShareGPT
from ftaudit.records.summarisation import Summarisation
from ftaudit.records.templated import Templated
from ftaudit.records.translation import Translation
from ftaudit.records.turn_rows import TurnRows

FORMATS: Final[Mapping[str, RecordFormat]] = MappingProxyType(
    {
        f.id: f
        for f in (
            *(
                DPO(),
                Preference(),
                AnswerPairs(),
                KTO(),
                Embedding(),
                LabelStudio(),
                Argilla(),
                LabellingJobs(),
            ),
            *(
                Prompts(),
                Chat(),
                ShareGPT(),
                Segments(),
                Alpaca(),
                Translation(),
                MultipleChoice(),
                ConversationalQA(),
                ExtractiveQA(),
            ),
            *(Annotations(), SentencePairs(), Templated(), Completion(), Summarisation()),
            *(TurnRows(), MultiLabel(), Scored(), Classification(), PlainText()),
        )
    }
)
"""Every format by id. Of those that fit, the one that leaves the fewest text columns unread is
chosen; of equals, the first."""
