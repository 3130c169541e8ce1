import { execFileSync } from 'node:child_process';
import { realServers } from './servers.js';

/** SQLite's own way to copy a database that is in use. */
const restore = 'import sqlite3, sys; sqlite3.connect(sys.argv[1]).backup(sqlite3.connect(sys.argv[2]))';

// Each file finds its MLflow as it was when it had just started. What other files leave there costs each listing time, and
// the order of files would matter: how far sweeps have come is kept there too.
const { python, database } = realServers().mlflow;
execFileSync(python, ['-I', '-S', '-c', restore, database.empty, database.file]);
