"""What recorders share: a ring, a thread that writes, and the formats."""
