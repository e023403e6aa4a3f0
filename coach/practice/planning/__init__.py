"""What is asked when: cards and their schedule, the choice among what is due, and what that will come to."""
