"""Questions to the database that change nothing, one file a screen family. Rows come back as frozen values."""
