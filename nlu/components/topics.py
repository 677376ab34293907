"""Topics that the components know by name."""

OUT_OF_SCOPE = "bot/out_of_scope"

EMERGENCIES = ("help/abuse", "help/sexual_violence", "help/confined", "help/trafficked", "help/self_harm")
