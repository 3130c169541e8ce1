import { Command } from 'commander';
import { hashPassword } from '../config/password.js';
import { CliError, type Io, warn } from './output.js';
import { readSecret } from './read-secret.js';

export function hashPasswordCommand(io: Io): Command {
  return new Command('hash-password')
    .description(
      'Makes the hash that LAKEFS_MLFLOW_USERS takes: asks for a password, or reads it from stdin.',
    )
    .addHelpText('after', '\nExample: LAKEFS_MLFLOW_USERS=ada:operator:<hash>,bob:viewer:<hash>')
    .action(async () => {
      const password = await readSecret(process.stdin, (text) => io.stderr.write(text));
      if (password === undefined) throw new CliError('stopped: no hash was made', 130);
      if (password === '') warn(io, 'the password is empty: anyone who knows the name can log in');
      io.stdout.write(`${await hashPassword(password)}\n`);
    });
}
