"""How the site is built: `make docs`. Pages are Markdown, tutorials notebooks, both executed; formulas need no network."""

import os
import sys
import tempfile
from pathlib import Path

from mfnn.pipeline.tour import move_to

sys.path.insert(0, str(Path(__file__).parent / "site"))
HOME = tempfile.TemporaryDirectory()
move_to(HOME.name)  # no kernel, profile or style of the user's gets into a page
os.environ |= {"JUPYTER_PREFER_ENV_PATH": "1", "OMP_NUM_THREADS": "1"}

project = "mfnn"
author = copyright = "the mfnn authors"
extensions = ["myst_nb", "sphinx.ext.autodoc", "formulas", "docstrings", "made"]
exclude_patterns = ["site"]
root_doc = "index"

html_theme = "furo"
html_title = "mfnn"
html_static_path = ["pictures"]
html_math_renderer = "mathml"
html_copy_source = False
html_show_search_summary = False  # its excerpts are fetched, which browsers refuse for local files

myst_enable_extensions = ["dollarmath", "deflist"]
myst_heading_anchors = 3
nb_execution_mode = "force"
nb_execution_timeout = 120
nb_execution_raise_on_error = True
nb_execution_show_tb = True
autodoc_typehints = "signature"
autodoc_member_order = "bysource"
suppress_warnings = ["config.cache"]  # this file's functions are no part of what is cached
