"""The role that every column plays: what a model is given, what it is taught, what is beside it."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Role(StrEnum):
    """What a column is read as."""

    SYSTEM = "system"
    """Instructions before everything else."""
    CONTEXT = "context"
    """What the input is about: a passage, a document, a table."""
    TITLE = "title"
    """What a document or an input is called."""
    HISTORY = "history"
    """Earlier turns of a conversation."""
    INPUT = "input"
    """What the model is asked."""
    MEDIA = "media"
    """Images, sound or video, by their reference or the digest of their bytes."""
    CHOICES = "choices"
    """Answers to choose from."""
    TOOLS = "tools"
    """Functions the model may call."""
    OUTPUT = "output"
    """What the model should answer."""
    REFERENCE = "reference"
    """An answer beside the output that answers are compared with."""
    REJECTED = "rejected"
    """What it should not answer."""
    LABEL = "label"
    """The class of a record, or its classes."""
    SCORE = "score"
    """A number on a scale, such as a rating: 4.75 and 4.8 are no two classes."""
    WEIGHT = "weight"
    """How much a record counts in training."""
    VERDICT = "verdict"
    """Whether an annotation was accepted."""
    GROUP = "group"
    """Customer, ticket or document, which may not stand on both sides."""
    TIME = "time"
    """When a record was made."""
    SOURCE_ID = "source_id"
    """Which source of the provenance record it is from."""
    LICENSE = "license"
    """The licence of a record."""
    ANNOTATOR = "annotator"
    """Who labelled the record."""
    ID = "id"
    """The name of a record among all."""
    SPLIT = "split"
    """Which part of the data a record is in."""
    METADATA = "metadata"
    """Numbers, dates, ids, hashes, short words: nothing a model is given or taught."""
    COPY = "copy"
    """Texts that columns which are read hold, whole, or the record rendered by a template."""
    IGNORED = "ignored"
    """Named by the user as not used."""
    NOT_READ = "not read"
    """Text that no role claims, or values that cannot be read as text."""


BEFORE: Final = (Role.SYSTEM, Role.CONTEXT, Role.TITLE, Role.HISTORY)
"""Roles of what stands before the input in what is compared, in this order."""

AFTER: Final = (Role.INPUT, Role.MEDIA, Role.CHOICES)
"""Roles of what stands after the input of the format, in this order."""

SHARED: Final = frozenset({Role.CONTEXT, Role.HISTORY})
"""Roles of what many records share by design: records that share it are told apart by the rest."""

NAMES: Final[Mapping[Role, tuple[str, ...]]] = MappingProxyType(
    {
        Role.SYSTEM: (
            *("system", "system_prompt", "system_message", "system_instruction", "sys"),
            *("meta_instruction", "instruction_prefix", "persona_prompt"),
        ),
        Role.CONTEXT: (
            *("context", "passage", "document", "article", "paragraph", "evidence", "story"),
            *("background", "knowledge", "reference", "contexts", "passages", "documents"),
            *("retrieved", "retrieved_context", "support", "facts", "table", "schema", "abstract"),
            *("fact", "fact1", "fact2", "evidences", "references", "sources", "snippets", "email"),
            *("body", "dialogue", "transcript", "persona", "post", "selftext", "question_body"),
            *("description", "scenario", "situation", "instruction", "instructions", "hint"),
            *(
                "definition",
                "task_definition",
                "task_description",
                "meeting",
                "lecture",
                *("old_contents", "sql_context", "ddl"),
            ),
            *("retrieved_contexts", "retrieved_documents", "retrieved_passages", "combinedfact"),
            *("retrieval_context", "reference_contexts", "starter_code"),
        ),
        Role.TITLE: ("title", "subject", "headline", "heading", "document_title", "name"),
        Role.HISTORY: (
            *("history", "dialog_history", "dialogue_history", "chat_history", "previous"),
            *("previous_turns", "conversation_history", "past_messages"),
        ),
        Role.INPUT: (
            *("input", "aspect", "aspect_term", "aspect_category", "span1_text", "span2_text"),
            *("target_term", "aspect_terms", "target"),
        ),
        Role.MEDIA: (
            *("image", "images", "img", "picture", "photo", "audio", "audios", "speech", "sound"),
            *("video", "videos", "image_path", "image_url", "image_file", "audio_path"),
            *("audio_url", "audio_file", "video_path", "video_url", "pixel_values", "image_id"),
            *("image_name", "images_path", "audio_filepath", "wav", "clip"),
        ),
        Role.CHOICES: (
            *("choices", "options", "endings", "candidates", "alternatives", "answer_choices"),
            *(
                "choice",
                "mc_options",
                "mc1_targets",
                "mc2_targets",
                "distractors",
                "answer_options",
            ),
        ),
        Role.TOOLS: (
            *("tools", "functions", "function_definitions", "available_tools", "function"),
            *("tool_schemas", "api_list", "tools_json", "function_schemas", "context_functions"),
        ),
        Role.OUTPUT: (
            *("reasoning", "thinking", "rationale", "explanation", "chain_of_thought", "cot"),
            *("reasoning_content", "thought", "thoughts", "explanation_1", "rationales", "exp"),
            *("solution", "thinking_trajectories", "justification", "reason", "steps", "analysis"),
            *("generations", "scratchpad", "deepseek_reasoning", "worked_solution", "critique"),
            *("cot_content", "complex_cot", "reasoning_trace", "reasoning_steps", "long_cot"),
            *("thinking_process", "reasoning_chain", "thought_process", "chain_of_thoughts"),
        ),
        Role.REFERENCE: (
            *("ground_truth", "ground_truths", "ground_truth_answer", "ground_truth_solution"),
            *("reference_answer", "reference_answers", "reference_response", "reference_output"),
            *("gold_answer", "gold_answers", "gold_response", "expected_answer", "expected_output"),
            *("expected_response", "correct_answer", "ideal_answer", "reference", "references"),
            *("reference_solution", "reference_text"),
        ),
        Role.SCORE: (
            *("score", "rating", "stars", "similarity", "similarity_score", "relatedness"),
            *("overall", "quality", "relevance", "relatedness_score", "grade", "points", "scores"),
        ),
        Role.WEIGHT: ("weight", "sample_weight", "loss_weight"),
        Role.SPLIT: ("split", "fold", "subset", "partition"),
        Role.METADATA: (
            *("meta", "metadata", "extra_info", "extra", "info", "_meta", "attributes", "stats"),
            *("features", "provenance", "annotator", "annotators", "annotation_agent", "config"),
            *("file_name", "filename", "path", "url", "link", "uri", "language", "lang", "model"),
            *("model_name", "author", "user", "username", "source_url", "hash", "schema_version"),
            *("generation_config", "responses_info", "ability", "header", "headers", "user_agent"),
        ),
    }
)
"""Usual names of columns beside those of a format, most usual first."""
