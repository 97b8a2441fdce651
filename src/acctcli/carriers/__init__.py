"""Carriers: where the machines of a shared book leave files for each other.

They know nothing about the book. To them a file is bytes with a name of three parts: the book, the
device that wrote it, and a number.
"""
