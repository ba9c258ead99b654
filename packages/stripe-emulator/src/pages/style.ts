/** The style of the hosted pages: light and dark, from a phone to a desktop, without scripts. */
export const STYLE = `
:root { color-scheme: light dark; --back: #f6f8fb; --card: #fff; --ink: #1a1f36; --soft: #5b6478;
  --line: #dfe4ec; --accent: #4f46e5; --on-accent: #fff; --bad: #b42318; --bad-back: #fef3f2;
  --good: #067647; --mark: #fff4d6; --mark-ink: #6f4400; }
@media (prefers-color-scheme: dark) { :root { --back: #0e1118; --card: #171b26; --ink: #eef1f7;
  --soft: #a3acbf; --line: #2b3242; --accent: #8b85ff; --on-accent: #0e1118; --bad: #ff9c92;
  --bad-back: #2c1715; --good: #6ce0a8; --mark: #33290f; --mark-ink: #ffd98a; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
.mark { background: var(--mark); color: var(--mark-ink); text-align: center; font-size: 14px;
  font-weight: 600; padding: 8px 16px; }
main { max-width: 960px; margin: 0 auto; padding: 32px 20px 64px; }
.two { display: grid; gap: 32px; grid-template-columns: minmax(0, 1fr); }
@media (min-width: 820px) { .two { grid-template-columns: minmax(0, 5fr) minmax(0, 6fr); gap: 56px; } }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 24px;
  margin: 0 0 20px; box-shadow: 0 1px 2px rgb(0 0 0 / 4%); }
h1 { font-size: 22px; line-height: 1.3; margin: 0 0 8px; }
h2 { font-size: 16px; margin: 0 0 12px; }
p { margin: 0 0 12px; }
.soft { color: var(--soft); font-size: 14px; }
.price { font-size: 36px; font-weight: 700; line-height: 1.2; margin: 4px 0 16px; overflow-wrap: anywhere; }
.price small { font-size: 15px; font-weight: 500; color: var(--soft); }
.row { display: flex; justify-content: space-between; gap: 16px; padding: 10px 0;
  border-top: 1px solid var(--line); }
.row:first-child { border-top: 0; }
.row > * { min-width: 0; overflow-wrap: anywhere; }
.row > :last-child { text-align: right; flex: none; max-width: 60%; }
label { display: block; font-size: 14px; font-weight: 600; margin: 0 0 14px; }
input, select { display: block; width: 100%; margin-top: 6px; padding: 11px 12px;
  font: inherit; font-size: 16px; font-weight: 400; color: inherit; background: var(--back); border: 1px solid var(--line); border-radius: 8px; }
input:focus-visible, select:focus-visible, button:focus-visible, a:focus-visible, summary:focus-visible {
  outline: 3px solid var(--accent); outline-offset: 2px; }
.pair { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 14px; align-items: end; }
button, .button { display: inline-block; border: 1px solid var(--line); border-radius: 8px; cursor: pointer;
  background: transparent; color: var(--ink); font: inherit; font-weight: 600; padding: 10px 16px;
  text-decoration: none; text-align: center; }
button.main, .button.main { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
button.wide { width: 100%; padding: 13px 16px; }
button.bad { color: var(--bad); }
.actions { display: flex; flex-wrap: wrap; gap: 10px; margin-top: 16px; }
.actions form { margin: 0; }
.error { background: var(--bad-back); color: var(--bad); border: 1px solid currentcolor; border-radius: 8px;
  padding: 12px 14px; margin: 0 0 16px; font-weight: 600; }
.tag { display: inline-block; border: 1px solid currentcolor; border-radius: 999px; padding: 1px 10px;
  font-size: 13px; font-weight: 600; color: var(--soft); }
.tag.good { color: var(--good); } .tag.bad { color: var(--bad); }
table { width: 100%; border-collapse: collapse; margin: 0 0 16px; }
th { text-align: left; font-size: 14px; color: var(--soft); font-weight: 600; }
th, td { padding: 10px 0; border-top: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
thead th { border-top: 0; }
th.number, td.number { text-align: right; padding-left: 16px; white-space: nowrap; font-variant-numeric: tabular-nums; }
.totals { width: min(100%, 380px); margin-left: auto; }
.totals .due > * { font-weight: 700; color: var(--ink); border-top: 2px solid var(--ink); }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin: 0; font-size: 14px; }
.facts dt { color: var(--soft); } .facts dd { margin: 0; overflow-wrap: anywhere; }
.parties { display: flex; flex-wrap: wrap; gap: 24px 56px; margin: 16px 0; }
.parties > div { min-width: 0; overflow-wrap: anywhere; }
address { font-style: normal; font-size: 14px; }
@media print { :root { color-scheme: light; --back: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; }
  .noprint { display: none; } .card { border: 0; box-shadow: none; padding: 0; } main { padding: 0; max-width: none; }
  .mark { background: none; color: #444; text-align: left; padding: 0 0 16px; } tr { break-inside: avoid; } }
a { color: var(--accent); }
.back { display: inline-block; margin-bottom: 20px; color: var(--soft); font-size: 14px; }
details { margin-top: 20px; font-size: 14px; color: var(--soft); }
summary { cursor: pointer; font-weight: 600; }
fieldset { border: 0; border-top: 1px solid var(--line); margin: 18px 0 4px; padding: 14px 0 0; min-width: 0; }
legend { font-size: 15px; font-weight: 700; padding: 0 8px 0 0; }
.check { display: flex; gap: 10px; align-items: flex-start; font-weight: 500; }
.check input { width: 20px; height: 20px; margin: 1px 0 0; flex: none; }
.inline { display: flex; flex-wrap: wrap; gap: 10px; align-items: end; padding: 0 0 12px; }
.inline label { margin: 0; } .inline input { width: 120px; }
.code label { flex: 1 1 160px; } .code input { width: 100%; }
button.wide + button.wide { margin-top: 12px; }
.totals { border-top: 2px solid var(--line); margin-top: 12px; }
.gap { margin-top: 28px; }
code { font-family: ui-monospace, SFMono-Regular, Menlo, monospace; font-size: 13px; }
`
