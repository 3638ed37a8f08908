"""The statements of the answer path: made once, each with its query plan tested.

From the question as it is shown to the next one put up. They run on the session's connection, as
plain rows: the unit of work costs several times what the database does (docs/decisions.md).
"""
