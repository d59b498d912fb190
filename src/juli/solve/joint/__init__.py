"""Production and electricity planned as one: schedules judged by what their load really costs the site."""
