"""How a store of each version becomes one of the next, by Alembic."""
