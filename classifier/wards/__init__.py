"""From what a citizen wrote to one of Hanoi's 126 units, or to an honest short list.

Cheap to import: the tables are read at the first use, and no machine-learning library is touched.
"""

from classifier.wards.resolver import Resolver
from classifier.wards.units import Unit, unit, units

__all__ = ["Resolver", "Unit", "unit", "units"]
