"""The client of Crypto Pay."""
