"""What people do: a function per thing, each deciding and committing on its own."""
