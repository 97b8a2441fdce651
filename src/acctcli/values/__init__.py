"""Typed text ⇄ stored values, one module per type of value."""
