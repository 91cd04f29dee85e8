# Everything from a fresh machine that has python3 (3.11 to 3.13) and make: `make` builds it all, `make help`
# lists the rest.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := all
.PHONY: all smoke arxiv publish docs test test-full test-cluster verify-published record-manifest lint bench coverage costs \
        lock clean help latex browser slurm

PYTHON ?= python3
CORES  ?= all
WORKERS ?= 2
VENV   := .venv/.lock-stamp
BENCH  := .venv-bench/.lock-stamp
IN     := PATH="$(CURDIR)/.venv/bin:$$PATH"

# Where packages come from is the user's to say (indexes, proxies, certificates); what they are and where they go is not.
unexport PYTHONPATH PYTHONHOME PYTHONSTARTUP PIP_TARGET PIP_PREFIX PIP_ROOT UV_SYSTEM_PYTHON UV_PYTHON UV_PROJECT \
         UV_WORKING_DIR UV_NO_EDITABLE UV_REQUIRE_HASHES UV_NO_VERIFY_HASHES UV_CONSTRAINT UV_BUILD_CONSTRAINT UV_OVERRIDE \
         UV_EXCLUDE_NEWER UV_PRERELEASE UV_RESOLUTION UV_NO_BINARY UV_TORCH_BACKEND
export PIP_USER := 0
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export UV_PYTHON_DOWNLOADS := never
export PYTHONUTF8 := 1
export PYTHONNOUSERSITE := 1

# A home and a name where there are none, as in containers: for the caches of Snakemake, uv and Matplotlib.
HOMELESS := $(shell test -w "$${HOME-}" || echo yes)
ifeq ($(HOMELESS),yes)
export HOME := $(CURDIR)/.venv/home
endif
export USER := $(or $(USER),$(shell id -un 2>/dev/null),nobody)

# apt as root or through passwordless sudo; it fails, and quietly, where neither can be.
SUDO := $(if $(filter 0,$(shell id -u)),,sudo -n)
APT  := $(SUDO) apt-get -qq update 2>/dev/null; $(SUDO) env DEBIAN_FRONTEND=noninteractive \
        apt-get -qq -o DPkg::Lock::Timeout=300 install -y --no-install-recommends

LATEX     := latexmk texlive-latex-recommended texlive-latex-extra texlive-science lmodern
HAS_LATEX := .venv/bin/python -I scripts/check_latex.py --source paper/main.tex

all:  ## figures, tables, verdicts and the paper, on config/paper.yaml
smoke:  ## the same on config/smoke.yaml, in minutes
smoke: CONFIG := --configfile=config/smoke.yaml
all smoke: $(VENV) latex
	@if $(HAS_LATEX) 2>/dev/null; then TARGETS=all; else TARGETS=results; fi; \
	$(IN) snakemake $$TARGETS --cores $(CORES) --quiet reason host $(CONFIG); \
	$(HAS_LATEX) || echo "Everything but the PDF was built: install that and run make again."

arxiv: $(VENV) latex  ## results/arxiv.tar.gz: the paper's sources, for pdflatex alone
	$(IN) snakemake arxiv --cores $(CORES) --quiet reason host

publish: all  ## refresh the pictures in docs/pictures, which the README shows
	mkdir -p docs/pictures
	cp figures/film.gif figures/constants.png docs/pictures/

docs: $(VENV)  ## results/docs: the site, with tutorials that it executes and the reference from docstrings
	$(IN) python -m sphinx --quiet --fail-on-warning --keep-going --fresh-env -j auto docs results/docs
	@echo "  site        results/docs/index.html"

test-cluster: $(VENV) slurm  ## a small DAG on Slurm and in a conda environment; says why where there can be none
	$(IN) pytest -q -rs -m full tests/cluster

test test-full: export OMP_NUM_THREADS := 1
test test-full: export OPENBLAS_NUM_THREADS := 1
test test-full: export MKL_NUM_THREADS := 1
test test-full: export NUMBA_NUM_THREADS := 1
test: lint latex browser  ## format, lint and types, then every test
	$(IN) pytest -q -n $(WORKERS) --no-loadscope-reorder

test-full: export MFNN_FUZZ := 1200
test-full: test slurm  ## make test, more inputs of every kind, then the slow checks
	$(IN) pytest -q -rs -m full --durations=20

lint: $(VENV)  ## format, lint and types alone
	$(IN) ruff format --check .
	$(IN) ruff check .
	$(IN) mypy
	$(IN) lint-imports --no-cache
	$(IN) snakefmt --no-sort --check Snakefile workflow

verify-published: $(VENV)  ## hold results/ against published.json: what differs, and whether it matters
	@$(IN) python scripts/verify_published.py --manifest published.json --results results

record-manifest: $(VENV)  ## write published.json from results/
	@$(IN) python scripts/record_manifest.py --results results --output published.json

coverage: $(VENV)  ## docs/coverage.md: how often intervals cover and what verdicts catch, on synthetic data
	$(IN) python scripts/measure_coverage.py --repetitions 2000 --runs 50 --solves 40 --claims config/claims --scenario sine1d \
	    --root-seed 18050107 --output results/coverage --page docs/coverage.md

bench: $(BENCH)  ## the kernels against their peers and the machine's bounds, as ratios; INSTRUCTIONS=avx2 without AVX-512
	PATH="$(CURDIR)/.venv-bench/bin:$$PATH" python benchmarks/run.py --output results/benchmarks \
	    --instructions $(or $(INSTRUCTIONS),all)

costs: $(VENV)  ## what CONFIG, config/full.yaml by default, would take, from a finished default run; what its claims would
	$(IN) python scripts/predict_costs.py --finished config/paper.yaml --results results \
	    --wanted $(or $(CONFIG),config/full.yaml)
	$(IN) python scripts/predict_power.py --finished config/paper.yaml --results results --claims config/claims \
	    --output results/power.csv

lock: $(VENV)  ## resolve pyproject.toml anew into requirements.lock
	.venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --all-extras \
	    --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.lock

clean:  ## remove all that was built, but not the environments
	rm -rf results paper/generated figures/*.pdf figures/*.png figures/*.gif figures/*.html
	rm -f $(addprefix paper/main.,aux bbl blg fdb_latexmk fls log out pdf synctex.gz toc)

help:  ## this list
	@sed -nE 's/^([a-z-]+):.*## (.*)/make \1\t\2/p' Makefile | expand -t 24
	@echo "CORES=n for the workflow, WORKERS=n for the tests, PYTHON=python3.x for a new environment"

# The environments. uv's own entry in the lock is installed by pip, the whole lock by uv. The stamp holds the folder: one
# that was moved, or whose Python is gone, has an environment that names another place, and is built anew.

PLACE := $(shell .venv/bin/python -I -c 'print(open(".venv/.lock-stamp", encoding="utf-8").read())' 2>/dev/null)
ifneq "$(PLACE)" "$(CURDIR)"
.PHONY: .venv/bin/pip $(VENV)
endif

.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
	    { echo "Python 3.11 to 3.13 is needed: make PYTHON=python3.13"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { $(APT) python3-venv; } || \
	    { echo "Python cannot make environments here: install python3-venv and run make again"; exit 1; }
	$(PYTHON) -m venv --clear .venv

$(VENV): requirements.lock pyproject.toml | .venv/bin/pip
	sed -n '/^uv==/,/# via/p' $< | .venv/bin/pip install --quiet --require-hashes -r /dev/stdin
	.venv/bin/uv pip sync --quiet --compile-bytecode --python .venv/bin/python --require-hashes $<
	.venv/bin/uv pip install --quiet --no-deps --no-build-isolation --python .venv/bin/python --editable .
	echo "$(CURDIR)" > $@

$(BENCH): requirements.lock benchmarks/requirements.txt $(VENV)
	.venv/bin/python -m venv --clear .venv-bench
	.venv/bin/uv pip sync --quiet --python .venv-bench/bin/python --require-hashes $<
	.venv-bench/bin/pip install --quiet -r benchmarks/requirements.txt
	.venv/bin/uv pip install --quiet --no-deps --no-build-isolation --python .venv-bench/bin/python --editable .
	touch $@

browser:
	@command -v chromium chromium-browser google-chrome >/dev/null || { $(APT) chromium; } || true

latex: $(VENV)
	@$(HAS_LATEX) 2>/dev/null || { $(APT) $(LATEX); } || true

slurm:
	@{ command -v slurmctld && command -v slurmd && command -v sbatch && command -v munged; } &>/dev/null || \
	    { $(APT) slurmctld slurmd slurm-client munge; } || true
