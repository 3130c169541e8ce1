/** The style sheet of our own pages; wide and narrow, light and dark. */
export const style = `
:root {
  color-scheme: light dark;
  --text: #1d2430; --soft: #5a6475; --line: #d9dee6; --card: #ffffff; --page: #f5f7fa; --link: #0b62c4;
  --good: #137a3f; --bad: #b3261e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e6e9ef; --soft: #9aa5b5; --line: #303947; --card: #1b222c; --page: #12171e; --link: #7db7ff;
    --good: #5ccb8c; --bad: #ff8a80;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
}
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 3rem; }
h1 { margin: 0; font-size: 1.7rem; letter-spacing: -0.01em; }
h2 { margin: 0 0 0.75rem; font-size: 1.05rem; }
/* A server's error may hold a word that is longer than a phone is wide. */
p { margin: 0.4rem 0; overflow-wrap: anywhere; }
.lead { color: var(--soft); max-width: 46rem; margin-bottom: 1.5rem; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1.1rem 1.25rem; margin-top: 1rem; }
a { color: var(--link); text-underline-offset: 2px; }
ul.links { list-style: none; margin: 0; padding: 0; display: grid; gap: 0.75rem; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); }
ul.links a { font-weight: 600; }
.soft { color: var(--soft); font-size: 0.9rem; overflow-wrap: anywhere; }
.good { color: var(--good); font-weight: 600; }
.bad { color: var(--bad); font-weight: 600; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: 0.4rem 0.6rem; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
tr:last-child td { border-bottom: 0; }
th { font-weight: 500; color: var(--soft); font-size: 0.85rem; }
pre {
  margin: 0.5rem 0; padding: 0.75rem 0.9rem; overflow-x: auto; border-radius: 8px; border: 1px solid var(--line);
  background: var(--page); font: 0.875rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; user-select: all;
}
footer { margin-top: 1.5rem; color: var(--soft); font-size: 0.85rem; }
@media (max-width: 30rem) {
  main { padding: 1.25rem 0.9rem 2rem; }
  /* The job's name gets a line of its own, so that all numbers fit. */
  tr { display: grid; grid-template-columns: repeat(5, 1fr); border-bottom: 1px solid var(--line); }
  tr:last-child { border-bottom: 0; }
  th, td { padding: 0.2rem 0; font-size: 0.8rem; border: 0; }
  th:first-child { display: none; }
  td:first-child { grid-column: 1 / -1; font-size: 0.9rem; font-weight: 600; }
}
`;
