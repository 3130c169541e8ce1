/**
 * A script for the head of the board's page. The board shows nothing where the page's address does not begin with its
 * base. That is the path of the public address, so whoever comes past the proxy that adds it is helped here. It runs
 * before the board's own scripts, which read the base.
 */
export const ownPath = `
const base = document.querySelector('base');
const path = base.getAttribute('href');
const here = location.pathname;
if (!(here + '/').startsWith(path) && (here + '/').startsWith('/queues/')) base.setAttribute('href', '/queues/');
`;
