"""Two of Solomon's instances of vehicle routing with time windows, cut short as the literature cuts them.

M. M. Solomon, "Algorithms for the vehicle routing and scheduling problems with time window constraints",
Operations Research 35 (1987). A row is x, y, demand, and when service may begin from and to, one minute for
each unit of distance; the depot is given apart. The least distances are those of exact methods in the
literature, with distances cut off after one decimal and as many vehicles as it takes (N. Kohl et al.,
Transportation Science 33, 1999).
"""

from typing import Final

import numpy as np

#: Vehicles carry so much in both.
CAPACITY: Final = 200
#: Depot and service of each family.
DEPOT: Final = {"C101": (40, 50), "R101": (35, 35)}
SERVICE: Final = {"C101": 90, "R101": 10}
#: Least distance by family and number of customers.
PUBLISHED: Final = {("C101", 25): 191.3, ("C101", 50): 362.4, ("R101", 25): 617.1}

_C101 = """
45 68 10 912 967   45 70 30 825 870   42 66 10 65 146    42 68 10 727 782   42 65 10 15 67
40 69 20 621 702   40 66 20 170 225   38 68 20 255 324   38 70 10 534 605   35 66 10 357 410
35 69 10 448 505   25 85 20 652 721   22 75 30 30 92     22 85 10 567 620   20 80 40 384 429
20 85 40 475 528   18 75 20 99 148    15 75 20 179 254   15 80 10 278 345   30 50 10 10 73
30 52 20 914 965   28 52 20 812 883   28 55 10 732 777   25 50 10 65 144    25 52 40 169 224
25 55 10 622 701   23 52 10 261 316   23 55 20 546 593   20 50 10 358 405   20 55 10 449 504
10 35 20 200 237   10 40 30 31 100    8 40 40 87 158     8 45 20 751 816    5 35 10 283 344
5 45 10 665 716    2 40 20 383 434    0 40 30 479 522    0 45 20 567 624    35 30 10 264 321
35 32 10 166 235   33 32 20 68 149    33 35 10 16 80     32 30 10 359 412   30 30 10 541 600
30 32 30 448 509   30 35 10 1054 1127 28 30 10 632 693   28 35 10 1001 1066 26 32 10 815 880
"""
_R101 = """
41 49 10 161 171   35 17 7 50 60      55 45 13 116 126   55 20 19 149 159   15 30 26 34 44
25 30 3 99 109     20 50 5 81 91      10 43 9 95 105     55 60 16 97 107    30 60 16 124 134
20 65 12 67 77     50 35 19 63 73     30 25 23 159 169   15 10 20 32 42     30 5 8 61 71
10 20 19 75 85     5 30 2 157 167     20 40 12 87 97     15 60 17 76 86     45 65 9 126 136
45 20 11 62 72     45 10 18 97 107    55 5 29 68 78      65 35 3 153 163    65 20 6 172 182
"""
_TEXT = {"C101": _C101, "R101": _R101}


def customers(family: str, count: int) -> np.ndarray:
    """The first customers of an instance, shape ``(count, 5)``: x, y, demand, window from and to."""
    return np.array(_TEXT[family].split(), dtype=np.int64).reshape(-1, 5)[:count]
