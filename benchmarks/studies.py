"""Writes the stored comparisons of the book: python -m benchmarks.studies [NAME ...].

Without a name it trains every study of `actlib.course.studies`, about ten minutes of one core each.
"""

import sys

from actlib.course import data, studies
from tools.files import replace


def main(names: list[str]) -> None:
    """Train the studies and write a file for each."""
    for name in names or list(studies.STUDIES):
        study = studies.STUDIES[name]
        result = study.train()
        replace(data.FOLDER / f"{name}.csv", studies.text(result))
        for competitor, outcome in result.outcomes.items():
            kept = "" if outcome.is_enclosed else ", at the end of the rates"
            print(f"{name}: {competitor} {outcome.scores.mean():.2f} at {outcome.rate:g}{kept}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
