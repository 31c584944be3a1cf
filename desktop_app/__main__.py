"""`python -m desktop_app` is the command `autochrome`."""

from desktop_app.app import main

if __name__ == "__main__":
    raise SystemExit(main())
