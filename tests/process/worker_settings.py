"""Settings of a worker or beat under test: the product's, with what the test hands over."""

import json
import os

from gisttrial.settings import *  # noqa: F403

vars().update(json.loads(os.environ["TEST_SETTINGS"]))
