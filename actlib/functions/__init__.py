"""One room an activation: its careful formula, its derivatives, its facts."""
