/** The demo's data: taxi rides. `seed` makes each start's data new, as lakeFS refuses a commit without changes. */

export interface RidesOptions {
  readonly seed: number;
  readonly rows: number;
}

/** A CSV of rides, the same for the same seed. */
export function ridesCsv({ seed, rows }: RidesOptions): string {
  let state = (seed % 2_147_483_646) + 1;
  function next(): number {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  }
  const lines = Array.from({ length: rows }, (_, index) => {
    const distance = 0.5 + 12 * next();
    const fare = 2.4 + 1.9 * distance + 3 * next();
    return `${index + 1},${distance.toFixed(2)},${fare.toFixed(2)}`;
  });
  return `ride,distance_km,fare\n${lines.join('\n')}\n`;
}

export interface DeltaFile {
  /** Name of the parquet file in the table's folder. */
  readonly file: string;
  readonly sizeBytes: number;
  /** Unix ms. */
  readonly time: number;
}

/**
 * The log entry that adds one file to a Delta table; version 0 also makes the table. The columns are those of
 * demo/features.parquet. https://github.com/delta-io/delta/blob/master/PROTOCOL.md
 */
export function deltaLogEntry(version: number, { file, sizeBytes, time }: DeltaFile): string {
  const field = (name: string, type: string) => ({ name, type, nullable: true, metadata: {} });
  const schema = { type: 'struct', fields: [field('id', 'long'), field('distance_km', 'double')] };
  const table = [
    { protocol: { minReaderVersion: 1, minWriterVersion: 2 } },
    {
      metaData: {
        id: '6b2f3f0e-7d53-4c37-9f0f-0c1f4a1d9c55',
        format: { provider: 'parquet', options: {} },
        schemaString: JSON.stringify(schema),
        partitionColumns: [],
        configuration: {},
        createdTime: time,
      },
    },
  ];
  const add = { path: file, partitionValues: {}, size: sizeBytes, modificationTime: time, dataChange: true };
  return [...(version === 0 ? table : []), { add }].map((action) => `${JSON.stringify(action)}\n`).join('');
}
