const LIGHT = `
  color-scheme: light;
  --page: #ffffff; --ink: #1b1f24; --muted: #57606a; --rule: #d8dee4; --card: #f6f8fa; --tint: #fdeceb;
  --primary: #0b5cad; --standby: #1a7f37; --both: #8a5a00; --none: #cf222e; --mark: #57606a; --rto: #7a3ec8; --rpo: #b0107a;
  --good: #116329; --bad: #b3151f;`;

const DARK = `
  color-scheme: dark;
  --page: #0d1117; --ink: #e6edf3; --muted: #a3adb8; --rule: #30363d; --card: #161b22; --tint: #33171a;
  --primary: #58a6ff; --standby: #3fb950; --both: #d29922; --none: #ff7b72; --mark: #a3adb8; --rto: #c297ff; --rpo: #ff7ac6;
  --good: #56d364; --bad: #ff8a80;`;

/**
 * How the page looks: on a phone, at a desk, by night, and on paper, which is light at any hour. Each width has its
 * drawing, so that no letter of it is ever less than 11 pixels high, or 7.5 points on paper.
 */
export const STYLE = `
:root {${LIGHT} }
@media screen and (prefers-color-scheme: dark) { :root {${DARK} } }
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1rem .75rem 3rem; max-width: 70rem; background: var(--page); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; overflow-wrap: anywhere;
  -webkit-text-size-adjust: 100%; print-color-adjust: exact; -webkit-print-color-adjust: exact;
}
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.2rem; margin: 2.25rem 0 .75rem; padding-top: .5rem; border-top: 1px solid var(--rule); }
p { margin: .5rem 0; max-width: 46rem; }
small, .note, caption, dt, .served { color: var(--muted); font-size: .875rem; }
small { font-size: .875em; }
.verdict { font-weight: 700; font-size: 1.1rem; }
.good { color: var(--good); } .bad { color: var(--bad); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .5rem; margin: 1rem 0; }
.figures div { background: var(--card); border: 1px solid var(--rule); border-radius: .5rem; padding: .5rem .6rem; }
.figures dd { margin: 0; font-size: 1.15rem; font-weight: 700; line-height: 1.3; }
.served { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 0 0 .75rem; padding: 0; }
.swatch { display: inline-block; width: 1.4rem; height: .8rem; margin-right: .4rem; vertical-align: baseline; }
.swatch.none { background: repeating-linear-gradient(45deg, var(--none) 0 3px, var(--tint) 3px 6px); }
.swatch.primary { background: var(--primary); } .swatch.standby { background: var(--standby); }
.swatch.both { background: var(--both); }
figure { margin: 0; }
.tall, .middle, .wide { display: none; width: 100%; height: auto; }
svg text { fill: var(--ink); font-size: 13px; } svg .tick text { fill: var(--muted); }
svg .bold { font-weight: 700; } svg .rule { stroke: var(--rule); stroke-width: 1; }
svg .mark { fill: var(--mark); } svg .RTO { fill: var(--rto); } svg .RPO { fill: var(--rpo); }
svg .tint { fill: var(--tint); } svg .primary { fill: var(--primary); } svg .standby { fill: var(--standby); }
svg .both { fill: var(--both); } svg .none { fill: var(--none); }
.tall { max-width: 26rem; } .middle { max-width: 48rem; } .wide { max-width: 64rem; }
@media (max-width: 599.98px) { .tall { display: block; } }
@media (min-width: 600px) and (max-width: 999.98px) { .middle { display: block; } }
@media (min-width: 1000px) { .wide { display: block; } }
.chain { list-style: none; margin: 0; padding: 0; }
.chain li { margin: .5rem 0; break-inside: avoid; }
.link { display: flex; justify-content: space-between; gap: 1rem; } .link b { white-space: nowrap; }
.track { display: block; background: var(--card); border: 1px solid var(--rule); height: .9rem; overflow: hidden; }
.bar { display: block; height: 100%; min-width: 2px; background: var(--rto); }
.total { text-align: right; max-width: none; }
.limit { border-left: 4px solid var(--rto); padding: .25rem .75rem; background: var(--card); }
table { border-collapse: collapse; width: 100%; margin: 0 0 1.25rem; font-size: .9375rem; }
caption { text-align: left; padding: .25rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--rule); font-weight: 400; }
th:last-child, td:last-child { padding-right: 0; }
thead th { font-weight: 700; } .short { white-space: nowrap; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
.assertions tbody th { font-weight: 700; }
#audit { overflow-x: auto; }
summary { cursor: pointer; padding: .5rem 0; }
@media (min-width: 600px) { .pair { display: grid; grid-template-columns: 1fr 1fr; gap: 0 2rem; align-items: start; } }
@page { size: A4; margin: 12mm; }
@media print {
  :root { font-size: 11px; }
  body { padding: 0; max-width: none; }
  h2, caption { break-after: avoid; } h2 { margin: 1.25rem 0 .5rem; }
  tr, figure, .limit { break-inside: avoid; } .total, .limit { break-before: avoid; }
  .tall, .middle { display: none; } .wide { display: block; max-width: none; }
  details { display: none; }
  #audit svg { width: 100%; height: auto; }
}
`;
