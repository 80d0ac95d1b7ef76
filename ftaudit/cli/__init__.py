"""The commands a person types, and the codes they end with.

One command per module `NAME_command`, whose `command` is the Click command. It parses options,
calls one function of the package, prints and exits; nothing is decided here. Read
`main` first: `main.main`, the door, loads a command by its name.
"""
