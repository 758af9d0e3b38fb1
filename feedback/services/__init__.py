"""Use cases: one verb a file, one transaction each. Rules come from `feedback.domain`, SQL from `feedback.store`."""
