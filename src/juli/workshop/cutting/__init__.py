"""Cutting bars to pieces: least material first, then fewest patterns, then the order of the promises.

The least material is found by column generation (Gilmore and Gomory, Operations Research 9, 1961,
doi:10.1287/opre.9.6.849): a linear program over patterns, priced by a bounded knapsack. Its bound stays;
whole numbers of bars come from diving into the same program, then from the patterns that it has found.
"""

from juli.workshop.cutting.planning import CuttingAnswer, cut

__all__ = ["CuttingAnswer", "cut"]
