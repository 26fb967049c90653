"""Every benchmark, one after the other: python -m benchmarks. Fails if a page misses a bar."""

import sys

from benchmarks import accuracy, lighthouse, pages, speed

if __name__ == "__main__":
    accuracy.main()
    speed.main()
    sys.exit(pages.main() | lighthouse.main())
