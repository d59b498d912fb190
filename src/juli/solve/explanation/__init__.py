"""Why an order is late, and what would mend it; or what its punctuality costs."""

from juli.solve.explanation.explaining import Explanation, explain

__all__ = ["Explanation", "explain"]
