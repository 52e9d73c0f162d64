"""What `make check` proves besides linters and types."""
