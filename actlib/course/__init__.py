"""What a page shows: figures, tables, fact cards, verdicts and widgets."""
