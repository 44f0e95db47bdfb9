"""What has to agree in the books."""
