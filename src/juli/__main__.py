"""``python -m juli`` is the same as ``juli``."""

from juli.cli import main

main()
