"""What the product costs, as ratios: beside the floor that PostgreSQL sets, and beside itself at 35 patients."""
