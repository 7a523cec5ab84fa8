"""A Redis server as all of us need it: where it is, who may say something there, and what is said."""
