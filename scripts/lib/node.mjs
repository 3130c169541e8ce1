import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './paths.mjs';
import { run } from './run.mjs';

/** As in package.json, `engines`. */
const oldestNode = [20, 19];

const buildMarker = join(root, 'node_modules', '.cache', 'lakefs-mlflow', 'built-from');

/**
 * @param {string} [version]
 * @throws where this Node is too old
 */
export function checkNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldMajor = 0, oldMinor = 0] = oldestNode;
  if (major > oldMajor || (major === oldMajor && minor >= oldMinor)) return `Node ${version}`;
  throw new Error(
    `Node ${oldestNode.join('.')} or newer is needed, this is ${version}: see https://nodejs.org`,
  );
}

/** Installs the packages of package-lock.json, unless exactly these are there. */
export async function installPackages() {
  if (packagesAreInstalled(root)) return 'up to date';
  // With NODE_ENV=production in the environment npm would leave out what builds and tests us.
  await run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']);
  return 'installed';
}

/**
 * npm writes node_modules/.package-lock.json last, so that it is missing after an interrupted `npm ci`.
 * Optional packages are those of other platforms.
 *
 * @public for its tests
 * @param {string} folder
 */
export function packagesAreInstalled(folder) {
  const installedFile = join(folder, 'node_modules', '.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  const wanted = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    const there = installed[path];
    return path === '' || (there === undefined ? entry.optional === true : there.version === entry.version);
  });
}

/** Compiles to dist/, unless it was made from the very sources that are here. */
export async function build() {
  const sources = hashOfSources();
  const program = join(root, 'dist', 'src', 'cli', 'main.js');
  if (existsSync(program) && existsSync(buildMarker) && readFileSync(buildMarker, 'utf8') === sources) {
    return 'up to date';
  }
  rmSync(buildMarker, { force: true });
  await run('npm', ['run', '--silent', 'build']);
  mkdirSync(dirname(buildMarker), { recursive: true });
  writeFileSync(buildMarker, sources);
  return 'built';
}

function hashOfSources() {
  const hash = createHash('sha256');
  const files = ['src', 'hooks', 'workers']
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => filesUnder(folder));
  for (const file of [...files.sort(), 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json']) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function filesUnder(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}
