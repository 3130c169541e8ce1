// Ends process groups when the test run is gone, however it went: it is told their ids on stdin, one per line,
// and stdin ends with the process that holds its other side. A line that is a path names a folder to remove.
import { rmSync } from 'node:fs';

let text = '';
process.on('SIGINT', () => {}).on('SIGTERM', () => {});
process.stdin.on('data', (chunk) => {
  text += chunk;
});
process.stdin.on('end', () => {
  for (const line of text.split('\n').filter((entry) => entry !== '')) {
    if (line.startsWith('/')) rmSync(line, { recursive: true, force: true });
    else end(Number(line));
  }
});

/** @param {number} group */
function end(group) {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}
