"""What the reports tell, one file each: the data of a page, and its table."""
