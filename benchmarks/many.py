"""The pages over many patients, whose rows the database has multiplied: does a page grow with them?"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from accounts.models import User
from benchmarks import pages
from benchmarks.databases import database_copy
from benchmarks.figures import Figure
from benchmarks.multiply import INVENTED, fill, multiply, settle


def measure(sizes: Sequence[int], *, on: date, times: int, tell: Callable[[str], None]) -> Iterator[Figure]:
    """Multiples of 1,000 patients. In copies of the empty database the connection is to."""
    with database_copy("invented"):
        fill(INVENTED, on=on)
        for size in sorted(sizes):
            tell(f"{size:,} patients: pages …")
            with database_copy("many"):
                if size > INVENTED:
                    multiply(by=User.objects.system(), copies=size // INVENTED - 1)
                    settle()
                yield from pages.measure(size, on=on, times=times)
