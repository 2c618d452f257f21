import { randomUUID } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readdirSync, readSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { StartError } from '../errors.ts';

const about = z.strictObject({
  /** `content-type` and the other headers that are given back as they were given. */
  headers: z.record(z.string(), z.string()),
  /** What `x-amz-meta-` headers said, without that prefix. */
  metadata: z.record(z.string(), z.string()),
  /** Checksums the sender gave, in base64 by algorithm (`sha256`). */
  checksums: z.record(z.string(), z.string()),
  storageClass: z.string(),
});

const row = z.object({
  key: z.string(),
  size: z.int(),
  etag: z.string(),
  modified: z.int(),
  file: z.string(),
  about: z.string(),
});

export interface StoredObject extends z.output<typeof about> {
  key: string;
  /** Bytes. */
  size: number;
  /** In quotes, as it is told. */
  etag: string;
  /** Milliseconds since 1970 by the stack's clock. */
  modified: number;
  /** Name of the file that holds the bytes. */
  file: string;
}

/**
 * The objects of all buckets: each a file, and a row that names it. The file is whole before the row exists and is never
 * written again, so that a reader and a crash see the old object or the new one.
 */
export class ObjectStore {
  readonly #folder: string;
  readonly #database: DatabaseSync;
  #bytes: number;

  /** @throws StartError when the table of objects is damaged */
  constructor(folder: string) {
    this.#folder = join(folder, 'objects');
    mkdirSync(this.#folder, { recursive: true });
    const file = join(folder, 'objects.db');
    try {
      this.#database = new DatabaseSync(file);
      this.#database.exec(
        `PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
        CREATE TABLE IF NOT EXISTS objects (bucket TEXT, key TEXT, size INTEGER, etag TEXT, modified INTEGER, file TEXT, about TEXT, PRIMARY KEY (bucket, key)) WITHOUT ROWID`,
      );
    } catch {
      throw new StartError(
        `The data folder is damaged: ${file} cannot be read. Restore it, or start with another data folder.`,
      );
    }
    // Left behind by a process that ended between the file and its row.
    const rows = this.#database.prepare('SELECT file, size FROM objects').all();
    this.#bytes = rows.reduce((total, { size }) => total + Number(size), 0);
    const known = new Set(rows.map(({ file: name }) => String(name)));
    for (const name of readdirSync(this.#folder)) if (!known.has(name)) rmSync(join(this.#folder, name));
  }

  /** Bytes of all objects. */
  get bytes(): number {
    return this.#bytes;
  }

  get(bucket: string, key: string): StoredObject | undefined {
    const found = this.#database.prepare('SELECT * FROM objects WHERE bucket = ? AND key = ?').get(bucket, key);
    return found === undefined ? undefined : objectOf(found);
  }

  /** The bytes of an object, or those from `first` to `last`. */
  read({ file, size }: StoredObject, first = 0, last = size - 1): Buffer {
    const bytes = Buffer.alloc(last - first + 1);
    const descriptor = openSync(join(this.#folder, file), 'r');
    try {
      for (let at = 0; at < bytes.length; ) {
        const count = readSync(descriptor, bytes, at, bytes.length - at, first + at);
        if (count === 0) throw new Error(`${file} is shorter than it was written.`);
        at += count;
      }
    } finally {
      closeSync(descriptor);
    }
    return bytes;
  }

  /** @returns the name of its file, another each time */
  put(bucket: string, object: Omit<StoredObject, 'file' | 'size'>, bytes: Uint8Array): string {
    const before = this.get(bucket, object.key);
    const file = randomUUID();
    const path = join(this.#folder, file);
    writeFileSync(`${path}.new`, bytes, { mode: 0o600 });
    renameSync(`${path}.new`, path);
    const { key, etag, modified, ...rest } = object;
    this.#database
      .prepare(
        'INSERT OR REPLACE INTO objects (bucket, key, size, etag, modified, file, about) VALUES (?, ?, ?, ?, ?, ?, ?)',
      )
      .run(bucket, key, bytes.length, etag, modified, file, JSON.stringify(rest));
    this.#bytes += bytes.length - (before?.size ?? 0);
    if (before !== undefined) rmSync(join(this.#folder, before.file), { force: true });
    return file;
  }

  /** Deleting what is not there is fine too. */
  delete(bucket: string, key: string): void {
    const before = this.get(bucket, key);
    if (before === undefined) return;
    this.#database.prepare('DELETE FROM objects WHERE bucket = ? AND key = ?').run(bucket, key);
    this.#bytes -= before.size;
    rmSync(join(this.#folder, before.file), { force: true });
  }

  /** Objects in the order of their keys' UTF-8 bytes, beginning after `after`. */
  *list(bucket: string, prefix: string, after: string): Generator<StoredObject> {
    // In the order of UTF-8, which is not that of JavaScript's texts.
    const from = Buffer.compare(Buffer.from(after), Buffer.from(prefix)) > 0 ? after : prefix;
    const rows = this.#database
      .prepare('SELECT * FROM objects WHERE bucket = ? AND key >= ? ORDER BY key')
      .iterate(bucket, from);
    for (const each of rows) {
      const object = objectOf(each);
      if (!object.key.startsWith(prefix)) return;
      if (object.key !== after) yield object;
    }
  }

  close(): void {
    this.#database.close();
  }
}

function objectOf(value: unknown): StoredObject {
  const { about: text, ...rest } = row.parse(value);
  return { ...rest, ...about.parse(JSON.parse(text)) };
}
