"""What a cohort folder must look like, cell by cell and row by row. No database, no files, no clock."""
