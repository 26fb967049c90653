"""What every activation keeps: its methods, its arguments and the record of what is known about it."""
