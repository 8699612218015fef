import { CONTROL_PLANE_COLOUR, FUNCTION_COLOURS, functionLook, IDLE_COLOUR, seriesLook } from './palette.js';

const colours = FUNCTION_COLOURS.map((colour, index) => `.${functionLook(index)}{fill:${colour}}`).join('\n');

const series = FUNCTION_COLOURS.map(
  (colour, index) => `.${seriesLook(index)}{fill:${colour};stroke:${colour}}`,
).join('\n');

/** The style of every report: light and dark as the reader's system has it, and light on paper. */
export const STYLE = `
:root{color-scheme:light dark;--page:#f4f5f7;--card:#fff;--ink:#1b1f24;--soft:#57606a;--rule:#d8dde3;--faint:#eceff2;
--accent:#1795fa;--work:#2f7fd1;--floor:#8fc7f5;--others:#d9d2c3;--unattributed:#e9c46a;--warn:#8a5a00;--warn-page:#fff6e0}
@media screen and (prefers-color-scheme:dark){:root{--page:#0e1116;--card:#171b21;--ink:#e8ebef;--soft:#9aa4b0;--rule:#343b45;
--faint:#232931;--accent:#47b5fa;--work:#2f7fd1;--floor:#8fc7f5;--others:#6f6a60;--unattributed:#b98b1d;--warn:#f0c674;--warn-page:#2a2416}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main,header,footer{max-width:1160px;margin:0 auto;padding:0 20px}
header{padding-top:36px}
h1{font-size:28px;line-height:1.2;margin:0}
h2{font-size:18px;line-height:1.3;margin:0 0 4px}
h3{font-size:15px;margin:20px 0 4px}
p{margin:0 0 12px;max-width:75ch}
.soft,.note,footer,figcaption{color:var(--soft)}
.note{font-size:13.5px;max-width:110ch}
section{background:var(--card);border:1px solid var(--rule);border-radius:10px;padding:20px 22px;margin:18px 0}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(160px,1fr));gap:12px;margin:20px 0 0;padding:0}
.tile{background:var(--card);border:1px solid var(--rule);border-radius:10px;padding:12px 16px}
.tile dt{color:var(--soft);font-size:13px}
.tile dd{margin:0;font-size:19px;font-weight:600;line-height:1.3;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.tile dd.detail{font-size:13px;font-weight:400;color:var(--soft)}
figure{margin:12px 0 0}
svg.chart+.scroll{margin-top:14px}
h2+svg.chart{margin-top:12px}
.scroll{overflow-x:auto}
.scroll:focus-visible,summary:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
svg.chart{display:block;width:100%;height:auto}
.scroll svg.chart{min-width:680px}
svg text{fill:var(--ink);font-size:13px}
svg .tick{fill:var(--soft);font-size:12px;font-variant-numeric:tabular-nums}
svg .axis{fill:var(--soft);font-size:12px}
.grid{stroke:var(--rule);stroke-width:1}
.foot{stroke:var(--soft);stroke-width:1}
.line{fill:none;stroke-width:1.4;stroke-linejoin:round;stroke-linecap:round}
.measured{stroke:var(--ink)}
.range{stroke:var(--soft);stroke-width:1;opacity:.45}
.whisker{stroke:var(--ink);stroke-width:1.6;fill:none}
.dot{fill:var(--card);stroke:var(--ink);stroke-width:2}
.idle{fill:${IDLE_COLOUR}}
.control{fill:${CONTROL_PLANE_COLOUR}}
.work{fill:var(--work)}
.floor{fill:var(--floor)}
.others{fill:var(--others)}
.unattributed{fill:var(--unattributed)}
.track{fill:var(--faint)}
${colours}
${series}
path.line{fill:none}
.raw{stroke:none;opacity:.45}
.outlier{fill:none;opacity:.9;stroke-width:1.4}
.error{fill:none;stroke-width:1.4}
.mean{stroke:var(--card);stroke-width:1.2}
.beaten{fill:var(--soft);stroke:var(--soft);opacity:.75}
.front{stroke:var(--ink);stroke-width:1.3;stroke-dasharray:5 4}
svg .name{font-size:12px;paint-order:stroke;stroke:var(--card);stroke-width:3px;stroke-linejoin:round}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,460px),1fr));gap:6px 26px}
.pair>*{min-width:0}
.pair .scroll svg.chart{min-width:440px}
.advice{margin:8px 0 0;padding:0;list-style:none}
.advice>li{border-left:3px solid var(--accent);padding:2px 0 2px 14px;margin:14px 0}
.advice p{margin:0;font-weight:600;max-width:100ch}
.advice ul{margin:4px 0 0;padding-left:18px;color:var(--soft);font-size:13.5px}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:4px 18px;margin:10px 0 0;padding:0;font-size:13.5px}
.legend li{display:flex;align-items:center;gap:7px;min-width:0}
.legend span{overflow-wrap:anywhere}
.swatch{flex:none}
table{border-collapse:collapse;font-size:13.5px;font-variant-numeric:tabular-nums;min-width:100%}
caption{text-align:left;color:var(--soft);padding:6px 0}
.scroll+.scroll{margin-top:16px}
.scroll+.note{margin-top:10px}
th,td{padding:6px 10px;text-align:right;border-bottom:1px solid var(--rule);white-space:nowrap;vertical-align:top}
thead th{color:var(--soft);font-weight:600;vertical-align:bottom}
th.text,td.text{text-align:left}
td.long{white-space:normal;min-width:22ch}
tbody th{font-weight:600;text-align:left;white-space:normal;overflow-wrap:anywhere;min-width:14ch;max-width:34ch}
tbody tr:last-child>*{border-bottom:0}
.remark{display:block;font-weight:400;color:var(--soft);font-size:12.5px}
.badge{display:inline-block;border:1px solid var(--rule);border-radius:99px;padding:0 9px;font-size:12.5px}
.findings{margin:8px 0 0;padding:0;list-style:none}
.findings li{background:var(--warn-page);border-left:3px solid var(--warn);padding:7px 12px;margin:6px 0;border-radius:0 6px 6px 0;overflow-wrap:anywhere}
pre{margin:4px 0 0;padding:10px 12px;background:var(--faint);border-radius:6px;overflow-x:auto;font-size:13px}
details{margin-top:12px}
summary{cursor:pointer;color:var(--soft);font-size:13.5px}
footer{padding-top:6px;padding-bottom:40px;font-size:13px}
@media (max-width:640px){section{padding:16px 14px}h1{font-size:24px}.scroll svg.chart{min-width:860px}}
@media print{body{background:#fff}section,.tile{break-inside:avoid;border-color:#ccc}.scroll{overflow:visible}}
`;
