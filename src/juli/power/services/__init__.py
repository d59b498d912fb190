"""What a battery earns beside the bill: firming, peak-shaving calls, frequency regulation, all stacked."""
