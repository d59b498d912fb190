"""By whom and how much the judge's rules are broken, in Chinese."""

from typing import Final

from juli.plant.model import Language
from juli.report.phrases import Phrasebook

_MESSAGES: Final = {
    # workshop
    "{operation} is done {count} times, not once": "{operation} 做了 {count} 次，应为一次",
    "{operation} belongs to no order": "{operation} 不属于任何订单",
    "{operation} is on {machine}, but only {able} can do it": (
        "{operation} 在 {machine} 上，但只有 {able} 能做"
    ),
    "{operation} runs {slots} slots outside the plan": "{operation} 有 {slots} 个时段在计划之外",
    "{operation} starts {hours} h before its order's release": "{operation} 比订单下达早 {hours} 小时开工",
    "{operation} has {given} working slots on {machine}, but takes {needed}": (
        "{operation} 在 {machine} 上有 {given} 个工作时段，需要 {needed} 个"
    ),
    "{operation} has {slots} slots on {machine} outside its shifts": (
        "{operation} 在 {machine} 上有 {slots} 个时段不在班次内"
    ),
    "{operation} starts {slots} slots before {earlier} ends": (
        "{operation} 比 {earlier} 完工早 {slots} 个时段开工"
    ),
    "{operation} on {machine} starts {waited} slots after {earlier} ends on {before}, "
    "but waiting and the way take {needed}": (
        "{machine} 上的 {operation} 在 {before} 上的 {earlier} 完工 {waited} 个时段后开工，"
        "等待和搬运需要 {needed} 个"
    ),
    "{operation} starts {hours} h too long after {earlier} ends": (
        "{operation} 在 {earlier} 完工后迟开工 {hours} 小时"
    ),
    "{machine} does {first} and {second} at once for {slots} slots": (
        "{machine} 有 {slots} 个时段同时做 {first} 和 {second}"
    ),
    "{second} goes into {machine} or comes out while {first} is in": (
        "{first} 在 {machine} 内时，{second} 进入或取出"
    ),
    "{machine} has {first} ({one}) and {second} ({other}) in one batch": (
        "{machine} 同一批里有 {first}（{one}）和 {second}（{other}）"
    ),
    "the batch at slot {start} in {machine} is {load}, and {capacity} goes in": (
        "{machine} 第 {start} 时段的一批为 {load}，容量为 {capacity}"
    ),
    "{machine} takes {needed} working slots to be set up for {operation}, and has {given}": (
        "{machine} 为 {operation} 换型需要 {needed} 个工作时段，只有 {given} 个"
    ),
    "{names}: {count} too few in {slots} slots, first at {moment}": (
        "{names}：有 {slots} 个时段缺 {count}，最早在 {moment}"
    ),
    # electricity
    "the dispatch does not have {slots} slots": "调度没有 {slots} 个时段",
    "at {moment} {amount} {what} ({slots} slots in all)": "{moment} {what} {amount}（共 {slots} 个时段）",
    "kW is missing or too much": "功率不平衡 [kW]",
    "kW more solar than there is": "光伏超过可发功率 [kW]",
    "kW above the import limit": "超过购电限值 [kW]",
    "kW above the export limit": "超过上网限值 [kW]",
    "kW from no battery": "没有电池却充放电 [kW]",
    "kW above the battery's power": "超过电池功率 [kW]",
    "kWh below empty or above full": "低于空或高于满 [kWh]",
    "kWh of stored energy from nowhere": "储能账目不符 [kWh]",
    "the battery begins {amount} kWh off its start_kwh": "电池起始电量与 start_kwh 相差 {amount} kWh",
    "the battery ends {amount} kWh below its end_kwh": "电池终了电量比 end_kwh 少 {amount} kWh",
    # deliveries
    "{truck} drives, but the plant has no transport": "{truck} 出车，但工厂没有运输",
    "a trip of {truck} names an unknown truck or site": "{truck} 的行程有未知的车辆或地点",
    "a leg of {truck} has unknown segments or times: {unknown}": (
        "{truck} 的一段有未知的路段或时间：{unknown}"
    ),
    "{order} is delivered {count} times, or was never ordered": "{order} 送了 {count} 次，或没有此订单",
    "{pickup} is fetched {count} times, or was never asked for": "{pickup} 取了 {count} 次，或没有要求取",
    "{pickup} is loaded {minutes} min before {site} has it": "{pickup} 比 {site} 备妥早 {minutes} 分钟装车",
    "{truck} leaves {minutes} min before {order} is complete and loaded": (
        "{truck} 比 {order} 完工装车早 {minutes} 分钟出发"
    ),
    "{truck} leaves {minutes} min before it is back": "{truck} 还有 {minutes} 分钟才回来就再次出发",
    "{truck} carries {load} {unit} of {limit} {size}": "{truck} 装 {load} {unit}，限 {limit} {size}",
    "{truck} is away {minutes} min outside its driver's hours": "{truck} 在司机工时外出车 {minutes} 分钟",
    "unloading at {site} begins {minutes} min outside its hours": (
        "{site} 的卸货开始于收货时间外 {minutes} 分钟"
    ),
    "unloading at {site} is {minutes} min too short": "{site} 的卸货短了 {minutes} 分钟",
    "{order} is unloaded at {site}, not at {own}": "{order} 卸在 {site}，不是 {own}",
    "{pickup} is loaded at {site}, not at {own}": "{pickup} 装在 {site}，不是 {own}",
    "a trip of {truck} drives {legs}, its stops are at {places}": (
        "{truck} 的行程驶经 {legs}，停靠在 {places}"
    ),
    "{truck} unloads or leaves {site} {seconds} s too early": "{truck} 在 {site} 早 {seconds} 秒卸货或离开",
    "{truck} is at {place}, but {segment} begins at {start}": "{truck} 在 {place}，但 {segment} 起于 {start}",
    "a leg of {truck} ends at {place}, not at {end}": "{truck} 的一段止于 {place}，不是 {end}",
    "{truck} drives a segment {seconds} s faster than it can": "{truck} 在一个路段上快了 {seconds} 秒",
    "{truck}, {value} t, uses {segment}: {limit} t": "{truck} 重 {value} 吨，驶过限重 {limit} 吨的 {segment}",
    "{truck}, {value} m high, uses {segment}: {limit} m high": (
        "{truck} 高 {value} 米，驶过限高 {limit} 米的 {segment}"
    ),
    "{truck}, {value} m wide, uses {segment}: {limit} m wide": (
        "{truck} 宽 {value} 米，驶过限宽 {limit} 米的 {segment}"
    ),
    "{truck} turns from {into} into {out}": "{truck} 从 {into} 转入 {out}",
    "{truck} takes {segment} at {moment}, closed by {source}": (
        "{truck} 在 {moment} 驶入 {segment}，该处因 {source} 封闭"
    ),
    # cutting
    "{bar} is left with {length} mm and cut as {cut} mm": "{bar} 余 {length} mm，却按 {cut} mm 切",
    "{bar} is cut by {operation} before {before} has left it": "{operation} 在 {before} 留下 {bar} 之前切它",
    "{bar} is {short} mm too short for what it is cut into": "{bar} 短了 {short} mm",
    "{length} mm of {bar} return to stock: {wanted}": "{bar} 回库 {length} mm：{wanted}",
    "nothing returns to stock": "不应有余料回库",
    "{least} mm is the least that does": "至少 {least} mm 才回库",
    "{bar} leaves {length} mm as {offcut}": "{bar} 余 {length} mm，记作 {offcut}",
    "{bar} is cut on {machine}, where {operation} does not run": (
        "{bar} 在 {machine} 上切，{operation} 不在那里做"
    ),
    "{bar} is cut {count} times, but {there} are there": "{bar} 切了 {count} 次，只有 {there} 根",
    "a piece for {name} is cut from {bar} by {operation}, too late or elsewhere": (
        "{name} 的一件由 {operation} 从 {bar} 切出，太迟或不在同一设备"
    ),
    "{name} has {count} pieces of {length} mm of {material}, not {wanted}": (
        "{name} 有 {count} 件 {length} mm 的 {material}，应为 {wanted} 件"
    ),
    "{bar} is planned as {length} mm of {material}, and is {own} mm of {other}": (
        "{bar} 按 {length} mm 的 {material} 计划，实为 {own} mm 的 {other}"
    ),
    "{count} offcuts are called {name}": "有 {count} 根余料都叫 {name}",
    "the offcut {name} is cut {count} times": "余料 {name} 切了 {count} 次",
    "{bar} is of the unknown material {material}": "{bar} 的材料 {material} 未知",
    "{bar} does not go into {machine}": "{bar} 放不进 {machine}",
    "there is no bar {name} in stock": "库里没有 {name}",
    "nobody asks for {piece}": "没有人要 {piece}",
    "the plan says {cost} mm, its bars add up to {sum} mm": "计划说 {cost} mm，各料合计 {sum} mm",
    "the bound of {bound} mm is above the plan's cost": "下界 {bound} mm 高于计划的用料",
    "{piece} is cut {count} times, not {wanted}": "{piece} 切了 {count} 件，应为 {wanted} 件",
    "{bar} is planned as {length} mm and measures {own} mm": "{bar} 按 {length} mm 计划，量得 {own} mm",
    "{machine} has {minutes} min too few for {bar}": "{machine} 切 {bar} 少了 {minutes} 分钟",
}


def violation_text(message: str, language: Language) -> str:
    """Tell a message of the judge in a language.

    Examples
    --------
    >>> violation_text("truck-1 leaves 3.0 min before it is back", "zh")
    'truck-1 还有 3.0 分钟才回来就再次出发'
    """
    return message if language == "en" else _BOOK.chinese(message)


_PARTS: Final = Phrasebook(_MESSAGES)
_BOOK: Final = Phrasebook(_MESSAGES, {"what": _PARTS.chinese, "wanted": _PARTS.chinese})
