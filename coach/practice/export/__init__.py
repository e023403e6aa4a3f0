"""What leaves: reports, tables for a spreadsheet, notes for Anki."""
