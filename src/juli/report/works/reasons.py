"""Why something could not be read or closed, in Chinese: the rooms that decide give their reasons in English.

The table pairs each reason's English, its values in braces, with the Chinese that takes the same values. A
reason that is not in it is told in English.
"""

from typing import Final

from juli.core.errors import Problem, Severity
from juli.plant.model import Language
from juli.report.phrases import Phrasebook

_FIELDS: Final = {
    "text": "全文",
    "roads": "道路",
    "junction": "路口",
    "stretch": "路段",
    "direction": "方向",
    "impact": "封闭方式",
    "applies_to": "限制对象",
    "start": "开始时间",
    "end": "结束时间",
    "daily": "每日时段",
    "detours": "绕行路线",
    "limits": "限值",
}
_SEVERITIES: Final = {Severity.ERROR: "错误", Severity.WARNING: "提醒"}
_REASONS: Final = {
    # what a notice says of its roads
    "whether this is a name alone is not clear": "不清楚这里是否只是一个路名",
    "no road could be made out": "未能认出道路",
    "the map has no road of this name": "地图上没有此路名",
    "which of the roads is meant is not told": "未说明指哪条道路",
    "which roads are left out is not clear": "不清楚哪些道路除外",
    "an area is closed, not a road": "封闭的是区域，不是道路",
    "of which road this is a stretch is not told": "未说明是哪条道路的路段",
    "how far the works reach is not told": "未说明施工到哪里为止",
    "which part of the road is meant is not told": "未说明是道路的哪一段",
    "which part is closed when is not told": "未说明哪一段何时封闭",
    "whether the stretch of the next road is its own too is not told": "未说明后一条道路的路段是否也是它的",
    "what the brackets say of the road is not clear": "括号里对道路的说明不清楚",
    "which road the brackets belong to is not clear": "不清楚括号属于哪条道路",
    "what two names beside each other mean is not clear": "不清楚两个并列的名称是什么意思",
    "what is meant by {words} is not understood": "不懂“{words}”指什么",
    "between which roads could not be made out": "未能看出在哪些道路之间",
    "at which other road is not told": "未说明与哪条道路相交",
    "three roads meet there": "该处有三条道路相交",
    "at which junction is not told": "未说明在哪个路口",
    "which ramps are meant is told elsewhere": "指哪些匝道另有说明",
    "of which road this is a ramp is not told": "未说明是哪条道路的匝道",
    "which of the ramps are meant is not clear": "不清楚指哪些匝道",
    "whether another ramp is meant too could not be made out": "未能看出是否还指另一条匝道",
    "where this holds is not told": "未说明适用于何处",
    # which way
    "which way is closed could not be made out": "未能看出封闭哪个方向",
    "which way is closed is not told": "未说明封闭哪个方向",
    "which way stays open is not told": "未说明哪个方向保持通行",
    "whose way this is is not told": "未说明是谁的方向",
    "two sides of the place are named": "提到了该处的两侧",
    # what is done
    "nothing is said to be closed": "没有说封闭什么",
    "the works are over": "施工已结束",
    "what is said is denied": "所说的内容被否定",
    "this is the closed road itself": "这就是封闭的道路本身",
    "what is closed is not the road itself": "封闭的不是道路本身",
    "the side roads of the road stay open": "该路的辅道保持通行",
    "only some vehicles are kept out": "只限制部分车辆",
    "only some trucks are kept out": "只限制部分货车",
    "trucks are excepted": "货车除外",
    "whether it comes to that is left open": "是否实行未定",
    "the title and the text disagree": "标题与正文不一致",
    "of the same place the notice also says {words}": "同一处公告又说“{words}”",
    "the notice also says {words}": "公告又说“{words}”",
    # when
    "when this holds is not told": "未说明何时实行",
    "when this phase begins is not told": "未说明该阶段何时开始",
    "which of the times is whose is not told": "未说明各时间属于哪一处",
    "which hours are those of which day could not be made out": "未能看出各时段属于哪一天",
    "how long this holds is not told": "未说明实行多久",
    "the notice also names this day": "公告还提到这一天",
    "no end is given": "没有结束时间",
    "the days are still to be told": "日期另行通知",
    "the dates have been changed": "日期有变更",
    "the digits have several readings": "数字有几种读法",
    "several readings are possible: {words}": "有几种读法：{words}",
    "the works are on some days of the week only": "只在每周的某些天施工",
    "{words} may be some days of each week only": "{words}可能只是每周的某些天",
    "some hours are those of passage": "有些时段是允许通行的时段",
    "all day and hours are both told": "既说全天又说时段",
    "the hours of the day are not told": "未说明每日时段",
    "the hour {words} is unclear": "时间{words}不清楚",
    "{words} runs into the hour behind it": "{words}与后面的时间连在一起",
    "the start {start} is {days} days from the publication on {published}": (
        "开始日期{start}与发布日{published}相差{days}天"
    ),
    "the end is not after the start: {words}": "结束不晚于开始：{words}",
    "{days} days from start to end, but {count} are announced": "起止共{days}天，却说{count}天",
    "{words} is no exact day": "{words}不是确切的日子",
    "the calendar has no {words}": "日历上没有{words}",
    "{words} names no month": "{words}没有月份",
    "{words} names no day": "{words}没有日子",
    "{words} is no date": "{words}不是日期",
    "{words} is not the day of publication, {today}": "{words}不是发布日{today}",
    "the date is no {words}": "该日不是{words}",
    "{words} is not {other}": "{words}不是{other}",
    # ways round
    "a part of the way round could not be read": "绕行路线有一部分未能读懂",
    "how the ways round hang together could not be made out": "未能看出绕行路线如何衔接",
    # the text
    "the notice is empty": "公告是空的",
    "{count} characters are more than one notice: cut it up": "{count}个字不止一份公告：请分开",
    # what a zone closes on the map
    "it ends at {end} and begins at {start}": "开始于{start}，却结束于{end}",
    "lanes are taken, but every turn stays open": "占用车道，但各方向仍可通行",
    "the map does not name its ramps": "地图上的匝道没有名称",
    "half of the road stays open, and the notice turns nobody away": "半幅通行，公告没有禁止任何车辆",
    "a turn is banned, but not at a junction of two roads": "禁止转向，但不在两条道路的路口",
    "the map {map} has no road {road} (like it: {near})": "地图“{map}”上没有{road}（相近的有：{near}）",
    "the map {map} has no road {road}": "地图“{map}”上没有{road}",
    "{road} and {other} do not meet on the map": "{road}与{other}在地图上不相交",
    "{road} and {other} meet in {count} places": "{road}与{other}在{count}处相交",
    "which turns {words} closes is not clear": "不清楚{words}封闭哪些转向",
    "which way {words} closes is not clear": "不清楚{words}封闭哪个方向",
    "no turn of the map is the one that is closed": "地图上没有被封闭的那个转向",
    "the junction is several on the map": "该路口在地图上是几个路口",
    "which turn is meant is not clear": "不清楚指哪个转向",
    "which turn {words} is not clear": "不清楚{words}是哪个转向",
    "whether {words} is straight on or a turn is not clear": "不清楚{words}是直行还是转弯",
    "{road} does not run from {start} to {end}": "{road}不从{start}通到{end}",
    "no carriageway of the map runs as {words} says": "地图上没有{words}方向的车道",
    "which part of the roads is closed is not told": "未说明封闭各道路的哪一段",
    "which part of {road} is closed is not told": "未说明封闭{road}的哪一段",
    # queues
    "no traffic counts": "没有交通量数据",
    "some of the turned-away traffic was not counted": "被分流的车辆有一部分没有计数",
    "the detour may be beyond its capacity, where queues grow with time": (
        "绕行道路可能超过通行能力，排队会越来越长"
    ),
    "the announced roads do not lead there": "公告道路不通到那里",
    "counts cover {covered} of the detour, {needed} are needed": (
        "绕行路线只有{covered}有计数，至少要{needed}"
    ),
    "nobody counted the traffic that comes from {arm}": "没有人统计来自{arm}的车辆",
    # feeds
    "its {field} could not be read: {why} ({words})": "未能读懂{field}：{why}（{words}）",
    "its {field} could not be read: {why} ()": "未能读懂{field}：{why}",
    "announces no works that could be read": "没有读到任何施工",
    "is announced twice": "公告了两次",
    "is never in force": "从不生效",
    "closes nothing on the map": "在地图上没有封闭任何道路",
    "by the hour on {days} days: a feed has an event for each, and {most} are the most": (
        "按时段封闭{days}天：数据里每天一条，最多{most}条"
    ),
    "it turns nobody away ({words})": "没有禁止任何车辆（{words}）",
    "its dates have no time zone": "日期没有时区",
    "a {shape} has no direction": "{shape}没有方向",
    "no segment of the map lies on its line ({roads})": "地图上没有路段在它的线上（{roads}）",
    "its limit {value} {unit} can't be read": "未能读懂限值 {value} {unit}",
    # what to do
    "read the notice's dates again": "请再看公告的日期",
    "read the notice again": "请再看公告",
    "expect queues": "请预计排队",
    "expect queues, or say whom the works keep out": "请预计排队，或说明限制哪些车辆",
    "close the ramp's segments by hand": "请手工封闭该匝道的路段",
    "close the right one by hand": "请手工封闭正确的一处",
    "close the turn by hand": "请手工封闭该转向",
    "close the turns by hand": "请手工封闭这些转向",
    "close the other one by hand": "请手工封闭另一方向",
    "close it by hand": "请手工封闭",
    "name the junction": "请写明路口",
    "name the stretch": "请写明路段",
    "name the junction or the stretch": "请写明路口或路段",
    "add the road, or an alias, to the map's file": "请在地图文件中补上该路或其别名",
    "check the names against the map": "请对照地图核对名称",
    "write it by hand": "请手工填写",
    "write them by hand": "请手工填写",
    "publish it once": "请只发布一次",
    "publish it in parts": "请分几部分发布",
    "give a WZDx work zone feed of version 4": "请给出 WZDx 第 4 版施工数据",
    "mend its dates": "请改正日期",
    "mend the feed": "请改正数据",
    "write them in UTC, with a Z": "请写成 UTC，末尾加 Z",
    "draw it as a LineString": "请画成 LineString",
    "use a map of the same place": "请用同一地方的地图",
    "write it in {units}": "请以 {units} 为单位",
}
_NOTHING_CLOSED: Final = "; nothing is closed"


def reason(text: str, language: Language) -> str:
    """Tell a reason in a language.

    Examples
    --------
    >>> reason("长扬路 and 腾龙路 do not meet on the map; nothing is closed", "zh")
    '长扬路与腾龙路在地图上不相交；没有封闭任何道路'
    """
    if language == "en":
        return text
    if text.endswith(_NOTHING_CLOSED):
        return f"{reason(text.removesuffix(_NOTHING_CLOSED), language)}；没有封闭任何道路"
    return _BOOK.chinese(text)


def field_name(field: str, language: Language) -> str:
    """What a field of a zone is called."""
    return _FIELDS.get(field, field) if language == "zh" else field


def problem_text(problem: Problem, language: Language) -> str:
    """Tell a problem with its place and its mend."""
    if language == "en":
        return str(problem)
    told = reason(problem.message, language), reason(problem.mend, language)
    return f"{problem.place}：{_SEVERITIES[problem.severity]}：{told[0]} → {told[1]}"


def unsure_text(field: str, why: str, quoted: str, language: Language) -> str:
    """Tell what could not be read, and why."""
    if language == "en":
        return f"{field}: {why} ({quoted})"
    return f"{field_name(field, language)}：{reason(why, language)}（{quoted}）"


_BOOK: Final = Phrasebook(
    _REASONS, {"why": lambda why: reason(why, "zh"), "field": lambda field: field_name(field, "zh")}
)
