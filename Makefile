# make run    the product, at http://127.0.0.1:8000 (PORT= for another port)
# make test   every test (ARGS= goes to pytest)
# make check  lint, types, import contracts, migrations, templates; changes nothing
# make fix    repairs what can be repaired
# make bench  measures speed and memory, as ratios (ARGS=--large: also with 10,000 patients)
# make soak   the long fault tests of the reminders, with figures (SOAK=0.02: smaller)
# make docs   writes the pages of docs/ that are made from the code
# make install, make lock    the environment from the lock file; the lock file from requirements.in

ROOT := $(patsubst %/,%,$(dir $(abspath $(lastword $(MAKEFILE_LIST)))))
IN := cd '$(ROOT)' &&
BIN := .venv/bin

ROOMS = gisttrial clinic dashboard exchange courses agenda reminders review dosing adverse_events visits patients \
	accounts audit protocol
TYPED = protocol $(wildcard $(foreach room,$(ROOMS),$(addprefix $(ROOT)/$(room)/,\
	rules services services.py selectors selectors.py)))

.PHONY: run test check fix bench soak docs install lock

run: install
	@$(IN) exec $(BIN)/python -m gisttrial.supervisor --with-parent

test: install
	@case '$(subst ','\'',$(ARGS))' in *'not e2e'*) ;; *) sh '$(ROOT)/make/browser.sh' ;; esac
	@$(IN) exec $(BIN)/python -m pytest --numprocesses=2 --dist=loadfile $(ARGS)

check: install
	$(IN) $(BIN)/ruff check
	$(IN) $(BIN)/ruff format --check
	$(IN) $(BIN)/mypy $(TYPED)
	$(IN) $(BIN)/lint-imports
	$(IN) $(BIN)/python manage.py makemigrations --check
	$(IN) $(BIN)/djlint templates --lint --quiet
	$(IN) $(BIN)/djlint templates --check --quiet
	$(IN) $(BIN)/bandit --quiet --recursive --severity-level medium --configfile pyproject.toml $(ROOMS) manage.py

fix: install
	$(IN) $(BIN)/ruff check --fix
	$(IN) $(BIN)/ruff format
	-$(IN) $(BIN)/djlint templates --reformat --quiet

bench: install
	@$(IN) exec $(BIN)/python -m benchmarks $(ARGS)

soak: install
	@$(IN) exec $(BIN)/python -m pytest -vv --numprocesses=0 -o python_files='soak_*.py' -o python_functions='soak_*' \
		$(ARGS) tests/process/soak

docs: install
	@$(IN) $(BIN)/python -m docs.generate

install:
	@sh '$(ROOT)/make/install.sh'

lock:
	$(IN) python=$$(sh make/find-python.sh) && "$$python" -m venv var/lock
	$(IN) var/lock/bin/pip install --quiet --disable-pip-version-check uv
	$(IN) var/lock/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
		--output-file requirements.txt requirements.in
