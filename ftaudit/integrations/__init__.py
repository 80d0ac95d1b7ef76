"""Put ftaudit where people work: one module for each foreign tool, named as the tool is.

A module here may import its tool; nothing else of ftaudit imports a module from here. Read
`transformers` first: the callback that gates a trainer.
`mlflow` logs an audit to a run.
"""
