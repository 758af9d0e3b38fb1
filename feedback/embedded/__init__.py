"""Real PostgreSQL and Valkey from wheels, for `make run`, tests and small installations."""
