"""The services the product brings along: a private PostgreSQL and a private Redis."""
