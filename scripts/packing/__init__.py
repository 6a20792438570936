"""What scripts/package does: one module for each kind of package, and one for what they share."""
