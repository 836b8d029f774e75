"""Each structure in turn"""

import pytest

from explorer.compute.jobs import KINDS


@pytest.fixture(params=KINDS)
def name(request) -> str:
    return request.param
