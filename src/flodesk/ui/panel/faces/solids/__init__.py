"""What is seen in three dimensions."""
