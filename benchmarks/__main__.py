"""Every benchmark, one after the other: python -m benchmarks. Fails if speed or a page misses a bar."""

import sys

from benchmarks import accuracy, lighthouse, pages, speed

if __name__ == "__main__":
    accuracy.main()
    sys.exit(speed.main() | pages.main() | lighthouse.main())
