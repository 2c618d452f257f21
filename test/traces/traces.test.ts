import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testId } from '../playing-households.ts';
import { Secrets } from './secrets.ts';
import { tracesInEvents, tracesOnDisk } from './traces.ts';

const idNumber = testId(3, '19630211');
const account = '6217000000000000123';
const name = '欧阳试验';
const sent = new Secrets();
sent.add(idNumber, 'idNumber');
sent.add(account, 'account');
sent.add(name, 'name');

let folder = '';
/** A stopped stack's folder, as far as it is looked at: nothing of people in it. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'shouwang-planted-'));
  for (const part of ['logs', 'states', 'storage']) mkdirSync(join(folder, part));
  new DatabaseSync(join(folder, 'storage', 'objects.db')).exec(
    `CREATE TABLE objects (key, file); INSERT INTO objects VALUES ('exchange/0/job.json', 'one');`,
  );
  writeFileSync(join(folder, 'logs', 'households.log'), '{"message":"answered","route":"GET /v1/households"}\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

it('finds nothing where nothing is', () => {
  expect(tracesOnDisk(folder, sent)).toEqual(new Set());
});

it('finds a name in a line of a log, a number in the input of a workflow, and an account in a packed part of a job', () => {
  writeFileSync(join(folder, 'logs', 'visits.log'), `{"message":"answered"}\n{"message":"refused ${name}"}\n`);
  const states = new DatabaseSync(join(folder, 'states', 'states.db'));
  states.exec('CREATE TABLE executions (input TEXT)');
  // Longer than a page of the database.
  const input = JSON.stringify({ round: '2023Q4', padding: 'x'.repeat(9000), idNumber });
  states.prepare('INSERT INTO executions VALUES (?)').run(input);
  states.close();
  writeFileSync(join(folder, 'storage', 'one'), gzipSync(`户主,账号\n张**,${account}\n`));
  expect(tracesOnDisk(folder, sent)).toEqual(
    new Set(['name file logs', 'idNumber file states', 'account file storage exchange']),
  );
});

it('finds an account in an event', () => {
  const event = { id: '1', bus: 'district', source: 'shouwang', time: '2023-11-01T02:00:00.000Z' };
  const told = (detail: object) => ({ ...event, 'detail-type': 'payment-returned', detail });
  expect(tracesInEvents([told({ subject: 'batch-0000000000000000' })], sent)).toEqual(new Set());
  expect(tracesInEvents([told({ subject: `payout to ${account}` })], sent)).toEqual(
    new Set(['account event payment-returned']),
  );
});
