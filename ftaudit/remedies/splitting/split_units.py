"""Units of a split: rows that belong together and are never divided."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
from msgspec import Struct

Integers = npt.NDArray[np.int64]


class SplitUnits(Struct, frozen=True, eq=False):
    """Units, how many rows of which class they hold, and the order in which they are placed.

    Entry `i` says that unit `owners[i]` holds `counts[i]` rows of class `classes[i]`; entries
    ascend by unit, then by class, and every unit has one at least.
    """

    sizes: Integers
    """Rows of each unit. A row of several classes counts once."""
    keys: npt.NDArray[np.uint64]
    """Seeded hash of the content of each unit, which orders units of equal shape."""
    owners: Integers
    classes: Integers
    counts: Integers
    class_count: int

    @classmethod
    def of_rows(
        cls,
        units: Integers,
        keys: npt.NDArray[np.uint64],
        labelled: Integers,
        classes: Integers,
        class_count: int,
    ) -> "SplitUnits":
        """Gather units from rows.

        Args:
            units: unit of each row, numbered from 0 without gaps.
            keys: seeded hash of the content of each row; that of a unit is its least.
            labelled: rows that have a class, one entry for each class they have.
            classes: the class of each of these entries.
            class_count: how many classes there are.
        """
        sizes = np.bincount(units)
        least = np.full(len(sizes), np.iinfo(np.uint64).max, np.uint64)
        np.minimum.at(least, units, keys)
        pairs, counts = np.unique(units[labelled] * class_count + classes, return_counts=True)
        return cls(sizes, least, pairs // class_count, pairs % class_count, counts, class_count)

    def ordered(self, order: Integers) -> "SplitUnits":
        """Return the units in another order: unit `i` is what was unit `order[i]`."""
        rank = np.empty(len(self), np.int64)
        rank[order] = np.arange(len(self))
        entries = np.argsort(rank[self.owners] * self.class_count + self.classes)
        columns = (rank[self.owners][entries], self.classes[entries], self.counts[entries])
        return SplitUnits(self.sizes[order], self.keys[order], *columns, self.class_count)

    def __len__(self) -> int:
        """Return how many units there are."""
        return len(self.sizes)

    @property
    def rows(self) -> int:
        """How many rows all units hold."""
        return int(self.sizes.sum())

    @property
    def starts(self) -> Integers:
        """Where the entries of each unit begin, and at the end how many there are."""
        return np.append(0, np.cumsum(np.bincount(self.owners, minlength=len(self))))

    @property
    def class_rows(self) -> Integers:
        """Rows of each class."""
        rows = np.zeros(self.class_count, np.int64)
        np.add.at(rows, self.classes, self.counts)
        return rows

    @property
    def class_units(self) -> Integers:
        """Units that hold a row of each class."""
        return np.bincount(self.classes, minlength=self.class_count)

    def table(self, parts: Integers, part_count: int) -> Integers:
        """Return the rows of each class (second axis) in each part, and in the last column all.

        Units in the part -1 are placed nowhere and do not count.
        """
        table = np.zeros((part_count, self.class_count + 1), np.int64)
        held = parts[self.owners] >= 0
        np.add.at(table, (parts[self.owners[held]], self.classes[held]), self.counts[held])
        np.add.at(table[:, -1], parts[parts >= 0], self.sizes[parts >= 0])
        return table


def unite_rows(rows: int, groups: Iterable[tuple[Integers, Integers]]) -> Integers:
    """Return the unit of each row, numbered by first row: the components of the groups.

    Args:
        rows: how many rows there are.
        groups: several relations, each as two arrays of one length: row, and the group it is
            in. Rows of one group in any of the relations belong together.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    left, right = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for members, owners in groups:
        order = np.lexsort((members, owners))
        ordered, group = members[order], owners[order]
        same = group[1:] == group[:-1]
        left.append(ordered[:-1][same])
        right.append(ordered[1:][same])
    ends = np.concatenate(left), np.concatenate(right)
    links = coo_array((np.ones(len(ends[0]), np.int8), ends), shape=(rows, rows))
    _, labels = connected_components(links, directed=False)
    _, first, numbers = np.unique(labels, return_index=True, return_inverse=True)
    ranks = np.empty(len(first), np.int64)
    ranks[np.argsort(first)] = np.arange(len(first))
    return ranks[numbers]
