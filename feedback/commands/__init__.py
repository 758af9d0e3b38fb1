"""What the command line does, one file a subject, imported only when it is called."""
