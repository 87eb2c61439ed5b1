"""What every area knows: settings, database, clock, errors, codes, the actor and what it may do."""
