"""Plans laid side by side: with and without what a plant has, and against several forecasts."""
