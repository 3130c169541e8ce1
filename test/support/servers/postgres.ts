import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Started, start } from './process.js';

/** The folder of the newest installed PostgreSQL programs, or undefined. */
export function findPostgres(): string | undefined {
  try {
    const [newest] = readdirSync('/usr/lib/postgresql').sort().reverse();
    return newest === undefined ? undefined : `/usr/lib/postgresql/${newest}/bin`;
  } catch {
    return undefined;
  }
}

/** Makes an empty database cluster in `folder`. */
export function initPostgres(programs: string, folder: string): void {
  const [program, ...rest] = asUser();
  if (program === 'runuser') execFileSync('chown', ['postgres', folder]);
  execFileSync(
    program,
    [
      ...[...rest, join(programs, 'initdb'), '-D', join(folder, 'data')],
      ...['-U', 'postgres', '-A', 'trust', '--no-sync', '--locale=C'],
    ],
    { cwd: folder, stdio: 'ignore' },
  );
}

export function startPostgres(programs: string, folder: string, port: number): Started {
  const [program, ...rest] = asUser();
  return start(program, [
    ...[...rest, join(programs, 'postgres'), '-D', join(folder, 'data'), '-p', String(port)],
    ...['-k', folder, '-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off'],
  ]);
}

/** PostgreSQL refuses to run as root, as which tests often run in containers. */
function asUser(): readonly [string, ...string[]] {
  return process.getuid?.() === 0 ? ['runuser', '-u', 'postgres', '--'] : ['env'];
}
