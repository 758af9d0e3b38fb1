"""One file a year: days off and make-up days, each with its source; `hours.toml`: the working hours."""
