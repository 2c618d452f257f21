import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';

/** Where the cloud assembly lies. */
export const FOLDER = 'cdk.out';
const STAMP = `${FOLDER}/.inputs`;

/**
 * Bundles and synthesizes, unless nothing it is made from has changed since the last time: a warm start is then a matter of
 * milliseconds. A child process, so that the CDK library is not kept in the memory of what runs afterwards.
 * @returns the folder of the cloud assembly
 */
export async function assembly(): Promise<string> {
  const inputs = digest();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === inputs && existsSync('dist')) return FOLDER;
  await run(process.execPath, ['infra/app.ts']);
  writeFileSync(STAMP, inputs);
  return FOLDER;
}

function digest(): string {
  const hash = createHash('sha256');
  const files = [
    ...globSync('{functions,infra,console,field,public}/**/*.{ts,tsx,css,html,svg,json,webmanifest,png}'),
    'cdk.json',
    'package-lock.json',
  ].sort();
  for (const file of files) hash.update(file).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

function run(command: string, args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`Synthesis failed.\n${output}`))));
  });
}
