"""Entry of the engine's policy host: the only place that starts a pack."""

from policies.pack import serve

serve()
