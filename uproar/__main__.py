"""`python -m uproar` is the command `uproar`."""

from uproar.cli import main

if __name__ == "__main__":
    main()
