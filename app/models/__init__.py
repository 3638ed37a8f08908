"""What is stored: SQLAlchemy tables, the engine, and the way to core's values."""
