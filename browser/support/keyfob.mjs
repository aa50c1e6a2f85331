// Starts the real binary on a folder or a database of its own and ends it again.
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const binary = process.env.KEYFOB_TEST_BINARY ?? fileURLToPath(new URL('../../target/debug/keyfob', import.meta.url));

/** A running Keyfob. */
export class Keyfob {
  #child;
  #ended;
  /** Its data folder. */
  data;
  /** Where it is, without a slash at the end. */
  url;
  /** Everything it printed. */
  log = '';

  /** Starts `keyfob demo` with a new company, on PostgreSQL when `database` names one; `settings` are of the environment. */
  static demo({ database, settings } = {}) {
    return Keyfob.#start('demo', database, settings);
  }

  /** Starts `keyfob serve` with nobody in it. */
  static serve() {
    return Keyfob.#start('serve');
  }

  static async #start(command, database, settings) {
    const keyfob = new Keyfob();
    keyfob.data = await mkdtemp(join(tmpdir(), 'keyfob-browser-'));
    const words = [command, '--data', keyfob.data, '--port', '0'];
    if (database) words.push('--database', database);
    keyfob.#child = spawn(binary, words, {
      env: { ...process.env, ...settings }, stdio: ['ignore', 'pipe', 'pipe'],
    });
    keyfob.#ended = new Promise(done => { keyfob.#child.once('close', done); });
    keyfob.url = await new Promise((found, lost) => {
      const read = chunk => {
        keyfob.log += chunk;
        const told = keyfob.log.match(/^Keyfob is at (http:\S+)/m);
        if (told) found(told[1]);
      };
      keyfob.#child.stdout.on('data', read);
      keyfob.#child.stderr.on('data', read);
      keyfob.#child.once('error', lost);
      keyfob.#ended.then(code => lost(new Error(`keyfob ${command} ended with ${code}:\n${keyfob.log}`)));
    });
    return keyfob;
  }

  /** Runs another command of the binary on the same folder and gives what it printed. */
  async ask(...words) {
    const { stdout } = await run(binary, [...words, '--data', this.data]);
    return stdout.trim();
  }

  /** Ends it as an operator would. */
  async end() {
    this.#child.kill('SIGTERM');
    await this.#ended;
  }

  /** Ends it and forgets the folder. */
  async stop() {
    await this.end();
    await rm(this.data, { recursive: true, force: true });
  }
}

/** Makes an empty database on the server that KEYFOB_TEST_POSTGRES names. */
export async function createDatabase() {
  const server = process.env.KEYFOB_TEST_POSTGRES;
  if (!server) throw new Error('KEYFOB_TEST_POSTGRES has to hold the address of a PostgreSQL server');
  const name = `keyfob_browser_${randomBytes(8).toString('hex')}`;
  const tell = statement => run('psql', [server, '--no-psqlrc', '--quiet', '--command', statement]);
  await tell(`create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => tell(`drop database ${name} with (force)`) };
}
