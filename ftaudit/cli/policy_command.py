"""`ftaudit policy`: show what is in effect and why, or validate a file."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ftaudit.policy.policy import Policy


@click.group(epilog="Examples:\n\n  ftaudit policy show\n\n  ftaudit policy check policy.yaml")
def command() -> None:
    """Show the policy in effect and explain every rule, or validate a policy file."""


@command.command(epilog="Example:\n\n  ftaudit policy show strict")
@click.argument("policy", default="standard", metavar="[FILE|NAME]")
def show(policy: str) -> None:
    """Print the effective policy and explain every rule of it."""
    from ftaudit.reports import policy_page

    click.echo(policy_page.render(_load(policy)))


@command.command(epilog="Example:\n\n  ftaudit policy check policy.yaml")
@click.argument("policy", metavar="FILE|NAME")
def check(policy: str) -> None:
    """Validate a policy file: every key, check, rule and metric it names."""
    loaded = _load(policy)
    rules = sum(limit.severity != "off" for limit in loaded.rules.values())
    click.echo(f"{policy}: a valid policy ({loaded.id}, {rules} rules in effect)")


def _load(policy: str) -> "Policy":
    from ftaudit.checks import discover
    from ftaudit.policy.policy import Vocabulary, load

    return load(policy, Vocabulary.of(discover()))
