"""What practice leaves behind and what it asks next: the history, the schedule, the selection."""
