"""What Alembic runs for each store."""
