/** The style of the dashboard: light and dark, from a phone to a wide screen. */
export const DASHBOARD_STYLE = `
:root { color-scheme: light dark; --back: #f6f7f9; --card: #fff; --raised: #fff; --ink: #1a1f2b; --soft: #5b6473;
  --line: #e3e6ec; --hover: #f4f5f8; --accent: #4f46e5; --on-accent: #fff; --good: #0a6b43; --good-back: #e5f5ec;
  --bad: #b3261e; --bad-back: #fdecea; --warn: #7a4a00; --warn-back: #fff3d9; --key: #5b3ea8; --text: #0a6b43; --number: #a03b00; }
@media (prefers-color-scheme: dark) { :root { --back: #0e1116; --card: #151a21; --raised: #1b212a; --ink: #e7eaf0;
  --soft: #9aa4b4; --line: #262d38; --hover: #1a2029; --accent: #8f8aff; --on-accent: #0e1116; --good: #79d9a5;
  --good-back: #10291d; --bad: #ff9d94; --bad-back: #331816; --warn: #ffcf7d; --warn-back: #2e2410; --key: #b9a5ff;
  --text: #8fdcb0; --number: #ffb184; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
a { color: inherit; text-decoration-color: var(--line); text-underline-offset: 3px; }
a:hover { text-decoration-color: currentcolor; }
:is(a, button, input, select, summary):focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 6px; }
code, .mono { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .88em; }
.skip { position: absolute; left: -999px; } .skip:focus { left: 12px; top: 8px; background: var(--card); padding: 6px 12px; z-index: 9; }
.bar { background: var(--card); border-bottom: 1px solid var(--line); position: sticky; top: 0; z-index: 5; }
.wide { max-width: 1280px; margin: 0 auto; padding: 0 24px; }
.top { display: flex; flex-wrap: wrap; align-items: center; gap: 10px 20px; padding-top: 12px; padding-bottom: 10px; }
.brand { display: flex; align-items: center; gap: 10px; font-weight: 650; text-decoration: none; letter-spacing: -.01em; white-space: nowrap; }
.brand svg { width: 26px; height: 26px; flex: none; }
.mode { font-size: 11px; font-weight: 650; letter-spacing: .04em; text-transform: uppercase; color: var(--warn); background: var(--warn-back); border-radius: 5px; padding: 2px 7px; }
.clock { margin-left: auto; display: flex; flex-wrap: wrap; align-items: center; gap: 8px 12px; }
.now { font-variant-numeric: tabular-nums; text-align: right; line-height: 1.25; white-space: nowrap; }
.now small { display: block; color: var(--soft); font-size: 12px; }
.group { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; margin: 0; }
button, .button { font: inherit; font-size: 13px; font-weight: 550; color: var(--ink); background: var(--raised); border: 1px solid var(--line);
  border-radius: 7px; padding: 5px 11px; min-height: 32px; cursor: pointer; text-decoration: none; display: inline-flex; align-items: center; justify-content: center; white-space: nowrap; }
button:hover, .button:hover { background: var(--hover); border-color: var(--soft); }
button.main { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
button.bad { color: var(--bad); } button[aria-busy=true] { opacity: .55; cursor: progress; }
button[aria-pressed=true] { background: var(--warn-back); border-color: var(--warn); color: var(--warn); }
input, select { font: inherit; font-size: 13px; color: inherit; background: var(--raised); border: 1px solid var(--line); border-radius: 7px; padding: 5px 9px; min-height: 32px; max-width: 100%; }
label { font-size: 13px; color: var(--soft); } label > :is(input, select) { display: block; color: var(--ink); margin-top: 3px; width: 100%; }
nav.wide { display: flex; gap: 4px; overflow-x: auto; padding-left: 14px; padding-right: 14px; scrollbar-width: none; }
nav a { padding: 8px 10px 9px; font-size: 14px; color: var(--soft); text-decoration: none; border-bottom: 2px solid transparent; white-space: nowrap; }
nav a:hover { color: var(--ink); } nav a[aria-current] { color: var(--ink); border-color: var(--accent); font-weight: 600; }
nav small { font-size: 12px; color: var(--soft); font-weight: 400; font-variant-numeric: tabular-nums; }
main.wide { padding-top: 24px; padding-bottom: 48px; }
footer.wide { padding-bottom: 32px; display: flex; flex-wrap: wrap; gap: 10px 20px; align-items: center; justify-content: space-between; }
h1 { font-size: 21px; line-height: 1.3; letter-spacing: -.015em; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 14px; font-weight: 650; margin: 0; } h2 small { color: var(--soft); font-weight: 400; }
p { margin: 0; } .soft { color: var(--soft); } .small { font-size: 13px; }
.head { display: flex; flex-wrap: wrap; align-items: center; gap: 10px 14px; margin-bottom: 18px; } .head .filter { margin-left: auto; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin-bottom: 20px; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 12px 16px; text-decoration: none; }
.tile b { display: block; font-size: 22px; line-height: 1.25; font-weight: 620; font-variant-numeric: tabular-nums; letter-spacing: -.02em; }
.tile span { font-size: 13px; color: var(--soft); } .tile.bad b { color: var(--bad); } .tile:hover { border-color: var(--soft); }
.cols { display: grid; gap: 20px; grid-template-columns: minmax(0, 1fr); align-items: start; }
@media (min-width: 900px) { .cols { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); } .cols.object { grid-template-columns: minmax(0, 5fr) minmax(0, 4fr); } }
.stack { display: grid; gap: 20px; min-width: 0; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; min-width: 0; }
.card > header { display: flex; align-items: center; gap: 10px; padding: 12px 16px; border-bottom: 1px solid var(--line); } .card > header a { margin-left: auto; font-size: 13px; color: var(--soft); }
.card .inner { padding: 14px 16px; display: grid; grid-template-columns: minmax(0, 1fr); gap: 12px; } select { min-width: 0; } .group > select { flex: 0 1 auto; } .none { padding: 20px 16px; color: var(--soft); font-size: 14px; }
.rows { list-style: none; margin: 0; padding: 0; } .rows > li { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 2px 14px; align-items: center; padding: 9px 16px; border-top: 1px solid var(--line); }
.rows > li:first-child { border-top: 0; } .rows > li:hover { background: var(--hover); }
.rows .lead { min-width: 0; } .rows .lead > * { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; } .rows .lead a { font-weight: 550; text-decoration: none; } .rows .lead a:hover { text-decoration: underline; }
.rows .sub { font-size: 13px; color: var(--soft); } .rows .sub a { font-weight: 400; display: inline; }
.rows .end { text-align: right; display: flex; align-items: center; gap: 10px; justify-content: flex-end; font-variant-numeric: tabular-nums; white-space: nowrap; } .rows .end .sub { min-width: 0; }
.tag { display: inline-block; font-size: 12px; font-weight: 600; line-height: 1.6; padding: 0 8px; border-radius: 999px; color: var(--soft); background: var(--hover); border: 1px solid var(--line); white-space: nowrap; }
.tag.good { color: var(--good); background: var(--good-back); border-color: transparent; } .tag.bad { color: var(--bad); background: var(--bad-back); border-color: transparent; } .tag.warn { color: var(--warn); background: var(--warn-back); border-color: transparent; }
.banner { background: var(--warn-back); color: var(--warn); font-size: 14px; } .banner .wide { padding-top: 7px; padding-bottom: 7px; } .banner a { font-weight: 600; }
.actions { display: flex; flex-wrap: wrap; gap: 8px; } .actions form { margin: 0; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 5px 18px; margin: 0; font-size: 14px; } dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
pre { margin: 0; padding: 14px 16px; overflow: auto; max-height: 75vh; font: 12.5px/1.55 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; tab-size: 2; }
pre .k { color: var(--key); } pre .s { color: var(--text); } pre .n { color: var(--number); } pre a { text-decoration: underline; text-decoration-color: currentcolor; text-underline-offset: 2px; }
.fields { display: grid; gap: 10px; grid-template-columns: repeat(auto-fill, minmax(132px, 1fr)); align-items: end; } .fields button { justify-self: start; }
#note { position: fixed; left: 50%; bottom: 20px; transform: translateX(-50%); z-index: 8; max-width: min(560px, calc(100vw - 32px)); background: var(--ink); color: var(--back); border-radius: 9px; padding: 10px 16px; font-size: 14px; overflow-wrap: anywhere; box-shadow: 0 6px 24px rgb(0 0 0 / 22%); }
#note:empty { display: none; } #note.bad { background: var(--bad); color: var(--card); }
#live { display: inline-flex; align-items: center; gap: 6px; font-size: 12px; color: var(--soft); } #live::before { content: ""; width: 7px; height: 7px; border-radius: 50%; background: var(--soft); } #live.on::before { background: var(--good); } #live.off::before { background: var(--bad); }
@media (prefers-reduced-motion: no-preference) { li.new { animation: come 1.6s ease-out; } @keyframes come { from { background: var(--good-back); } } }
@media (max-width: 620px) { .wide, nav.wide { padding-left: 16px; padding-right: 16px; } .bar { position: static; } .clock { margin-left: 0; width: 100%; } .now { text-align: left; width: 100%; display: flex; gap: 10px; align-items: baseline; }
  .clock form { display: grid; grid-template-columns: repeat(4, 1fr); width: 100%; } .clock form.to { grid-template-columns: 1fr auto; } .clock button { padding: 5px 6px; } nav.wide { padding-left: 6px; padding-right: 6px; }
  .rows .lead a { white-space: normal; overflow-wrap: anywhere; }
  .cols.object > .stack { order: -1; } .group > select { width: 100%; }
  .rows > li { padding: 10px 14px; } .head .filter { margin-left: 0; width: 100%; } .head .filter input { flex: 1; min-width: 0; } button, .button, input, select { min-height: 38px; } .tiles { grid-template-columns: 1fr 1fr; } .rows .wideonly { display: none; } }
`
