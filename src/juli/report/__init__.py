"""What a person gets to look at from a plan: tables, figures, a page, a workbook, a terminal's summary."""
