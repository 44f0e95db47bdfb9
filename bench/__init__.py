"""What is measured, each against its floor or a peer, in one run. `python -m bench` prints it."""
