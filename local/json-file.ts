import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type * as z from 'zod';
import { StartError } from './errors.ts';

/**
 * Reads a file of the data folder.
 * @returns undefined when it does not exist yet
 * @throws StartError when it holds something else than was written
 */
export function readJsonFile<T>(file: string, schema: z.ZodType<T>): T | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    throw new StartError(
      `The data folder is damaged: ${file} cannot be read. Restore it, or start with another data folder.`,
    );
  }
}

/** Writes a file so that a reader sees the old contents or the new, never half. @param mode permissions, for secrets */
export function writeJsonFile(file: string, value: unknown, mode = 0o644): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(value, undefined, 2)}\n`, { mode });
  renameSync(`${file}.new`, file);
}
