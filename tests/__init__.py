"""Tests, what they share in `support`, and the databases that they work on."""

import pytest

pytest.register_assert_rewrite("tests.support")
