import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { AwsError, StartError } from '../errors.ts';

export interface EngineAnswer {
  status: number;
  body: Buffer;
}

/** How long, in milliseconds, an engine that runs already may take to answer. */
const PATIENCE = 10_000;
/** And one that is being started: it takes about thirty, but a machine that is out of breath may stand still for seconds, and one that ends says so at once. */
const PATIENCE_AT_START = 60_000;

/** The engine speaks DynamoDB's protocol and looks at who signed no further than whether a signature is there. */
const SIGNATURE =
  'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=0000000000000000000000000000000000000000000000000000000000000000';

/** The DynamoDB engine: a process of its own on loopback, or any endpoint given in `AWS_ENDPOINT_URL_DYNAMODB`. */
export class Engine {
  readonly endpoint: URL;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });
  readonly #child: ChildProcess | undefined;
  readonly #record: string;
  #started = false;
  #closing = false;

  private constructor(endpoint: URL, child: ChildProcess | undefined, record: string) {
    this.endpoint = endpoint;
    this.#child = child;
    this.#record = record;
  }

  /**
   * Starts the engine on a folder, or joins the endpoint of the environment, and waits until it answers.
   * @param onDeath told when the engine ends without being asked to
   * @throws StartError when the binary is missing, the data is damaged or the endpoint does not answer
   */
  static async start(folder: string, logFile: string, onDeath: (reason: string) => void): Promise<Engine> {
    const given = process.env['AWS_ENDPOINT_URL_DYNAMODB'];
    mkdirSync(folder, { recursive: true });
    const record = join(folder, 'engine.json');
    if (given !== undefined && given !== '') {
      const engine = new Engine(new URL(given), undefined, record);
      await engine.#answers(() => `${given} (AWS_ENDPOINT_URL_DYNAMODB) does not answer like DynamoDB.`);
      return engine;
    }
    const binary = findBinary();
    const database = join(folder, 'dynamodb.db');
    stopStale(record, database);
    const port = await freePort();
    const child = spawn(binary, ['serve', '--host', '127.0.0.1', '--port', String(port), '--db-path', database], {
      stdio: ['ignore', 'ignore', 'pipe'],
      // Ctrl-C in a terminal reaches the whole process group; the engine must outlive the requests still under way.
      detached: true,
    });
    const guard = guardOf(child.pid, database);
    let words = '';
    const log = createWriteStream(logFile, { flags: 'a' });
    child.stderr?.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString()).slice(-2_000);
      log.write(chunk);
    });
    if (child.pid !== undefined) writeFileSync(record, JSON.stringify({ pid: child.pid }));
    const engine = new Engine(new URL(`http://127.0.0.1:${port}/`), child, record);
    let ended: string | undefined;
    child.once('error', (error) => {
      ended = error.message;
    });
    child.once('exit', (code, signal) => {
      ended = `it ended with ${signal ?? `code ${code}`}${words === '' ? '' : `: ${words.trim().split('\n').at(-1)}`}`;
      log.end();
      guard?.kill('SIGKILL');
      if (engine.#started && !engine.#closing) onDeath(`The DynamoDB engine stopped: ${ended}. Its log is ${logFile}.`);
    });
    await engine.#answers(
      () =>
        words.includes('not a valid SQLite')
          ? `The data folder is damaged: ${database} is no database. Restore it, or start with another data folder.`
          : `The DynamoDB engine does not start: ${ended ?? 'it does not answer'}. Its log is ${logFile}.`,
      () => ended !== undefined,
    );
    engine.#started = true;
    return engine;
  }

  /**
   * Sends an action with its JSON body.
   * @throws AwsError when the engine cannot be reached
   */
  send(action: string, body: Buffer): Promise<EngineAnswer> {
    return new Promise((resolve, reject) => {
      const outgoing = request(
        this.endpoint,
        {
          method: 'POST',
          agent: this.#agent,
          headers: {
            'content-type': 'application/x-amz-json-1.0',
            'content-length': body.length,
            'x-amz-target': `DynamoDB_20120810.${action}`,
            'x-amz-date': '20260101T000000Z',
            authorization: SIGNATURE,
          },
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('error', reject);
          incoming.on('end', () => resolve({ status: incoming.statusCode ?? 500, body: Buffer.concat(chunks) }));
        },
      );
      outgoing.on('error', (error) =>
        reject(new AwsError('InternalServerError', `The DynamoDB engine cannot be reached: ${error.message}`, 500)),
      );
      outgoing.end(body);
    });
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.#agent.destroy();
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      const force = setTimeout(() => child.kill('SIGKILL'), 3_000);
      child.once('exit', () => {
        clearTimeout(force);
        resolve();
      });
      child.kill('SIGTERM');
    });
    rmSync(this.#record, { force: true });
  }

  /** @param ended whether the one that was started has ended */
  async #answers(reason: () => string, ended?: () => boolean): Promise<void> {
    const until = performance.now() + (ended === undefined ? PATIENCE : PATIENCE_AT_START);
    while (performance.now() < until && ended?.() !== true) {
      const answer = await this.send('ListTables', Buffer.from('{}')).catch(() => undefined);
      if (answer?.status === 200) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await this.close();
    throw new StartError(reason());
  }
}

function findBinary(): string {
  const name = `@dynoxide/${process.platform}-${process.arch}`;
  const file = process.platform === 'win32' ? 'dynoxide.exe' : 'dynoxide';
  try {
    const found = join(createRequire(import.meta.url).resolve(`${name}/package.json`), '..', file);
    if (existsSync(found)) return found;
  } catch {
    // The same sentence serves a package that is not there and one without its binary.
  }
  throw new StartError(
    `The DynamoDB engine is missing: package ${name} is not installed. Install the optional dependencies, or name another DynamoDB in AWS_ENDPOINT_URL_DYNAMODB.`,
  );
}

/**
 * Starts a process that ends the engine when this one is gone, however it went: then the pipe between them closes. Judged by
 * the command line, as below. Elsewhere than on Unix the next start ends what was left.
 */
function guardOf(pid: number | undefined, database: string): ChildProcess | undefined {
  if (pid === undefined || process.platform === 'win32') return undefined;
  const script =
    'read -r _; command=$(tr "\\0" " " < "/proc/$1/cmdline" 2>/dev/null || ps -p "$1" -o command=); case $command in *"$2"*) kill -9 "$1";; esac';
  const guard = spawn('/bin/sh', ['-c', script, 'guard', String(pid), database], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  // Without a shell, or when it is ended first, there is no guard; the next start then does what it would have done.
  guard.on('error', () => undefined);
  guard.stdin?.on('error', () => undefined);
  return guard;
}

/** Ends an engine that a killed stack left behind: it holds the database. Judged by its command line, for the number may be another process's by now. */
function stopStale(record: string, database: string): void {
  if (!existsSync(record)) return;
  const pid = /"pid":(\d+)/.exec(readFileSync(record, 'utf8'))?.[1];
  if (pid !== undefined && commandOf(pid).includes(database)) process.kill(Number(pid), 'SIGKILL');
  rmSync(record);
}

function commandOf(pid: string): string {
  try {
    if (existsSync('/proc/self')) return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return execFileSync('ps', ['-p', pid, '-o', 'command='], { encoding: 'utf8' });
  } catch {
    return '';
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('No port.')),
      );
    });
  });
}
