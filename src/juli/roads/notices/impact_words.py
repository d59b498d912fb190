"""The words for what works do to traffic, kind by kind, as one pattern over a skeleton."""

import re
from typing import Final

from juli.roads.notices.places import PLACE

_TURN: Final = "(?:左转弯?|右转弯?|直行|掉头|调头)"
_WAY: Final = "(?:由|从)?[东南西北][往向至][东南西北](?:方向)?(?:的?机?动?车辆?)?"
_NO: Final = "(?:禁止|严禁|不准|不得|限制|暂停)"
_LANE: Final = "(?:车道|行车线|车行道)"
_HALF: Final = "(?<![另用借由从])(?:半幅|单幅|单边|[左右]幅)"
#: Behind 封闭 these make it the heading of a section, or something that was said before.
_HEADED: Final = (
    "类型|类别|内容|要求|期间|时间|路段|范围|方式|区域|措施|原因|日期|时段|工期|方案|安排|通告|公告"
    "|式|后|的施工路段|施工|解除"
)
_SIGN: Final = "标志|规定|牌|时间|路段|车型|区域|范围|措施|结束|车辆"

#: The more particular before the more general: of two that begin at one place the first is taken.
_KINDS: Final = (
    (
        "movement",
        rf"{_NO}[^,。;:\n]{{0,24}}?{_TURN}(?:[和及、或与,](?:{_WAY})?{_TURN}(?!的?(?:机动)?车))*",
        "禁左",
        rf"{_TURN}(?:[、和及]{_TURN})*[^,。;:\n]{{0,12}}?(?:封闭|禁止(?:通行|驶入)?)",
    ),
    (
        "half",
        rf"(?:[东南西北左右上下]{{1,2}}侧?)?{_HALF}[^,。;:\n通]{{0,8}}?(?:封闭|施工|围|占)",
        "半封闭|半边封闭",
        "(?<=[行施取用为,、])半幅(?:双向|单向)?(?:交替)?通行",
        "(?:封闭|占用|围挡|占)了?(?:[东南西北左右]{1,2}侧?)?的?(?:半幅|一半|半边|[左右]幅)(?:路面|道路|车道|机动车道)?",
    ),
    (
        "one_way",
        "(?<!双向)(?:单向(?:[一1二2]?车道)?(?:通行|行驶|行车|循环)|单线通行|单行(?!线(?:路)?上)|改[为作]单向|单向交通)",
    ),
    (
        "lanes",
        rf"(?:封闭|占用|占据|占|围挡|关闭|压缩){PLACE}*[^,。;:\n半()]{{0,24}}{_LANE}",
        "占[道路](?:施工|作业|围挡)|占用(?:部分|局部)?(?:道路|路面|路幅)",
        rf"(?:(?:全部|所有|双向|双方向|部分|[一二两三四\d][条个根]|最?[左右内外]侧|中间|[东南西北]向)"
        rf"[^,。;:\n{PLACE}]{{0,8}}?)?{_LANE}[将会均]?[^,。;:\n半{PLACE}]{{0,4}}(?:封闭|关闭)",
        r"(?:缩减|减少|压缩|调整|缩窄)[为至](?:双向)?[\d一二两三四六八](?:[至-]\d)?[条个]?(?:机动)?车道",
    ),
    (
        "closed",
        "(?:全幅?|完全|全面|全线|全路段|整段|双向)[全式]?封闭(?!(?:施工)?(?:期间|时间))|封闭交通",
        "封闭式?(?:打围|围挡|围蔽)?施工(?!期间|时间|路段|区域|方式|单位)",
        "断道|断交|断路|封路|封桥|封道|打围|封闭围挡|全?围[蔽封]施工|关闭(?!时间|期间)",
        "中断(?:双向|单向|南北向?|东西向?)?(?:道路)?交通|交通[将会]?(?:临时)?中断",
        f"封闭(?!{_HEADED})",
    ),
    (
        "ban",
        rf"(?<![被受]){_NO}(?P<whom>[^,。;:\n停]{{0,44}}?)(?:通行|驶入|进入|通过|行驶|进出|上路)(?!证)",
        f"[禁限]行(?!{_SIGN})",
        "(?:无法|不能|不得|暂不|禁)通行|不具备通行条件",
    ),
    (
        "works",
        "(?<![全半])封闭施工(?=期间|时间|路段|区域|方式)|(?<![全半])封闭(?=时间|期间|路段|范围|方式|区域|措施)",
    ),
)
#: The characters that these words can begin with: most of a text is skipped at once.
_FIRST: Final = (
    r"禁严不限暂左右直掉调东南西北上下半单封占围改关压全所双部一二两三四\d最内外中车行缩减完整断交打无"
)

#: One group for each kind, and ``whom`` for those whom a ban names.
IMPACT: Final = re.compile(
    f"(?=[{_FIRST}])(?:" + "|".join(f"(?P<{kind}>{'|'.join(words)})" for kind, *words in _KINDS) + ")"
)
