import type { RequestHandler, Response } from 'express';

/**
 * Adds the scripts to the board's page, and takes out the font sheet that it asks Google for: our content security
 * policy refuses it anyway. bull-board has no setting for either, so the page is changed on its way out.
 */
export const extendPage: RequestHandler = (_request, response, next) => {
  const send: Response['send'] = response.send.bind(response);
  response.send = (body) => send(typeof body === 'string' ? extended(body) : body);
  next();
};

/** Leaves any other answer as it is: the board's API sends JSON, which has no such elements. */
function extended(html: string): string {
  if (!html.startsWith('<!DOCTYPE html>')) return html;
  return html
    .replace(/<link href="https:\/\/fonts\.googleapis\.com[^>]*>/, '')
    .replace('<title>', '<script src="own-path.js"></script><title>')
    .replace(
      '</body>',
      '<script defer src="clickable-links.js"></script><script defer src="queue-banner.js"></script></body>',
    );
}

/**
 * A script for the head of the board's page. The board shows nothing where the page's address does not begin with its
 * base. That is the path of the public address, so this corrects it for people who do not come through the proxy that adds it. It runs
 * before the board's own scripts, which read the base.
 */
export const ownPath = `
const base = document.querySelector('base');
const path = base.getAttribute('href');
const here = location.pathname;
if (!(here + '/').startsWith(path) && (here + '/').startsWith('/queues/')) base.setAttribute('href', '/queues/');
`;

/**
 * A script for the board's page. bull-board shows a job's log and result as plain text; this puts a link after
 * each text that names an address. It only adds children of its own, at the end of an element: React does not
 * mind those, whereas it breaks where its own text nodes are replaced.
 */
const clickableLinks = `
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

function addAllLinks() {
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
  requestAnimationFrame(() => { waiting = false; addAllLinks(); });
}).observe(document.getElementById('root'), { childList: true, subtree: true, characterData: true });
`;

/**
 * A script for the board's page. The board itself shows nothing where the queue's store is broken or full: it keeps what
 * it read last. This shows what `queue-state.json` says, at the bottom, as the board's header and menu stay where they are.
 */
const queueBanner = `
const everyMs = 5000;
const banner = document.createElement('div');
banner.setAttribute('role', 'alert');
banner.id = 'queue-banner';
banner.hidden = true;
Object.assign(banner.style, {
  position: 'fixed', left: '0', right: '0', bottom: '0', zIndex: '1000', padding: '0.75rem 1rem', maxHeight: '40vh',
  overflow: 'auto', overflowWrap: 'anywhere', background: '#b3261e', color: '#fff', font: '0.95rem/1.45 system-ui, sans-serif',
});
document.body.append(banner);

function show(text) {
  if (banner.textContent !== text) banner.textContent = text;
  banner.hidden = text === '';
  // What the banner would cover can be scrolled into view.
  document.body.style.paddingBottom = banner.hidden ? '' : banner.offsetHeight + 'px';
}

async function update() {
  try {
    const answer = await fetch(new URL('queue-state.json', document.baseURI), { cache: 'no-store' });
    // Anything else is the login's or a proxy's business.
    if (answer.ok) show((await answer.json()).text);
  } catch {
    show('The service does not answer. What this page shows may be out of date.');
  }
}

async function keepUpdating() {
  if (!document.hidden) await update();
  setTimeout(keepUpdating, everyMs);
}
keepUpdating();
`;

const scripts: Readonly<Record<string, string>> = {
  '/own-path.js': ownPath,
  '/clickable-links.js': clickableLinks,
  '/queue-banner.js': queueBanner,
};

/** Serves our scripts beside the board. */
export const serveScripts: RequestHandler = (request, response, next) => {
  const script = Object.hasOwn(scripts, request.path) ? scripts[request.path] : undefined;
  if (script === undefined) return next();
  response.set('Cache-Control', 'max-age=3600').type('text/javascript').send(script);
};
