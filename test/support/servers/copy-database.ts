import { execFileSync } from 'node:child_process';

const copy = 'import sqlite3, sys; sqlite3.connect(sys.argv[1]).backup(sqlite3.connect(sys.argv[2]))';

/** Copies a SQLite database as SQLite does it itself: either file may be in use. Node 20 has no SQLite, Python has. */
export function copyDatabase(python: string, from: string, to: string): void {
  execFileSync(python, ['-I', '-S', '-c', copy, from, to]);
}
