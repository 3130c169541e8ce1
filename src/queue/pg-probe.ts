/** An error code of our own, which PostgreSQL gives to nothing else. */
const takenBack = 'LMP01';

/**
 * Stores a job by the function that stores every job, and takes it back, as one statement: what can be read later is
 * the same as before, no worker is woken, and no session is left in a transaction.
 */
export const tryWriteSql = `
DO $probe$
BEGIN
  PERFORM add_job('probe', 'probe', 'probe', '{}', '{}', 0, 0, 0, 1, NULL, NULL, NULL, NULL, NULL, false);
  RAISE EXCEPTION 'taken back' USING ERRCODE = '${takenBack}';
EXCEPTION WHEN SQLSTATE '${takenBack}' THEN
  NULL;
END
$probe$`;

/** PostgreSQL's time in Unix ms, as `now_ms`. */
export const clockSql = 'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now_ms';
