# The same commands on every system: python3 bootstrap.py run, python3 bootstrap.py test. This file only shortens them.
PYTHON ?= python3
DEV := .venv-dev/bin/python

.PHONY: help run test check format app wheel clean

help:
	@echo "make run      set up, restore the sample photo, open the window"
	@echo "make test     set up for development, check style and types, run all tests"
	@echo "make check    style and types only          (after make test)"
	@echo "make format   put the code into shape       (after make test)"
	@echo "make app      dist/autochrome: the app in one folder, no Python needed (after make test)"
	@echo "make wheel    dist/autochrome-*.whl         (after make test)"
	@echo "make clean    remove what building left; environments and restored photos stay"

run:
	$(PYTHON) bootstrap.py run

test:
	$(PYTHON) bootstrap.py test

check:
	$(DEV) -m ruff check .
	$(DEV) -m ruff format --check .
	$(DEV) -m mypy

format:
	$(DEV) -m ruff check --fix .
	$(DEV) -m ruff format .

app:
	$(DEV) -m PyInstaller --noconfirm --distpath dist --workpath build/pyinstaller build.spec
	QT_QPA_PLATFORM=offscreen dist/autochrome/autochrome --smoke-test

wheel:
	$(DEV) -m build --wheel

clean:
	rm -rf build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
