"""Orders without a definite answer, and stuck ones: finding out, and settling them."""
