import pytest

from beanjar.testing.people import Person
from beanjar.tools.estimate.tests.table import Table


@pytest.fixture
def table(ada: Person) -> Table:
    """Ada's table, at which everybody can ask and guess."""
    return Table(ada)
