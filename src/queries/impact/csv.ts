import { stringify } from 'csv-stringify/sync';
import type { Hit, ImpactAnswer } from './schema.js';

const columns = [
  'concern',
  'model',
  'version',
  'aliases',
  'run_id',
  'run_name',
  'experiment',
  'status',
  'deleted',
  'start_time',
  'repository',
  'commit',
  'path',
  'reach',
  'evidence',
  'certain',
  'model_page',
  'run_page',
] as const;

type Row = Readonly<Record<(typeof columns)[number], string>>;

/**
 * One row for each run, its model version and what it read, in the order of the answer, as RFC 4180 has it. A value
 * that a spreadsheet would take for a formula gets an apostrophe in front.
 */
export function impactCsv({ hits, maybe }: ImpactAnswer): string {
  const rows = [
    ...hits.flatMap((hit) => rowsOf(hit, 'hit')),
    ...maybe.flatMap((hit) => rowsOf(hit, 'perhaps')),
  ];
  return stringify(rows, {
    header: true,
    columns: [...columns],
    record_delimiter: 'windows',
    escape_formulas: true,
  });
}

function rowsOf({ run, links, versions }: Hit, concern: string): readonly Row[] {
  const produced = versions.length === 0 ? [undefined] : versions;
  return produced.flatMap((version) =>
    links.map((link) => ({
      concern: version !== undefined && version.aliases.length > 0 ? `${concern}, under an alias` : concern,
      model: version?.name ?? '',
      version: version?.version ?? '',
      aliases: version?.aliases.join(' ') ?? '',
      run_id: run.id,
      run_name: run.name,
      experiment: run.experiment,
      status: run.status,
      deleted: String(run.deleted),
      start_time: run.startTime ?? '',
      repository: link.repository,
      commit: link.commit,
      path: link.path,
      reach: link.reach,
      evidence: link.kind,
      certain: String(link.certain),
      model_page: version?.page ?? '',
      run_page: run.page,
    })),
  );
}
