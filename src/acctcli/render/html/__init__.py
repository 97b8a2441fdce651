"""Pages as documents for a browser: one file each, which loads nothing and runs nothing."""
