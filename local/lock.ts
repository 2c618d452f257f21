import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { StartError } from './errors.ts';
import { readJsonFile } from './json-file.ts';

const stored = z.object({ pid: z.int(), started: z.string() });

/**
 * Takes the data folder for this process, so that no second stack writes into it.
 * @returns a function that gives it back
 * @throws StartError when a living process has it
 */
export function lock(folder: string): () => void {
  const file = join(folder, 'lock.json');
  const mine = JSON.stringify({ pid: process.pid, started: startedAt(process.pid) });
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      writeFileSync(file, mine, { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    const owner = ownerOf(file);
    if (owner !== undefined)
      throw new StartError(
        `The data folder ${folder} is in use by process ${owner}. Stop that one first, or start with another data folder.`,
      );
    // Left behind by a process that was killed.
    rmSync(file, { force: true });
  }
  throw new StartError(`The data folder ${folder} is being taken by another process.`);
}

function ownerOf(file: string): number | undefined {
  let owner: z.output<typeof stored> | undefined;
  try {
    owner = readJsonFile(file, stored);
  } catch {
    return undefined;
  }
  return owner !== undefined && isAlive(owner.pid) && startedAt(owner.pid) === owner.started ? owner.pid : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** When a process began, in the system's own count: a number that was given to another process since is told apart. Empty where it cannot be read. */
function startedAt(pid: number): string {
  try {
    // The name in brackets may hold anything; the fields are counted from behind it, the 22nd of all being the start.
    return (
      readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')[19] ?? ''
    );
  } catch {
    return '';
  }
}
