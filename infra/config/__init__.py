"""What a stack is told: shape, layers, checks."""
