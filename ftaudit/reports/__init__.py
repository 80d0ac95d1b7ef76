"""Render a manifest for a person, a pull request or a CI system.

One format per module; each has `render(manifest, excerpts) -> str`. The door is
`formats.renderer`, which loads the module of one format by its name. `phrasing` holds the
sentences that all formats share: read it first, then `console`.
"""
