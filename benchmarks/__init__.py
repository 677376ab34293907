"""Measurements, each with its own command; see README.md in this folder."""
