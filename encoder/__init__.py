"""Sentence vectors: a text in, 384 numbers out; used by the guard and by the pipeline, and knowing neither."""
