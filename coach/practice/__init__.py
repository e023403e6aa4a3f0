"""What practice leaves behind, and what it makes of it: history, schedule, selection, interviews, progress, export."""
