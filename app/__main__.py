"""`python -m app` is `factdeck`."""

from app.cli import main

main()
