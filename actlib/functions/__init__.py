"""A module for each activation: its careful formula, its derivatives, its facts."""
