"""`python -m horarium` is `horarium`."""

from horarium.cli import main

if __name__ == "__main__":
    main()
