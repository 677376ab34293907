"""Measuring how well Desmi understands: held-out text, cross-validation, conversations, reports."""
