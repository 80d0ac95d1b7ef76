"""`ftaudit profiles`: list the providers and trainers whose rules are known, or explain one."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ftaudit.profiles.provider_profile import ProviderProfile


@click.command(
    epilog=(
        "Examples:\n\n"
        "  ftaudit profiles\n\n"
        "  ftaudit profiles azure-openai\n\n"
        "  ftaudit profiles my-trainer.yaml"
    )
)
@click.argument("profile", required=False, metavar="[NAME|FILE]")
def command(profile: str | None) -> None:
    """List the providers and trainers whose rules are known, or explain one.

    A FILE of yours is checked and explained likewise.
    """
    from ftaudit.profiles.profile_catalogue import built_in, load_profile
    from ftaudit.profiles.profile_page import profile_text

    if profile is not None:
        click.echo(profile_text(load_profile(profile)))
        return
    names = built_in()
    width = max(map(len, names))
    for name in names:
        click.echo(f"{name:<{width}}  {_title(load_profile(name))}")
    click.echo(
        "\n`ftaudit profiles NAME` explains one; `ftaudit scan DATA --profile NAME` uses it."
    )


def _title(profile: "ProviderProfile") -> str:
    return f"{profile.title} ({profile.retired})" if profile.retired else profile.title
