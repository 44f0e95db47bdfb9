"""The parts of the composition root, by subject: what handlers ask for, and what runs by itself."""
