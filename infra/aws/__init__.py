"""What every command that asks AWS shares: the session, and words for what goes wrong."""
