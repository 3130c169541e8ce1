/**
 * One thing that has to be there. `act` says in a few words what it found or did; it may change the label's
 * tail by `note` while it runs.
 *
 * @typedef {{ label: string, act: (note: (text: string) => void) => Promise<string | void> }} Step
 */

/** How often the elapsed seconds are redrawn, in ms. */
const redrawMs = 1_000;

/**
 * Runs the steps in order, with a progress line for each:
 * `[2/6] MLflow 3.17.2 in a virtual environment ... 41 s`.
 *
 * On a terminal the line counts the seconds; elsewhere it is printed in two halves, so that a log shows what is
 * being waited for.
 *
 * @param {readonly Step[]} steps
 * @param {NodeJS.WriteStream} [stream]
 * @throws what the first step that fails throws, once its line is ended
 */
export async function runSteps(steps, stream = process.stdout) {
  for (const [index, step] of steps.entries()) {
    const line = progressLine(`[${index + 1}/${steps.length}] ${step.label} ...`, stream);
    try {
      line.end((await step.act(line.note)) ?? 'done');
    } catch (error) {
      line.end('failed');
      throw error;
    }
  }
}

/**
 * @param {string} head
 * @param {NodeJS.WriteStream} stream
 */
function progressLine(head, stream) {
  const started = Date.now();
  let noted = '';
  /** @param {string} tail */
  const draw = (tail) => stream.write(`\r\x1b[2K${head} ${tail}`);
  const seconds = () => `${Math.round((Date.now() - started) / 1_000)} s`;
  if (stream.isTTY) draw('');
  else stream.write(`${head} `);
  const timer = stream.isTTY
    ? setInterval(() => draw(`${noted} ${seconds()}`.trimStart()), redrawMs)
    : undefined;
  return {
    /** @param {string} text */
    note(text) {
      noted = text;
      if (!stream.isTTY) stream.write(`(${text}) `);
    },
    /** @param {string} result */
    end(result) {
      clearInterval(timer);
      const tail = Date.now() - started < redrawMs ? result : `${result}, ${seconds()}`;
      if (stream.isTTY) draw(`${tail}\n`);
      else stream.write(`${tail}\n`);
    },
  };
}
