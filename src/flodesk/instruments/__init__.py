"""Connections to instruments: who owns one, and what its address says."""
