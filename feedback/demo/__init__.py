"""A city in small: local providers, and citizens who write to them. `make run` uses it; the service never imports it."""
