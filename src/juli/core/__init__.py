"""What everything else speaks: the time grid, units and signs, money, errors and the clock."""
