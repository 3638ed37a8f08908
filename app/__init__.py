"""Factdeck."""
