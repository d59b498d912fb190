"""Production: schedules of a shop near the best known, with bounds that say how near."""
