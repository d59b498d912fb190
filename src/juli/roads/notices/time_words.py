"""The words for dates and clock times of a normalised text, each with its kind and place."""

import re
from typing import Final, NamedTuple

from juli.roads.notices.dates import chinese_number

CN: Final = "〇零一二三四五六七八九十两"
_PART: Final = "凌晨|晨|清晨|早上|早晨|早|上午|中午|午间|正午|下午|傍晚|晚上|晚间|晚|夜间|夜里|深夜|夜"
#: The characters that a time word can begin with: most of a text is skipped at once.
_FIRST: Final = f"0-9{CN}百廿卅总工为历期持共封围施凌晨清早上中午正下傍晚夜深即今现明本当次这翌隔第同周星"
_TOKEN: Final = re.compile(
    rf"(?=[{_FIRST}])(?:(?P<count>(?:总?工期|为期|历时|期限|持续|共计?|(?:封闭|围蔽|施工)(?:时间|天数)|(?<=封闭)|(?<=施工)|(?<=起)|(?<=起,))(?P<about>(?:约|大约|预计|计划|拟|为|是|需|:|\()*)"
    rf"(?P<n>\d{{1,4}}|[{CN}百]{{1,5}})(?P<unit>个月|日历天|天|日(?!起|至|\(|[0-9零早晚上下中])|周(?![一二三四五六日天])|个?星期(?![一二三四五六日天]))(?P<rough>左右)?)"
    r"|(?P<iso>(?<![\d.])(?:(?:19|20)\d\d|1[01]\d(?=(?P<republic>[./])\d\d(?P=republic)\d\d))(?P<mark>[./-])\d{1,2}(?P=mark)(?:\d\d(?=\d\d:)|\d{1,2}(?!\d))日?)"
    r"|(?P<plain>(?<![\d./K+])\d{1,2}(?P<dot>[./])\d{1,2}(?=(?:至|到|-)\d{1,2}(?P=dot)\d{1,2}(?!\d)(?:日|\([一二三四五六日]\))?(?![\d./吨米元公毫mtTMkK%])|\([一二三四五六日]\)))"
    r"|(?P<slash>(?<![\d./K+])\d{1,2}/(?:\d\d(?=\d\d:\d\d)|\d{1,2}(?=[早晚上下凌晨])))"
    r"|(?P<short>(?<=[至到-])\d{1,2}[./]\d{1,2}(?!\d)日?(?![\d./吨米mtTM:]))"
    r"|(?P<cn>(?:[〇零一二三四五六七八九]{2,4}年)?(?:十[一二]?|[一二三四五六七八九])月"
    r"(?:三十一?|[二廿]十?[一二三四五六七八九]?|十[一二三四五六七八九]?|[一二三四五六七八九])[日号])"
    r"|(?P<pair>(?P<from>\d{1,2})(?:[-]|至)(?P<to>\d{1,2})[时点](?!\d))"
    rf"|(?P<clock>(?P<part>{_PART})?(?:(?P<hour>\d{{1,2}}|[{CN}]{{1,3}})"
    rf"(?:[时点]钟?(?:(?P<minute>\d{{1,2}}|[{CN}]{{1,3}})分|(?P<half>半(?![幅封边侧]))|整)?|:(?P<sixty>\d\d)(?!\d)时?)许?|(?P<packed>\d{{3,4}})分))"
    r"|(?P<run>(?<![\dK+#.A-Za-z])\d[\d年月]*[日号]?)"
    r"|(?P<cnday>(?:三十一?|[二廿]十?[一二三四五六七八九]?|十[一二三四五六七八九]?|[一二三四五六七八九])日)"
    r"|(?P<today>即日|现在(?=起|至|到)|今日|今天|今\(\d{1,2}\)日|今(?=[起早晚]))|(?P<tomorrow>明日|明天|明晚(?=\()|明(?=[起早晚]))|(?P<after>后天)"
    r"|(?P<month>(?P<which_month>[本当下次])个?月(?P<date>\d{1,2})[日号])"
    r"|(?P<week>(?P<which_week>[本这下])个?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天]))"
    r"|(?P<named>(?<=[至到-])(?:周|星期)(?P<named_day>[一二三四五六日天]))"
    r"|(?P<next>次日|翌日|隔日|隔天|第二天|次晨|翌晨)|(?P<same>当日|当天|同日))"
)
#: What joins the start of a range to its end, two days of a list, and a start to nothing.
CONNECT: Final = re.compile(
    r"(?:\([^()]{1,4}\))?(?:起|始|开始|起始)?(?:施工|封闭|实施|开始施工|断交|断路|断道|断行|全封闭|半封闭)?,?(?:至|到|-{1,3}|起至|直至|截至|截止到?|持续至)"
    r"(?P<year>次年|翌年|明年|同年|当年|今年)?|[,;\n](?:[一二三四五六]、)?(?:预计)?(?:竣工|完工|结束|截止|终止)(?:时间|日期)?[:为]|起|(?:开工|动工|进场施工)(?:[、,]|至)"
)
LISTED: Final = re.compile(r"(?:\([^()]{1,4}\))?(?:、|和|及|以及|,)")
FROM: Final = re.compile(r"(?:\([^()]{1,4}\))?\)?(?:起|始|开始)")


class Token(NamedTuple):
    """One time word: ``text[at:end_at]``."""

    kind: str
    at: int
    end_at: int
    match: re.Match[str]

    @property
    def is_date(self) -> bool:
        """Whether the word names a day."""
        return self.kind in _DATES


_DATES: Final = frozenset(
    (
        "run",
        "iso",
        "plain",
        "slash",
        "short",
        "cn",
        "cnday",
        "month",
        "today",
        "tomorrow",
        "after",
        "week",
        "named",
    )
)


def time_words(text: str) -> list[Token]:
    """Find the time words of a text, left to right."""
    return [Token(str(match.lastgroup), match.start(), match.end(), match) for match in _TOKEN.finditer(text)]


def clock_minutes(clock: re.Match[str]) -> int | None:
    """Minutes from midnight of a clock time; None where the words leave it open."""
    if clock["packed"]:
        hour, minute = divmod(int(clock["packed"]), 100)
    else:
        hour = chinese_number(clock["hour"])
        minute = 30 if clock["half"] else chinese_number(clock["minute"] or clock["sixty"] or "0")
    part = clock["part"] or ""
    if part in ("下午", "傍晚") and 1 <= hour < 12:
        hour += 12
    elif part and part[0] in "晚夜深":
        if 5 <= hour < 12:
            hour += 12
        elif hour == 12:
            hour = 24
        elif hour < 5:
            return None
    elif part in ("中午", "午间", "正午") and hour <= 2:
        hour += 12
    elif part == "凌晨" and hour == 12:
        hour = 0
    minutes = 60 * hour + minute
    return minutes if minute < 60 and minutes <= 24 * 60 else None
