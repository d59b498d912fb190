"""Every word that a report shows, in Chinese and in English, in one table."""

from typing import Final

from juli.plant.model import Language

#: key → (Chinese, English); ``{braces}`` are filled in by :func:`word`.
WORDS: Final[dict[str, tuple[str, str]]] = {
    # numbers and moments
    "hours_value": ("{value} 小时", "{value} h"),
    "weekdays": ("周一 周二 周三 周四 周五 周六 周日", "Mon Tue Wed Thu Fri Sat Sun"),
    "months": (
        "1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月",
        "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    ),
    "day_value": ("{month}{day}日 {weekday}", "{weekday} {day} {month}"),
    "axis_day_format": ("%-m月%-d日 %a", "%a %-d %b"),
    # the bill's categories, items and periods
    "category_energy": ("电量电费", "Energy"),
    "category_export": ("上网电费", "Export"),
    "category_demand": ("需量电费", "Demand charge"),
    "category_wear": ("电池损耗", "Battery wear"),
    "category_lateness": ("延误损失", "Lateness"),
    "category_labour": ("人工", "Labour"),
    "category_transport": ("运输", "Transport"),
    "category_total": ("合计", "Total"),
    "energy_in_period": ("电量电费 · {period}", "Energy · {period}"),
    "battery": ("电池", "battery"),
    "export": ("上网电量", "export"),
    "period_sharp": ("尖峰", "sharp peak"),
    "period_peak": ("高峰", "peak"),
    "period_flat": ("平段", "flat"),
    "period_valley": ("低谷", "valley"),
    "period_deep_valley": ("深谷", "deep valley"),
    # columns of tables
    "column_category": ("项目", "Part"),
    "column_item": ("细目", "Item"),
    "column_quantity": ("数量", "Quantity"),
    "column_unit": ("单位", "Unit"),
    "column_money": ("金额 [{currency}]", "Money [{currency}]"),
    "column_share": ("占比", "Share"),
    "column_order": ("订单", "Order"),
    "column_set": ("成套批次", "Set"),
    "column_product": ("产品", "Product"),
    "column_operation": ("工序", "Operation"),
    "column_machine": ("设备", "Machine"),
    "column_line": ("产线", "Line"),
    "column_start": ("开始", "Start"),
    "column_end": ("结束", "End"),
    "column_time": ("时间", "Time"),
    "column_period": ("时段", "Period"),
    "column_buy_per_kwh": ("购电价 [{currency}/kWh]", "Buying price [{currency}/kWh]"),
    "column_sell_per_kwh": ("上网电价 [{currency}/kWh]", "Selling price [{currency}/kWh]"),
    "column_consumption_kw": ("用电 [kW]", "Consumption [kW]"),
    "column_grid_kw": ("电网 [kW]（购电为正）", "Grid [kW] (import +)"),
    "column_solar_kw": ("光伏 [kW]", "Solar [kW]"),
    "column_solar_available_kw": ("可用光伏 [kW]", "Solar available [kW]"),
    "column_battery_kw": ("电池 [kW]（放电为正）", "Battery [kW] (discharge +)"),
    "column_stored_kwh": ("电池电量 [kWh]", "Stored [kWh]"),
    "column_truck": ("车辆", "Truck"),
    "column_trip": ("趟次", "Trip"),
    "column_leg": ("路段序", "Leg"),
    "column_from": ("从", "From"),
    "column_to": ("到", "To"),
    "column_departure": ("出发", "Departure"),
    "column_arrival": ("到达", "Arrival"),
    "column_unloaded": ("卸完", "Unloaded"),
    "column_orders": ("所送订单", "Orders delivered"),
    "column_km": ("公里", "km"),
    "column_roads": ("行经道路", "Roads taken"),
    "column_site": ("交货地", "Site"),
    "column_due": ("交期", "Due"),
    "column_completed": ("完工", "Completed"),
    "column_met": ("实际兑现", "Met"),
    "column_hours_late": ("延误 [小时]", "Late [h]"),
    "column_finished": ("计划期内完成", "Met within the plan"),
    "column_parts_hours": ("零件齐套用时 [小时]", "Parts made within [h]"),
    "column_planned_busy_hours": ("计划工时 [小时]", "Planned busy time [h]"),
    "column_busy_hours": ("占用 [小时]", "Busy [h]"),
    "column_allocation_efficiency": ("分配效率", "Allocation efficiency"),
    "column_runs": ("工序数", "Runs"),
    "column_energy_kwh": ("用电 [kWh]", "Energy [kWh]"),
    "column_rule": ("规则", "Rule"),
    "column_message": ("说明", "What is wrong"),
    "column_what": ("指标", "Figure"),
    "column_value": ("数值", "Value"),
    # the head of a report
    "plan_of": ("生产、用电与配送计划", "Plan of production, electricity and deliveries"),
    "contents": ("目录", "Contents"),
    "overview": ("概览", "Overview"),
    "money": ("费用", "Money"),
    "production": ("生产", "Production"),
    "electricity": ("用电", "Electricity"),
    "deliveries": ("配送", "Deliveries"),
    "checks": ("核查", "Checks"),
    "all_runs": ("全部工序", "All runs"),
    "no_rule_broken": ("计划可行：没有违反任何规则。", "The plan breaks no rule."),
    "no_rule_broken_note": (
        "独立核查逐条复核了工序、班次、电量平衡、电池、道路与车辆，并重新计算了费用。",
        "An independent check went over operations, shifts, power balance, battery, roads and trucks, "
        "and added the bill up again.",
    ),
    "rules_broken": ("违反规则 {count} 处。", "{count} broken rules."),
    "rules_broken_note": ("此计划不能照此执行。", "The plan can't be carried out as it stands."),
    "see_list": ("查看清单", "See the list"),
    "total_cost": ("计划总费用", "The plan costs"),
    "cost_note": (
        "用电 {electricity} · 人工 {labour} · 运输 {transport} · 延误 {lateness}",
        "electricity {electricity} · labour {labour} · transport {transport} · lateness {lateness}",
    ),
    "late_orders": ("延误订单", "Orders late"),
    "of_orders": ("共 {count} 单", "of {count}"),
    "worst_late": ("最迟 {hours}，损失 {money}", "the worst by {hours}; they cost {money}"),
    "no_late_orders": ("所有订单均按期兑现。", "Every order is met in time."),
    "parts_within": ("同一套柜全部零件做齐用时", "All parts of one set made within"),
    "parts_median": ("中位数", "median"),
    "parts_range": ("最短 {shortest}，最长 {longest}", "shortest {shortest}, longest {longest}"),
    "nothing_made": ("计划期内无生产", "nothing is made"),
    "distance_from_best": ("距最优至多", "From the best possible, at most"),
    "bound_note": ("任何计划都不会低于 {bound}", "no plan can cost less than {bound}"),
    "proved_best": ("已证明为最优计划", "proved to be the best"),
    # money
    "money_caption": ("计划费用的构成", "What the plan's money goes to"),
    "money_figure_caption": ("各项费用累加至合计", "Parts of the bill, adding up to the total"),
    # production
    "late_orders_caption": ("延误订单（{count}），最迟在前", "Late orders ({count}), worst first"),
    "highlight_order": ("突出显示订单", "Show one order"),
    "all_orders": ("全部订单", "all orders"),
    "gantt_caption": (
        "各设备的工序，颜色区分订单；红框为延误订单，灰色为非班次时间。点击工序可突出其订单，拖动可放大。",
        "What each machine makes, coloured by order; late orders are outlined in red, hours off shift are "
        "grey. Click a run to show its order, drag to zoom.",
    ),
    "order_is_late": ("订单延误", "order is late"),
    "machines_caption": (
        "设备占用（分配效率按 ISO 22400-2：占用时间 / 计划工时）",
        "How busy the machines are (allocation efficiency as in ISO 22400-2: busy over planned busy time)",
    ),
    "sets_caption": ("各成套批次的零件齐套用时，最长在前", "How long each set's parts take, longest first"),
    # electricity
    "axis_power": ("功率 [kW]", "power [kW]"),
    "axis_price": ("{currency}/kWh", "{currency}/kWh"),
    "axis_stored": ("电池 [kWh]", "battery [kWh]"),
    "price": ("购电价", "price"),
    "stored_energy": ("电池电量", "stored energy"),
    "flow_solar": ("光伏", "solar"),
    "flow_discharge": ("电池放电", "battery discharge"),
    "flow_import": ("电网购电", "grid import"),
    "flow_charge": ("电池充电", "battery charge"),
    "flow_export": ("上网", "export"),
    "flow_consumption": ("用电", "consumption"),
    "peak_label": ("购电最高 {peak} kW", "highest import {peak} kW"),
    "power_caption": (
        "上：购电价；中：用电由何处供给（零线以下为充电与上网）；下：电池电量。背景色为电价时段。",
        "Top: buying price. Middle: what meets the consumption (below zero: charging and export). "
        "Bottom: energy in the battery. The background shows the price period.",
    ),
    "energy_peak": ("最高购电功率", "Highest import"),
    "energy_peak_at": ("{peak} kW（{moment}）", "{peak} kW ({moment})"),
    "energy_consumption": ("用电量", "Consumption"),
    "energy_import": ("购电量", "Import"),
    "energy_self_consumption": ("光伏自用率", "Solar self-consumption"),
    "energy_self_sufficiency": ("自给率", "Self-sufficiency"),
    "energy_cycles": ("电池等效循环", "Battery cycles"),
    "energy_co2": ("购电碳排放", "CO₂ of the import"),
    # deliveries
    "map_caption": (
        "道路、封闭与车辆路线；按钮按日筛选，红色为封闭。",
        "Roads, closures and the trucks' routes; the buttons choose a day, red is closed.",
    ),
    "schematic": ("示意图，非实测", "Schematic, not surveyed"),
    "schematic_note": (
        "道路图为示意图：位置与长度仅供说明。",
        "The road map is schematic: places and lengths are illustrative.",
    ),
    "the_plant": ("工厂", "plant"),
    "customers": ("交货地", "sites"),
    "all_days": ("全部", "all days"),
    "closures": ("生效的道路封闭", "Closures in force"),
    "closure_label": ("{kind}，{start} 至 {end}", "{kind}, {start} to {end}"),
    "closed_to_all": ("禁止通行", "closed"),
    "closed_to_through": ("禁止过境，可进出", "no through traffic, local access"),
    "closed_to_trucks": ("禁止货车", "closed to trucks"),
    "read_from": ("来源：{source}", "read from {source}"),
    "no_closures": ("计划期内没有读到道路封闭。", "No closure was read for these days."),
    "notices": ("读到的公告", "Notices read"),
    "no_notices": ("没有公告。", "There are no notices."),
    "trips_caption": ("车辆行程，每段一行", "Trips of the trucks, a row for each leg"),
    # runs
    "search": ("查找", "Search"),
    "search_hint": ("订单、产品、工序或设备", "order, product, operation or machine"),
    "runs_caption": ("全部工序，按开始时间", "Every run, by start"),
    "runs_in_workbook": ("全部工序见 Excel 文件。", "Every run is listed in the Excel file."),
    # about
    "about_plan": ("关于此计划", "About this plan"),
    "status": ("求解状态", "Status"),
    "status_optimal": ("已证明最优", "proved best"),
    "status_feasible": ("可行", "feasible"),
    "status_infeasible": ("无解", "infeasible"),
    "status_no_plan": ("未得到计划", "no plan"),
    "bound": ("下界", "Lower bound"),
    "gap": ("与下界之差", "Gap to the bound"),
    "seed": ("随机种子", "Seed"),
    "version": ("Juli 版本", "Juli version"),
    "slots": ("时间格", "Time grid"),
    "slots_value": (
        "工序 {schedule} 分钟，电表 {settlement} 分钟",
        "runs {schedule} min, meter {settlement} min",
    ),
    "period_of_plan": ("计划期", "Days planned"),
    "time_zone": ("时区", "Time zone"),
    "signs_note": (
        "符号：用电、购电、放电、光伏为正；上网、充电为负。时间为工厂当地时间。",
        "Signs: consumption, import, discharge and solar are positive; export and charging are negative. "
        "Times are the plant's local time.",
    ),
    "illustrative_note": (
        "所有数字均由工厂文件（工时、功率、电价、道路、订单）推算而来；示例工厂的数字仅供说明。",
        "Every figure follows from the plant's files (durations, power, prices, roads, orders); figures of "
        "the example plants are illustrative.",
    ),
    # the workbook and the terminal
    "sheet_summary": ("摘要", "Summary"),
    "sheet_bill": ("账单", "Bill"),
    "sheet_runs": ("工序", "Runs"),
    "sheet_dispatch": ("用电", "Dispatch"),
    "sheet_trips": ("行程", "Trips"),
    "sheet_late_orders": ("延误订单", "Late orders"),
    "sheet_sets": ("成套批次", "Sets"),
    "yes": ("是", "yes"),
    "no": ("否", "no"),
    "local_time_note": ("时间为 {zone} 当地时间", "Times are local time of {zone}"),
    "more_late": ("另有 {count} 单，见报告", "and {count} more, see the report"),
    "plan_kept": ("计划已保存，编号 {id}（juli show {id}）", "The plan is kept as {id} (juli show {id})"),
    "files_written": ("已写入", "Written"),
}


def word(key: str, language: Language, **values: object) -> str:
    """Say a word in a language, its braces filled in.

    Examples
    --------
    >>> word("category_energy", "zh"), word("rules_broken", "en", count=3)
    ('电量电费', '3 broken rules.')
    """
    chinese, english = WORDS[key]
    text = chinese if language == "zh" else english
    return text.format(**values) if values else text
