"""The commands a person types, and the codes they end with.

One command per module `NAME_command`, whose `command` is the Click command. It parses options,
calls one function of the package, prints and exits; nothing is decided here. The door is
`main.main`, which loads a command by its name: read it first.
"""
