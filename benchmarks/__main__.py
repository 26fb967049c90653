"""Every benchmark, one after the other: python -m benchmarks. Fails if speed or a page misses a bar."""

import sys

from benchmarks import accuracy, cost, lighthouse, pages, speed

if __name__ == "__main__":
    accuracy.main()
    cost.main()
    sys.exit(speed.main() | pages.main() | lighthouse.main())
