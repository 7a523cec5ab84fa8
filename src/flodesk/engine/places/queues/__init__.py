"""Queues between loops that live on a Redis server."""
