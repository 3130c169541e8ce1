/**
 * A script for the board's page. The board itself shows nothing where the queue's store is broken or full: it keeps what
 * it read last. This shows what `queue-state.json` says, at the bottom, as the board's header and menu stay where they are.
 */
export const queueBanner = `
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

async function look() {
  try {
    const answer = await fetch(new URL('queue-state.json', document.baseURI), { cache: 'no-store' });
    // Anything else is the login's or a proxy's business.
    if (answer.ok) show((await answer.json()).text);
  } catch {
    show('The service does not answer. What this page shows may be out of date.');
  }
}

async function keepLooking() {
  if (!document.hidden) await look();
  setTimeout(keepLooking, everyMs);
}
keepLooking();
`;
