# Every command of the project. `make` alone lists them.

PYTHON ?= python3
PORT ?= 8000
RUN := .venv/$(if $(filter Windows_NT,$(OS)),Scripts,bin)/python

ifeq ($(wildcard tools/bootstrap.py),)
  $(error run make in the folder that holds this Makefile)
endif

.PHONY: help setup serve lab check watch test book chapter execute lint format bench links lock clean

help:  ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' Makefile

setup: found  ## make .venv with the pinned packages (every other command does it first)
	@"$(PYTHON)" -m tools.bootstrap test

.PHONY: found reader
found:
	@command -v "$(PYTHON)" > /dev/null || { echo 'setup: $(PYTHON) not found. Install Python 3.11 to 3.14, or name it: make serve PYTHON=python3.12' >&2; exit 1; }

reader: found
	@"$(PYTHON)" -m tools.bootstrap

serve: reader  ## build the book and serve it (PORT=8000)
	@$(RUN) -m tools.serve "$(PORT)"

test: lint  ## check everything: code, notebooks, the built pages in a browser
	@$(RUN) -m pytest -n 3 --dist loadgroup --no-loadscope-reorder --nbval --nbval-current-env --doctest-modules tests actlib book

lab: found  ## open the notebooks in JupyterLab, with live widgets
	@"$(PYTHON)" -m tools.bootstrap lab
	@$(RUN) -m jupyterlab book

book: reader  ## build the book into _build/html
	@$(RUN) -m tools.build

chapter: setup  ## begin the chapter of a function (NAME=selu)
	@$(RUN) -m tools.chapter $(NAME)

execute: setup  ## run the notebooks and store their outputs (CHAPTER=sigmoid for one)
	@$(RUN) -m tools.execute $(CHAPTER)

lint: setup  ## check style, types, spelling and the rules of the book, without running a notebook
	@$(RUN) -m tools.lint

check: setup  ## check the pages that git says have changed, in seconds (CHAPTER=tanh for one)
	@$(RUN) -m tools.check $(CHAPTER)

watch: reader  ## build each page as it changes and reload it in the browser (PORT=8000)
	@$(RUN) -m tools.watch "$(PORT)"

format: setup  ## rewrite the code in the project's style
	@$(RUN) -m ruff check --quiet --fix .
	@$(RUN) -m ruff format --quiet .
	@$(RUN) -m tools.javascript --write
	@$(RUN) -m tools.references

bench: book  ## measure accuracy, cost, speed, page weight and latency, Lighthouse scores (needs network)
	@$(RUN) -m benchmarks.accuracy
	@$(RUN) -m benchmarks.cost
	@$(RUN) -m benchmarks.speed
	@$(RUN) -m benchmarks.pages
	@$(RUN) -m benchmarks.lighthouse

links: setup  ## check that the links of the book lead somewhere (needs network)
	@$(RUN) -c 'from jupyter_book.cli.main import main; main()' build book --builder linkcheck --config _config.yml --toc "$(CURDIR)/_toc.yml" --path-output _build/links

# Set-up would fail here whenever pyproject.toml asks for what the old lock does not give.
lock: $(if $(wildcard $(RUN)),,setup)  ## compile requirements.txt from pyproject.toml (UPGRADE=--upgrade takes the newest versions)
	@$(RUN) -m uv pip compile $(UPGRADE) --quiet --all-extras --group book --group lab --group test pyproject.toml --universal --python-version 3.11 --fork-strategy fewest --no-annotate --custom-compile-command 'make lock' --output-file requirements.txt

clean:  ## remove the built book and every cache
	@rm -rf _build .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find . -path ./.venv -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +
