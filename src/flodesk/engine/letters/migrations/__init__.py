"""How the tables of the dead letters became what they are; Alembic runs these scripts."""
