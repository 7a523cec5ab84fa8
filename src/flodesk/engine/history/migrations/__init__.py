"""How the tables of the history became what they are; Alembic runs these scripts."""
