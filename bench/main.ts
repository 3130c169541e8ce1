import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benches } from './benches.js';
import { type Cores, keepApart } from './support/cores.js';
import { machine } from './support/machine.js';
import { createPrograms } from './support/programs.js';
import { toTable } from './support/table.js';
import type { BenchResult } from './support/types.js';

const usage = `npm run bench -- [NAME…] [--quick] [--apart] [--json FILE]

${Object.entries(benches)
  .map(([name, { title }]) => `  ${name.padEnd(10)} ${title}`)
  .join('\n')}

With no name all run, which takes about 30 minutes; --quick takes fewer and shorter rounds.
--apart gives MLflow half of the cores for itself and everything else the other half,
as where they run on machines of their own.
`;

process.exitCode = await main();

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: 'boolean' },
      apart: { type: 'boolean' },
      json: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  const unknown = positionals.filter((name) => !(name in benches));
  if (values.help === true || unknown.length > 0) {
    process.stdout.write(`${unknown.map((name) => `No benchmark is called "${name}".\n`).join('')}${usage}`);
    return unknown.length > 0 ? 2 : 0;
  }
  const cores = values.apart === true ? keepApart() : undefined;
  const results: Record<string, BenchResult> = {};
  for (const [name, { title }] of Object.entries(benches)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    process.stdout.write(`\n${title}\n`);
    results[name] = await runOne(name, values.quick === true, cores);
    process.stdout.write(toTable(results[name]));
    if (values.json !== undefined) {
      writeFileSync(
        values.json,
        `${JSON.stringify({ ...machine(), quick: values.quick === true, apart: cores !== undefined, results }, null, 2)}\n`,
      );
    }
  }
  return Object.values(results).some(({ rows }) => rows.some((row) => !meets(row))) ? 1 : 0;
}

function meets({ measured, atLeast, atMost }: BenchResult['rows'][number]): boolean {
  return !(atLeast !== undefined && measured < atLeast) && !(atMost !== undefined && measured > atMost);
}

/** Servers belong to one benchmark: none is slowed down by what another has left behind. */
async function runOne(name: string, quick: boolean, cores: Cores | undefined): Promise<BenchResult> {
  const bench = benches[name];
  if (bench === undefined) throw new Error(`no benchmark is called "${name}"`);
  const python = process.env.LAKEFS_MLFLOW_BENCH_PYTHON;
  if (python === undefined) throw new Error('run "npm run bench": it sets up what is needed');
  const folder = mkdtempSync(join(tmpdir(), 'lakefs-mlflow-bench-'));
  const programs = createPrograms(folder);
  const stop = (): void => {
    // The guard ends the programs and removes the folder once we are gone.
    process.exit(130);
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    const place = join(folder, name);
    mkdirSync(place);
    const note = (text: string): void => void process.stdout.write(`  ${text}\n`);
    return await bench.run({ quick, cores, python, programs, folder: place, note });
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    await programs.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
