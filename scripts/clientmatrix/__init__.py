"""Real clients, run through `tapedeck torture`, as one table."""
