"""`ftaudit completion`: print the script that completes commands in a shell."""

import click
from click.shell_completion import get_completion_class

SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_FTAUDIT_COMPLETE"
"""Environment variable by which the script asks for completions."""


@click.command(
    epilog=(
        "Examples:\n\n"
        "  ftaudit completion bash >> ~/.bashrc\n\n"
        "  ftaudit completion zsh >> ~/.zshrc\n\n"
        "  ftaudit completion fish > ~/.config/fish/completions/ftaudit.fish"
    )
)
@click.argument("shell", type=click.Choice(SHELLS))
def command(shell: str) -> None:
    """Print the script that completes commands, options, files and names of checks.

    Put it where your shell reads it when it starts, and open another shell.
    """
    from ftaudit.cli.main import main

    completion = get_completion_class(shell)
    assert completion is not None  # noqa: S101 - click knows each of SHELLS
    made = completion(main, {}, "ftaudit", VARIABLE)
    click.echo(made.source_template % made.source_vars())
