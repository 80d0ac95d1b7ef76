"""The engine of one machine: this process, and worker processes beside it."""
