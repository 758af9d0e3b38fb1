"""The application: tickets, clocks, people, screens. The only package that remembers anything."""

__version__ = "0.1.0"
