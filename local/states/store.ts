import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { StartError } from '../errors.ts';

/** The shape of the file; another number means another program wrote it. */
const VERSION = 2;

const SCHEMA = `
CREATE TABLE machines (
  arn TEXT PRIMARY KEY, name TEXT NOT NULL, type TEXT NOT NULL, status TEXT NOT NULL, created INTEGER NOT NULL,
  definition INTEGER NOT NULL, settings TEXT NOT NULL, tags TEXT NOT NULL);
-- What executions run: never changed, so that one under way keeps the definition it started with.
CREATE TABLE definitions (
  id INTEGER PRIMARY KEY, machine TEXT NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL, role TEXT NOT NULL, body TEXT NOT NULL,
  revision TEXT NOT NULL, created INTEGER NOT NULL);
CREATE TABLE executions (
  id INTEGER PRIMARY KEY, arn TEXT NOT NULL UNIQUE, machine TEXT NOT NULL, name TEXT NOT NULL, definition INTEGER NOT NULL, block TEXT NOT NULL,
  status TEXT NOT NULL, started INTEGER NOT NULL, stopped INTEGER, input TEXT NOT NULL, output TEXT, error TEXT, cause TEXT,
  map_run INTEGER, child INTEGER, redrives INTEGER NOT NULL DEFAULT 0, redriven INTEGER, redrive_token TEXT);
CREATE INDEX executions_of ON executions (machine, started, id);
CREATE INDEX executions_running ON executions (status) WHERE status = 'RUNNING';
CREATE INDEX executions_children ON executions (map_run, child) WHERE map_run IS NOT NULL;
CREATE TABLE events (
  execution INTEGER NOT NULL, id INTEGER NOT NULL, at INTEGER NOT NULL, type TEXT NOT NULL, previous INTEGER NOT NULL, details TEXT,
  PRIMARY KEY (execution, id)) WITHOUT ROWID;
-- Where each branch of a running execution stands, written in the transaction of the events that brought it there; of one that
-- has failed, where a redrive goes on.
CREATE TABLE frames (
  execution INTEGER NOT NULL, id INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (execution, id)) WITHOUT ROWID;
CREATE TABLE map_runs (
  id INTEGER PRIMARY KEY, arn TEXT NOT NULL UNIQUE, execution INTEGER NOT NULL, frame INTEGER NOT NULL, status TEXT NOT NULL,
  started INTEGER NOT NULL, stopped INTEGER, settings TEXT NOT NULL, redrives INTEGER NOT NULL DEFAULT 0, redriven INTEGER);
CREATE TABLE map_children (
  run INTEGER NOT NULL, id INTEGER NOT NULL, name TEXT NOT NULL, items INTEGER NOT NULL, status TEXT NOT NULL, input TEXT NOT NULL, output TEXT,
  error TEXT, cause TEXT, started INTEGER, stopped INTEGER, redrives INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (run, id));
CREATE INDEX map_children_named ON map_children (name);
`;

export type Row = Readonly<Record<string, unknown>>;

/** The SQLite file that survives a `kill -9`: everything needed to go on is written before anything outside is told. */
export class Store {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #depth = 0;

  /** @throws StartError when the file is damaged or not ours */
  constructor(file: string) {
    let database: DatabaseSync | undefined;
    try {
      database = new DatabaseSync(file);
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY;');
      const version = database.prepare('PRAGMA user_version').get()?.['user_version'];
      const tables = database.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.['n'];
      const sound = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
      if (sound !== 'ok') throw new Error(String(sound));
      if (version === 0 && tables === 0) database.exec(`BEGIN; ${SCHEMA} PRAGMA user_version = ${VERSION}; COMMIT;`);
      else if (version !== VERSION) throw new Error(`version ${String(version)} instead of ${VERSION}`);
    } catch (error) {
      database?.close();
      const why = error instanceof Error ? error.message : String(error);
      throw new StartError(
        `The data folder is damaged: ${file} is no store of executions (${why}). Restore it, or start with another --data folder.`,
      );
    }
    this.#database = database;
  }

  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#statement(sql).run(...values).lastInsertRowid);
  }

  get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#statement(sql).get(...values);
  }

  all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#statement(sql).all(...values);
  }

  /** All of it or nothing; inside another transaction it becomes a part of that one. */
  transaction<T>(work: () => T): T {
    if (this.#depth > 0) return work();
    this.#statement('BEGIN IMMEDIATE').run();
    this.#depth = 1;
    try {
      const result = work();
      this.#statement('COMMIT').run();
      return result;
    } catch (error) {
      this.#statement('ROLLBACK').run();
      throw error;
    } finally {
      this.#depth = 0;
    }
  }

  close(): void {
    this.#database.close();
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

/** Columns come back untyped: these say what the schema says, and fail loudly where the file says otherwise. */
export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new Error(`Column ${column} holds no text.`);
  return value;
}

export function optionalText(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : text(row, column);
}

export function integer(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw new Error(`Column ${column} holds no number.`);
  return value;
}

export function optionalInteger(row: Row, column: string): number | undefined {
  return row[column] === null ? undefined : integer(row, column);
}
