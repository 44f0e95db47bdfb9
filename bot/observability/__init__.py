"""What whoever watches the process can see."""
