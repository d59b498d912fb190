"""Juli (聚力) plans a factory's days as one problem: production, electricity and deliveries."""
