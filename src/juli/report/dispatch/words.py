"""What the dispatch's page and its lines at the terminal say, in Chinese and in English."""

from typing import Final

from juli.plant.model import Language

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "title": ("电池调度", "Dispatch of a battery"),
    "saved": ("电池节省", "The battery saves"),
    "saved_note": ("无电池 {without}，有电池 {with_battery}", "{without} without it, {with_battery} with it"),
    "needs_battery": ("没有电池则无法运行", "the site can't be run without it"),
    "peak": ("最高购电", "Highest import"),
    "peak_note": ("无电池 {without}", "{without} without the battery"),
    "cycles": ("等效满循环", "Full cycles"),
    "cycles_note": ("{energy} kWh，{days} 天", "of {energy} kWh in {days} days"),
    "exact": ("证明为最优", "Proven least"),
    "yes": ("是", "yes"),
    "no": ("否", "no"),
    "bound_note": ("不会低于 {bound}", "nothing costs less than {bound}"),
    "week": ("一周调度", "A week"),
    "week_caption": (
        "用电最高的一周。上：购电价；中：用电由何处供给（零线以下为充电与上网）；下：电池电量。底色为电价时段。",
        "The week with the highest import. Top: buying price. Middle: what meets the consumption (below "
        "zero: charging and export). Bottom: energy in the battery. The background shows the price period.",
    ),
    "bill": ("账单", "The bill"),
    "waterfall_caption": (
        "从无电池的费用到有电池的费用，按来源。{fixed}",
        "From what is paid without the battery to what is paid with it, by source. {fixed}",
    ),
    "fixed_note": (
        "另有与调度无关的基本电费 {money}。",
        "A capacity part of {money}, which no dispatch changes, comes on top.",
    ),
    "without_battery": ("无电池", "without battery"),
    "with_battery": ("有电池", "with battery"),
    "energy_shifting": ("移峰填谷", "dear hours to cheap ones"),
    "solar_self_use": ("光伏自用", "solar used later"),
    "demand": ("削减需量", "demand charge"),
    "deviation": ("偏差考核", "declared schedule"),
    "calls": ("削峰响应", "peak-shaving calls"),
    "ramps": ("变化率", "ramps"),
    "regulation": ("调频", "frequency regulation"),
    "rest": ("损耗及其他", "wear and the rest"),
    "year": ("荷电状态", "State of charge"),
    "heat_caption": ("每天每时的荷电状态（横轴为日，纵轴为时刻）。", "By day (across) and hour (up)."),
    "axis_hour": ("时刻", "hour of the day"),
    "money_heading": ("金额 [{currency}]", "money [{currency}]"),
    "worth": ("各来源的价值", "What the battery earns by"),
    "worth_caption": (
        "各来源共用一个电池，价值不可相加。",
        "Sources share one battery: their worths do not add up to the whole.",
    ),
    "source": ("来源", "source"),
    "alone": ("单独使用", "alone"),
    "left_out": ("去掉后损失", "lost if left out"),
    "arbitrage": ("移峰填谷", "moving consumption to cheap hours"),
    "firming": ("按计划上报", "keeping to the declared schedule"),
    "stack": ("全部", "everything together"),
    "physics": ("物理核对", "Held against the physics"),
    "physics_caption": (
        "计划经 {name} 电池物理模型运行的结果。",
        "What the {name} battery's physical model made of the plan.",
    ),
    "nickel-hydrogen": ("镍氢", "nickel-hydrogen"),
    "lithium iron phosphate": ("磷酸铁锂", "lithium iron phosphate"),
    "physics_repairs": ("修正次数", "plans repaired"),
    "physics_money": ("实际费用减计划费用", "real cost less planned"),
    "physics_auxiliary": ("辅助用电", "fans, heating, control"),
    "physics_missing": ("未能放出", "discharge missing"),
    "physics_celsius": ("电芯温度", "cells"),
    "physics_bar": ("最高氢压", "highest hydrogen pressure"),
    "rolling": ("滚动运行", "Rolling operation"),
    "rolling_caption": (
        "按预测做计划、按实际执行，每 {hours} 小时重复。",
        "Planned on forecasts, acted on what came, every {hours} h.",
    ),
    "rolling_cost": ("实际支付", "it pays"),
    "rolling_perfect": ("完全预知", "perfect foresight"),
    "rolling_regret": ("预测代价", "regret"),
    "rolling_kept": ("实现的节省", "of the saving"),
    "years": ("多年经济性", "Over the years"),
    "years_caption": (
        "{years} 年，贴现率 {rate}；各年负荷与电价相同。",
        "{years} years, discounted at {rate}; every year has the same load and prices.",
    ),
    "years_npv": ("净现值", "net present value"),
    "years_irr": ("内部收益率", "internal rate of return"),
    "years_payback": ("回收期 [年]", "payback [years]"),
    "years_lcos": ("度电储能成本", "levelised cost of storage"),
    "column_year": ("年", "year"),
    "column_capacity": ("容量 [kWh]", "capacity [kWh]"),
    "column_saving": ("节省", "saving"),
    "column_outlay": ("支出", "outlay"),
    "notes": ("说明", "Notes"),
    "none": ("无", "none"),
    # the lines at the terminal
    "told_slots": ("{slots} 个时段，每段 {hours} 小时，{engine}", "{slots} slots of {hours} h, {engine}"),
    "dynamic program": ("动态规划", "dynamic program"),
    "highs": ("HiGHS 求解", "highs"),
    "told_unit": ("，金额单位 {currency}", ", money in {currency}"),
    "told_energy_cost": ("电量电费", "energy cost"),
    "told_demand_cost": ("需量电费", "demand cost"),
    "told_wear_cost": ("电池损耗", "wear cost"),
    "told_deviation_cost": ("偏差考核", "deviation cost"),
    "told_end_value": ("期末存电价值", "end value"),
    "told_ramp_cost": ("变化率费用", "ramp cost"),
    "told_call_income": ("削峰响应收入", "call income"),
    "told_regulation_income": ("调频收入", "regulation income"),
    "told_cost": ("合计", "cost"),
    "told_saved": ("节省", "saved"),
    "told_peak": ("最高购电", "highest import"),
    "told_bill": ("账单（同 juli bill）", "bill (as juli bill)"),
    "told_cycles": ("等效满循环", "full cycles"),
    "told_not_exact": ("未证明为最少：不会低于 {bound}", "not proven least: no cheaper than {bound}"),
    "told_repairs": ("，修正 {count} 次后", ", after {count} repairs"),
    "told_physics": ("{name}电池能执行计划{repaired}：", "the {name} battery follows the plan{repaired}:"),
    "told_physics_money": (
        "比计划多支付 {money}，其中 {auxiliary} 为 {energy} kWh 的风机、加热和控制用电",
        "it costs {money} more than planned, {auxiliary} of it for {energy} kWh of fans, heating and control",
    ),
    "told_physics_energy": (
        "未能放出 {missing} kWh，不必充入 {spared} kWh，期末存电相差 {stored} kWh",
        "discharge missing {missing} kWh, charge not needed {spared} kWh, in store at the end {stored} kWh",
    ),
    "told_physics_cells": ("电芯温度 {low} 至 {high} °C", "cells between {low} and {high} °C"),
    "told_physics_bar": (
        "氢压最高 {bar} bar，允许 {limit} bar",
        "hydrogen up to {bar} bar of {limit} allowed",
    ),
    "told_call": ("响应 {number}，{window}，{kw} kW：{what}", "call {number}, {window}, {kw} kW: {what}"),
    "told_takes_part": ("参加", "takes part"),
    "told_stays_out": ("不值得参加", "is not worth taking part"),
    "told_window_slots": ("第 {first} 至 {last} 时段", "slots {first} to {last}"),
    "told_window": ("{first} 至 {last}", "{first} to {last}"),
    "told_regulation": (
        "调频：平均出售 {kw} kW，{hours} 小时中的 {sold} 小时",
        "regulation: {kw} kW sold on average, {sold} of {hours} hours",
    ),
    "told_recorded": ("实录", "recorded"),
    "told_made_up": ("模拟", "made-up"),
    "told_measured": (
        "按{signal}信号测得：PJM 得分 {score}，{indices}",
        "measured on a {signal} signal: PJM score {score}, {indices}",
    ),
    "told_years": (
        "如此运行 {years} 年，贴现率 {rate}：",
        "{years} years like this one, discounted at {rate}:",
    ),
    "told_invested": ("投资", "invested"),
    "told_saved_in": ("第 {year} 年节省", "saved in year {year}"),
    "told_capacity_left": (
        "{saved}，容量为第 1 年的 {share}",
        "{saved}, with {share} of year 1's capacity",
    ),
    "told_npv": ("净现值", "net present value"),
    "told_irr": ("内部收益率", "internal return"),
    "told_payback": ("回收期", "payback"),
    "told_payback_years": ("{years} 年", "{years} years"),
    "told_lcos": ("度电储能成本", "cost of storage"),
    "told_lcos_value": (
        "每放出 1 kWh {all}，不计充电电费 {without}",
        "{all} a kWh given, {without} without the energy charged",
    ),
    "told_rolling": (
        "滚动运行：{plans} 次计划，每 {every} 小时一次，提前 {ahead} 小时；预测：{sources}",
        "rolling: {plans} plans, every {every} h, {ahead} h ahead; forecasts: {sources}",
    ),
    "told_errors": ("预测误差", "forecasts off by"),
    "told_on_average": ("{kw} kW（平均）", "{kw} kW on average"),
    "told_softened": (
        "{count} 次计划无法守住全部限值，按价放弃了一项",
        "{count} plans could not keep every limit and gave one up for its price",
    ),
    "told_beyond": (
        "超限：购电 {imported} kWh（最高 {kw} kW），上网 {exported} kWh",
        "beyond the limits: {imported} kWh import (up to {kw} kW), {exported} kWh export",
    ),
    "told_missing": (
        "期末缺 {energy} kWh，已计入支付",
        "{energy} kWh are missing at the end, counted in what it pays",
    ),
    "told_written": ("已写入：{path}", "written: {path}"),
}


def said(key: str, language: Language, **values: object) -> str:
    """Say a phrase in a language, its braces filled in.

    Examples
    --------
    >>> said("saved", "zh"), said("bound_note", "en", bound="5")
    ('电池节省', 'nothing costs less than 5')
    """
    text = _WORDS[key][0 if language == "zh" else 1]
    return text.format(**values) if values else text


def phrases() -> dict[str, tuple[str, str]]:
    """Every phrase, Chinese and English."""
    return dict(_WORDS)
