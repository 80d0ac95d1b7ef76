"""What is acceptable, and the pure decision. Read `decision` first."""
