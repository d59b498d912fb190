"""Work zones in the standard form: WZDx 4.2 feeds, written from closures and read back as closures."""

from juli.roads.wzdx.feed import Feed, Publication, Work, feed_of
from juli.roads.wzdx.reading import FeedReading, read_feed

__all__ = ["Feed", "FeedReading", "Publication", "Work", "feed_of", "read_feed"]
