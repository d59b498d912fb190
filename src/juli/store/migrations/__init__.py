"""How a database comes from nothing, or from an older version of Juli, to today's tables."""
