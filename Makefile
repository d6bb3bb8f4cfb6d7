# make app   installs into .venv and opens the app on this machine
# make test  the tests, or some: make test TESTS="tests/app tests/unit/gait"; in one process, to look into one: WORKERS=0
# make accuracy the long checks on real clips, and every law with all its examples
# make axe   fetches axe-core from npm, with which the browser tests look for barriers; make test does it, too
# make screenshots  pictures of every page, light and dark, wide and phone-size, into screenshots/
# make check format, lint, types, import contracts, and how many rooms and imports between them there are; and js-check
# make js-check  format, lint, types and tests of the scripts of the pages; needs npm
# make docs  the documentation into site/, strict: a broken link is an error
# make sbom  the packages that an installation has, with versions and licences, as CycloneDX into dist/; a build product
# make bench-store how long History and a save take with 1,000 to 100,000 sessions in SQLite and PostgreSQL (10 min)
# make bench-pages how long pages take to open and to change, in Chromium with 1,000 sessions, and how often a second the player
#            of ten minutes draws (5 min)
# make bench-long what every stage costs of 1, 10 and 60 minutes: seconds, memory, and whether it stays linear (10 min)
# make bench-live the Live page in Chromium for five minutes a model, on the server and in the browser: frames per second,
#            delay, memory, processor time of the server; make bench-live-clips: clips before the camera of the Live page, beside
#            their analysis (half an hour)
# make bench speed, memory and accuracy on this machine (10 min); make bench-peers: beside MediaPipe and myogait (10 min,
#            more the first time; needs Debian's libgl1 and libglib2.0-0); make bench-versus: GaitLab and myogait beside
#            the truth of the walking clips (2 min); make bench-exercises: repetitions beside their truth (3 min); all
#            write benchmarks/results.md
# make bench-batch 200 short clips with 1 and 2 processes and on a cluster of 3, and ten kills: the same table (30 min)
# make evidence counts and remarks on form beside the truth of recorded keypoint tracks (15 min on a quiet machine);
#            writes docs/evidence.md
# make attack hostile clips, pictures, archives, keypoint and model files, requests, frames of sockets, and kills (20 min;
#            FULL=1: by count, 90 min at most)
# make mutants do the unit tests notice small mistakes in gait, repetitions, motion and history? (an hour at most)

PYTHON ?= python3
VENV ?= .venv
MODEL := movenet-thunder-fp16
FINDER := movenet-multipose-lightning-fp16
FEET := feet
LIGHTNING := movenet-lightning-fp16
FOR_BROWSERS := movenet-lightning-web movenet-thunder-web

BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev
INSTALLED_DOCS := $(VENV)/.installed-docs
INSTALLED_SBOM := $(VENV)-sbom/.installed
NODE_FETCHED := node_modules/.fetched
TESTS ?=
# Several processes at once: more threads for small matrices would only wait for one another.
PYTEST = OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n $(WORKERS)

# Compiled modules are kept whatever the environment says: tests start the program hundreds of times.
export PYTHONDONTWRITEBYTECODE =

.NOTPARALLEL:
.PHONY: axe axe-or-warn screenshots app test accuracy check js-check docs bench bench-store bench-pages bench-live bench-live-clips bench-long bench-peers bench-versus bench-exercises bench-batch evidence attack mutants sbom model clean

app: $(INSTALLED) model
	$(BIN)/gaitlab db upgrade
	$(BIN)/gaitlab app

# A third process works while two wait for a server, a browser or a program that was killed.
test: WORKERS ?= 3
test: $(INSTALLED_DEV) model axe-or-warn
	$(PYTEST) -m "not accuracy" $(TESTS)

accuracy: WORKERS ?= 2
accuracy: $(INSTALLED_DEV) model axe-or-warn
	$(PYTEST) -m "accuracy or hypothesis" --hypothesis-profile all

check: $(INSTALLED_DEV)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m benchmarks.house
	@if command -v npm >/dev/null || [ -n "$$GAITLAB_CI" ]; then $(MAKE) --no-print-directory js-check; \
	else echo "No npm: JavaScript was not checked." >&2; fi

js-check: $(NODE_FETCHED)
	node_modules/.bin/biome check --error-on-warnings
	node_modules/.bin/tsc
	node_modules/.bin/tsc -p tests/javascript
	node --test --test-reporter=dot tests/javascript/*.test.js

docs: $(INSTALLED_DOCS)
	$(BIN)/python -m benchmarks.reference_pages
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict

# Of an environment of its own, with what users install and nothing that only the development needs; the tool that looks
# into it has its own one, too.
sbom: $(INSTALLED_SBOM)
	@mkdir -p dist
	$(VENV)-sbom/tool/bin/cyclonedx-py environment $(VENV)-sbom/bin/python --pyproject pyproject.toml \
	--output-reproducible --validate --of JSON -o dist/gaitlab-video.cdx.json
	@echo "written to dist/gaitlab-video.cdx.json"

bench: $(INSTALLED) model
	$(BIN)/python -m benchmarks.speed

bench-store: $(INSTALLED_DEV)
	$(BIN)/python -m benchmarks.store

bench-pages: $(INSTALLED_DEV)
	$(BIN)/python -m benchmarks.pages

bench-long: $(INSTALLED_DEV)
	$(BIN)/python -m benchmarks.long

bench-live: $(INSTALLED_DEV) model
	$(BIN)/python -m benchmarks.live

bench-live-clips: $(INSTALLED_DEV) model
	$(BIN)/python -m benchmarks.live_camera

bench-peers: $(INSTALLED) model
	$(BIN)/python -m benchmarks.peers

bench-versus: $(INSTALLED) model
	$(BIN)/python -m benchmarks.versus

bench-exercises: $(INSTALLED) model
	$(BIN)/python -m benchmarks.exercises

bench-batch: $(INSTALLED_DEV) model
	$(BIN)/python -m benchmarks.batch ../shared/data

evidence: $(INSTALLED_DEV)
	$(BIN)/python -m benchmarks.evidence

attack: $(INSTALLED_DEV)
	$(BIN)/python -m benchmarks.attack --minutes $(if $(FULL),90 --full,20)

mutants: $(INSTALLED_DEV)
	$(BIN)/python -m benchmarks.mutants

# Both together, because a conversion serves several models at once. Without the first the app still opens and shows the
# sample sessions, without the second it follows one person only, so this only warns. Nor are those for browsers needed,
# which npm brings: without them Live sends its frames to the server.
model: | $(INSTALLED)
	@$(BIN)/gaitlab models fetch $(MODEL) $(FINDER) $(LIGHTNING) || \
	if $(BIN)/gaitlab models path $(MODEL) >/dev/null 2>&1; \
	then echo "No $(FINDER) or $(LIGHTNING) yet: people in one video cannot be told apart, or Live is slower." >&2; \
	else echo "No pose model yet: the sample sessions can be explored, videos cannot be analysed." >&2; fi
	@$(BIN)/gaitlab models fetch $(FEET) || echo "No $(FEET) yet: heels and toes of walkers are not looked at." >&2
	@$(BIN)/gaitlab models fetch $(FOR_BROWSERS) || \
	echo "No $(FOR_BROWSERS) yet: the Live page sends frames to the server." >&2

$(INSTALLED): pyproject.toml constraints.txt
	@echo "Installing into $(VENV); this takes a minute or two the first time."
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q -c constraints.txt -e ".[app,pdf]"
	@touch $@

$(INSTALLED_DEV): pyproject.toml constraints.txt
	@echo "Installing into $(VENV); this takes a minute or two the first time."
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q -c constraints.txt -e ".[dev]"
	@touch $(INSTALLED) $@

$(INSTALLED_DOCS): pyproject.toml constraints.txt
	@echo "Installing into $(VENV); this takes a minute or two the first time."
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q -c constraints.txt -e ".[docs]"
	@touch $@

$(INSTALLED_SBOM): pyproject.toml constraints.txt
	@echo "Installing into $(VENV)-sbom; this takes a minute or two the first time."
	$(PYTHON) -m venv $(VENV)-sbom
	$(VENV)-sbom/bin/python -m pip install -q -c constraints.txt -e ".[app,server,pdf,postgresql]"
	$(PYTHON) -m venv $(VENV)-sbom/tool
	$(VENV)-sbom/tool/bin/python -m pip install -q -c constraints.txt "cyclonedx-bom>=7"
	@touch $@

axe: $(NODE_FETCHED)
	@:

$(NODE_FETCHED): package.json
	npm install --no-audit --no-fund --ignore-scripts --loglevel=error
	@touch $@

# Without it the tests that look for barriers are skipped and say so, so this only warns.
axe-or-warn:
	@$(MAKE) --no-print-directory axe || echo "No axe-core, for which npm is needed: barriers are not looked for." >&2

screenshots: $(INSTALLED_DEV)
	$(BIN)/python -m benchmarks.screenshots

clean:
	rm -rf $(VENV) $(VENV)-sbom build dist site .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
