"""The one problem: the room that knows workshop, power and roads together."""
