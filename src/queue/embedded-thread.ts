/**
 * The program of the thread that runs the embedded PostgreSQL (PGlite), as text: it must run the same from
 * sources and from the build, and without the loaders of the main thread. PostgreSQL gets a thread of its own
 * because each of its statements blocks the event loop that it runs on.
 *
 * `shared_buffers` is small to save memory. PGlite's own start parameters switch fsync off: what was
 * answered survives a killed process, not a power cut.
 */
export const threadProgram = `
const { parentPort, workerData } = require('node:worker_threads');
const { PGlite } = require(workerData.pglite);
const { NodeFS } = require(workerData.nodefs);

function plain(error) {
  return { message: String(error && error.message), code: error && error.code, detail: error && error.detail };
}

async function run(db, text, values) {
  // Only the simple protocol takes several statements at once, only the extended one takes values.
  const results = values && values.length > 0 ? [await db.query(text, values)] : await db.exec(text);
  const last = results[results.length - 1] || { rows: [], affectedRows: 0 };
  return { rows: last.rows, rowCount: last.affectedRows || last.rows.length };
}

PGlite.create({
  fs: new NodeFS(workerData.folder),
  startParams: [...PGlite.defaultStartParams, '-c', 'shared_buffers=16MB'],
}).then(
  (db) => {
    db.onNotification((channel, payload) => parentPort.postMessage({ type: 'notification', channel, payload }));
    parentPort.on('message', ({ id, text, values, close }) => {
      const work = close ? db.close().then(() => ({ rows: [], rowCount: 0 })) : run(db, text, values);
      work.then(
        (result) => parentPort.postMessage({ type: 'result', id, ...result }),
        (error) => parentPort.postMessage({ type: 'error', id, error: plain(error) }),
      );
    });
    parentPort.postMessage({ type: 'ready' });
  },
  (error) => parentPort.postMessage({ type: 'failed', error: plain(error) }),
);
`;
