/**
 * A script for the board's page. bull-board shows a job's log and result as plain text; this puts a link after
 * each text that names an address. It only adds children of its own, at the end of an element: React does not
 * mind those, whereas it breaks where its own text nodes are replaced.
 */
export const clickableLinks = `
const address = /https?:\\/\\/[^\\s"'<>]+[^\\s"'<>.,;:)]/g;
const done = new WeakMap();

function addLinks(parent) {
  const own = [...parent.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
  const found = own.flatMap((node) => node.data.match(address) ?? []);
  const key = found.join(' ');
  if ((done.get(parent) ?? '') === key) return;
  done.set(parent, key);
  for (const old of parent.querySelectorAll(':scope > a[data-clickable]')) old.remove();
  for (const href of found) {
    const link = document.createElement('a');
    Object.assign(link, { href, target: '_blank', rel: 'noopener noreferrer', textContent: ' \\u2197', title: href });
    link.setAttribute('aria-label', 'Open ' + href);
    link.dataset.clickable = '';
    Object.assign(link.style, { textDecoration: 'none', color: 'inherit', fontWeight: 'bold' });
    parent.append(link);
  }
}

function look() {
  const walker = document.createTreeWalker(document.getElementById('root'), NodeFilter.SHOW_TEXT);
  const parents = new Set();
  while (walker.nextNode()) {
    const { data, parentElement } = walker.currentNode;
    if (data.includes('://') && !parentElement.closest('a, textarea, style, script')) parents.add(parentElement);
  }
  parents.forEach(addLinks);
}

let waiting = false;
new MutationObserver(() => {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => { waiting = false; look(); });
}).observe(document.getElementById('root'), { childList: true, subtree: true, characterData: true });
`;
