"""`python -m feedback.settings` prints the table of `docs/OPERATIONS.md`."""

from feedback.settings.table import markdown

print(markdown(), end="")
