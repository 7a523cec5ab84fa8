"""The history of runs: what ran, when, how it ended, and what it said. One SQLite file in the data folder."""
