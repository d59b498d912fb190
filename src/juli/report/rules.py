"""The judge's rules by name, each as a short sentence in Chinese and in English."""

from typing import Final

from juli.plan.checking import Violation
from juli.plant.model import Language
from juli.report.violations import violation_text

#: rule → (Chinese, English)
RULES: Final[dict[str, tuple[str, str]]] = {
    # workshop
    "operation_once": ("每道工序做且只做一次", "Every operation is done exactly once"),
    "machine_suits": ("工序排在能做它的设备上", "An operation runs on a machine that can do it"),
    "inside_horizon": ("在计划时段之内", "A run lies inside the planned time"),
    "release": ("不早于订单下达", "Nothing starts before its order's release"),
    "duration": ("工时与工艺相符", "A run takes the time that its operation needs"),
    "shift": ("只在班次内开机", "A machine runs only in its shifts"),
    "precedence": ("前道完工后才开工", "What goes in is finished first"),
    "least_wait": ("工序间隔不短于下限", "The wait between two operations is long enough"),
    "most_wait": ("工序间隔不超过上限", "The wait between two operations is short enough"),
    "one_at_a_time": ("一台设备一次一道工序", "A machine does one operation at a time"),
    "setup_time": ("换型时间足够", "There is time for every changeover"),
    "enough_resources": ("人员和工装够用", "People and tools suffice"),
    "batch_together": ("同批同时进出", "What shares a batch starts and ends together"),
    "batch_capacity": ("一批不超过容量", "A batch holds no more than fits"),
    # electricity
    "dispatch_shape": ("调度覆盖每个时段", "The dispatch has a value for each slot"),
    "balance": ("功率平衡", "Grid, solar and battery together are what the plant draws"),
    "solar_available": ("光伏不超过可发功率", "No more solar is used than there is"),
    "import_limit": ("购电不超过限值", "Import stays within its limit"),
    "export_limit": ("上网不超过限值", "Export stays within its limit"),
    "no_battery": ("没有电池就不能充放电", "No power comes from a battery that is not there"),
    "battery_power": ("充放电功率在限值内", "The battery keeps within its power"),
    "battery_level": ("储能不空不溢", "Stored energy stays between empty and full"),
    "battery_energy": ("储能账目相符", "Stored energy adds up"),
    "battery_ends": ("电池始末电量相符", "The battery begins and ends as it should"),
    # deliveries
    "truck_known": ("车辆在册", "The truck is one of the plant's"),
    "truck_fits": ("车辆尺寸、重量允许通行", "The truck fits every road that it takes"),
    "capacity": ("不超载", "A truck carries no more than it holds"),
    "delivered_once": ("每单送一次", "Every order is delivered once"),
    "fetched_once": ("每批料取一次", "Every pick-up is made once"),
    "fetched_when_ready": ("备妥后才取", "Nothing is fetched before it is ready"),
    "right_site": ("送到正确地点", "An order goes to its own site"),
    "completed_before_loading": ("完工后才装车", "An order is complete before it is loaded"),
    "one_place_at_a_time": ("一车一时只在一处", "A truck is in one place at a time"),
    "drivers_hours": ("司机工时之内", "A trip lies in its driver's hours"),
    "receiving_hours": ("客户收货时间之内", "Unloading begins while the site receives"),
    "trip_connects": ("行程首尾相接", "The legs of a trip join up"),
    "route_connects": ("路线首尾相接", "The roads of a leg join up"),
    "driving_time": ("行驶时间足够", "A leg takes the time that its roads need"),
    "movement_allowed": ("转向合法", "Every turn is allowed"),
    "closure_respected": ("遵守封路", "No closed road or turn is taken"),
    # cutting
    "bars_there": ("材料在库", "Every bar that is cut is in stock"),
    "pieces_once": ("零件不多不少", "Every piece is cut once"),
    "pieces_fit": ("一根料切得下", "What is cut from a bar fits into it"),
    "machine_takes_bar": ("设备放得下料", "The machine takes the bar"),
    "offcuts_there": ("余料先有后用", "An offcut is cut after the run that left it, and once"),
    "cut_in_time": ("零件按时切好", "A piece is cut by the time that its operation needs it"),
    "machine_time": ("切割时间足够", "Cutting takes the time that it needs"),
    "cost_right": ("用料账目相符", "The plan's material adds up"),
}


def rule_sentence(rule: str, language: Language) -> str:
    """A rule as a sentence; its own name where it has none."""
    chinese, english = RULES.get(rule, (rule, rule))
    return chinese if language == "zh" else english


def broken_rule(violation: Violation, language: Language) -> tuple[str, str]:
    """What a report says of a violation: the rule, and by whom and how much it is broken."""
    return rule_sentence(violation.rule, language), violation_text(violation.message, language)
