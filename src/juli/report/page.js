"use strict";
Plotly.register({ moduleType: "locale", name: LOCALE.name, dictionary: LOCALE.dictionary, format: LOCALE.format });
// On a narrow screen the tools would lie over the legend; two fingers zoom there.
const config = { displayModeBar: window.innerWidth > 700 ? "hover" : false, responsive: true, displaylogo: false, locale: LOCALE.name, showSendToCloud: false, plotlyServerURL: "", modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"] };
const plots = Object.keys(FIGURES).map((id) => document.getElementById(id));
for (const plot of plots) Plotly.newPlot(plot, FIGURES[plot.id].data, FIGURES[plot.id].layout, config);

// One order stands out in the Gantt chart: chosen from the list, in a table, or by a click on one of its runs.
const gantt = document.getElementById("gantt-figure");
const chooser = document.getElementById("order");
const runsTrace = gantt.data.length - 1;
function highlight(order) {
  chooser.value = order;
  const opacity = gantt.data[runsTrace].customdata.map((row) => (!order || row[0] === order ? 1 : 0.12));
  Plotly.restyle(gantt, { "marker.opacity": [opacity] }, [runsTrace]);
}
chooser.addEventListener("change", () => highlight(chooser.value));
gantt.on("plotly_click", (event) => {
  const order = event.points[0].customdata[0];
  highlight(order === chooser.value ? "" : order);
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-order]");
  if (link) highlight(link.dataset.order);
});

const rows = [...document.querySelectorAll("#runs-table tbody tr")];
const texts = rows.map((row) => row.textContent.toLowerCase());
document.getElementById("search").addEventListener("input", (event) => {
  const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  rows.forEach((row, index) => {
    row.hidden = !words.every((word) => texts[index].includes(word));
    shown += row.hidden ? 0 : 1;
  });
  document.getElementById("found").textContent = `${shown} / ${rows.length}`;
});

// Figures keep a fixed drawing: before printing they are redrawn to fit the sheet, A4 across.
const SHEET = { width: 980, height: 600 };
const heights = plots.map((plot) => plot.layout.height);
window.addEventListener("beforeprint", () =>
  plots.forEach((plot, index) => Plotly.relayout(plot, { width: SHEET.width, height: Math.min(heights[index], SHEET.height) })));
window.addEventListener("afterprint", () =>
  plots.forEach((plot, index) => Plotly.relayout(plot, { width: null, height: heights[index], autosize: true })));
