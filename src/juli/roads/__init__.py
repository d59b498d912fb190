"""Roads: notices read into work zones, the road graph with closures, routes, delivery tours, and WZDx."""
