"""`make run`: everything on one machine, started in the right order and stopped in the reverse one."""
