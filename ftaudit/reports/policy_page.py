"""Explain a policy: everything in effect, and why every rule is there."""

from collections.abc import Iterator

from ftaudit.model.escape import printable
from ftaudit.policy.policy import Limit, Policy


def render(policy: Policy) -> str:
    """Return the policy as plain text, rule by rule."""
    return "\n".join(_lines(policy))


def _lines(policy: Policy) -> Iterator[str]:
    yield f"{printable(policy.id)} (version {policy.version}, mode {policy.mode})"
    if policy.description:
        yield printable(policy.description, limit=1_000)
    yield ""
    yield f"Required checks                {_names(policy.required)}"
    yield f"Required where they apply      {_names(policy.required_if_applicable)}"
    yield f"A manifest holds for           {policy.max_age}"
    yield f"Signature                      {_signature(policy)}"
    yield f"Approvals                      {_names(policy.approvals.require)}"
    yield f"Entity types to be searched    {_names(policy.entities.require)}"
    yield f"Provenance fields              {_names(policy.provenance.require)}"
    yield f"Licences allowed               {_names(policy.licenses.allow)}"
    yield f"Licences to be reviewed        {_names(policy.licenses.review)}"
    yield f"Licences denied                {_names(policy.licenses.deny)}"
    yield ""
    for id_, limit in policy.rules.items():
        yield from _rule(id_, limit)


def _rule(id_: str, limit: Limit) -> Iterator[str]:
    bound = f"at most {limit.max}" if limit.max is not None else f"at least {limit.min}"
    yield f"{printable(id_)}  [{limit.severity}]  {printable(limit.metric)} {bound}"
    for text in (limit.why, limit.fix):
        if text:
            yield f"    {printable(text, limit=1_000)}"
    notes = [
        *(() if limit.waivable else ("cannot be waived",)),
        *(("holds only where it was measured",) if limit.if_measured else ()),
    ]
    if notes:
        yield f"    ({'; '.join(notes)})"


def _names(names: tuple[str, ...]) -> str:
    return printable(", ".join(names), limit=2_000) if names else "none"


def _signature(policy: Policy) -> str:
    if not policy.signature.required:
        return "not required"
    return f"required, by one of {_names(policy.signature.keys)}"
