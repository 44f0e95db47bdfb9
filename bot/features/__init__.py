"""The parts of the composition root."""
