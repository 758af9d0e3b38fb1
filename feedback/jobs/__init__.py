"""The worker and clock processes: thin shells that call use cases."""
