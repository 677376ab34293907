"""Tasks: what Desmi does for a person. `registry` lists them; those of several turns are a module each."""
