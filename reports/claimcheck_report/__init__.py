"""Pages and figures from claimcheck's result store."""
