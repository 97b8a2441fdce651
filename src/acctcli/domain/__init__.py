"""Judgement: pure functions from records, settings and a day to results with reasons."""
