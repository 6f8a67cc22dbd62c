"""Horarium, a task scheduler that accounts for every occurrence."""

__version__ = "0.1.0"
