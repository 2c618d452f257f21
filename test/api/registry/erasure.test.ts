import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { briefOf } from '../../../functions/domain/reports/brief.ts';
import { asATask } from '../../as-a-task.ts';
import {
  LEFT_ON,
  type Left,
  MISSPELLED,
  openedIn,
  proposalOf,
  setPeriod,
  whoLeft,
  yearsLater,
} from '../../erasing-people.ts';
import { BANK } from '../../paying-district.ts';
import { TOWN } from '../../playing-cases.ts';
import { VILLAGE, WORKER } from '../../playing-households.ts';
import { type As, OFFICER, SECOND_OFFICER, type TestStack } from '../../stack.ts';
import { Secrets } from '../../traces/secrets.ts';
import { tracesOf, tracesOnDisk } from '../../traces/traces.ts';

const THIRD_OFFICER: As = { ...OFFICER, person: 3 };
const AUDITOR: As = { account: 'auditor' };
const KNOWN_AT = '2026-02-01T10:00:00%2B08:00';
const STRANGERS_PHONE = '13922223333';

let stack: TestStack;
let left: Left[];
beforeAll(async () => {
  ({ stack, left } = await whoLeft());
});
afterAll(() => stack.stop());

function one(n: number): Left {
  const found = left[n];
  if (found === undefined) throw new Error(`Nobody ${n} left.`);
  return found;
}

const propose = (body: object, as = OFFICER) => stack.post('/v1/erasures', as, body);
const approve = (id: string, as: As) => stack.post(`/v1/erasures/${id}/approval`, as);
const exported = ({ person, household }: { person: string; household: string }) =>
  stack.post(`/v1/people/${person}/export`, OFFICER, { household, reason: '本人申请查阅' });
const found = async (asked: object) =>
  (await stack.post('/v1/households/search', OFFICER, { region: '440904', ...asked })).body.items;

/** Everything that counts: briefs of several days in each form, what a round found, and what lies behind a figure. */
async function figures(): Promise<string[]> {
  const days = ['2023-10-20', '2023-12-09', '2023-12-31', '2026-02-01'];
  const paths = [
    ...['440904', VILLAGE].flatMap((region) =>
      days.flatMap((day) =>
        ['json', 'html', 'csv'].map(
          (format) => `/v1/reports/brief?region=${region}&asOf=${day}&knownAt=${KNOWN_AT}&format=${format}`,
        ),
      ),
    ),
    ...['/v1/reports/briefs?region=440904', '/v1/rounds/2023Q4?region=440904', `/v1/rounds/2023Q4/sheets/${VILLAGE}`],
    `/v1/reports/brief/figures/insurance.claims.paid.amount?region=440904&asOf=2023-12-31&knownAt=${KNOWN_AT}`,
    '/v1/reports/claims?region=440904',
  ];
  return await Promise.all(
    paths.map(async (path) => {
      const { status, body } = await stack.get(path, OFFICER);
      return `${path} ${status} ${createHash('sha256').update(JSON.stringify(body)).digest('hex')}`;
    }),
  );
}

/** What is still to be read of somebody: in clear in the table, in ciphertexts, in objects. */
async function readable(secrets: Left['secrets']): Promise<string[]> {
  // Clients know the endpoints that were there when they were made: after a restart others are.
  vi.resetModules();
  const table = await asATask(stack);
  const { openAll } = await import('../../../operations/rotate-data-key/rewrite.ts');
  const { contents } = await import('../../faults/table.ts');
  const { data } = await openAll(table, '440904');
  const opened = openedIn((await contents()).values(), (cipher, owner) => data.decrypt(cipher, owner));
  const objects = [...tracesOnDisk(stack.data, new Secrets(secrets))].filter((place) => place.includes('file storage'));
  return [
    ...(await tracesOf(stack.local, new Secrets(secrets))),
    ...objects,
    ...[...secrets].flatMap(([secret, what]) => (opened.has(secret) ? [`${what} in a ciphertext`] : [])),
  ];
}

/** The same figures reckoned from everything that ever happened, as if there were no summaries. */
async function fromEvents(): Promise<unknown[]> {
  vi.resetModules();
  await asATask(stack);
  const { readBriefFactsFromEvents } = await import('../../../functions/store/reports/brief-facts.ts');
  const { readDivisions } = await import('../../../functions/store/registry/divisions.ts');
  const divisions = await readDivisions('440904');
  if (divisions === undefined) throw new Error('There are divisions.');
  const knownAt = new Date(stack.local.clock.now()).toISOString();
  return await Promise.all(
    ['2023-09-30', '2023-10-11', '2023-12-31', '2026-02-01'].map(async (day) => {
      const { facts } = await readBriefFactsFromEvents('440904', day, knownAt, divisions);
      return briefOf(facts, divisions, false);
    }),
  );
}

function objectsOf(folder: string): string[] {
  const database = new DatabaseSync(join(stack.data, 'storage', 'objects.db'), { readOnly: true });
  const keys = database.prepare('SELECT key FROM objects').all();
  return keys.map(({ key }) => String(key)).filter((key) => key.startsWith(folder));
}

describe('nobody is erased', () => {
  it('where no period is in force', async () => {
    expect((await propose(proposalOf(one(0)))).body.code).toBe('retention-missing');
    const terms = { years: 30, effectiveFrom: '2023-01-01', basis: '区档案保管期限表' };
    const proposed = await stack.post('/v1/erasures/periods', OFFICER, terms);
    expect([proposed.status, (await stack.post('/v1/erasures/periods', OFFICER, terms)).status]).toEqual([201, 200]);
    expect((await propose(proposalOf(one(0)))).body.code).toBe('retention-missing');
    const approval = `/v1/erasures/periods/${proposed.body.id}/approval`;
    expect((await stack.post(approval, OFFICER)).body.code).toBe('retention-own-proposal');
    expect((await stack.post(approval, SECOND_OFFICER)).body.status).toBe('approved');
    expect((await stack.post(approval, SECOND_OFFICER)).status).toBe(200);
    expect((await stack.post(approval, THIRD_OFFICER)).body.code).toBe('retention-already-approved');
    const earlier = await stack.post('/v1/erasures/periods', OFFICER, { ...terms, effectiveFrom: '2022-01-01' });
    expect((await stack.post(`/v1/erasures/periods/${earlier.body.id}/approval`, SECOND_OFFICER)).body.code).toBe(
      'retention-out-of-order',
    );
    const none = '/v1/erasures/periods/retention-0123456789ab/approval';
    expect((await stack.post(none, SECOND_OFFICER)).body.code).toBe('retention-unknown');
  });

  it('while a ground stands', async () => {
    const codeOf = async (body: object) => (await propose(body)).body.code;
    const { household, child } = one(0);
    expect(await codeOf(proposalOf({ household, person: child }))).toBe('person-registered');
    expect(await codeOf(proposalOf(one(0)))).toBe('person-covered');
    expect(await codeOf(proposalOf(one(1)))).toBe('person-in-claim');
    expect(await codeOf(proposalOf(one(2)))).toBe('person-in-case');
    // Somebody who moved in elsewhere lives there, whichever household of theirs is named.
    const elsewhere = `/v1/households/${VILLAGE}-0004`;
    const [[name] = [], [idNumber] = []] = [...one(2).secrets];
    const on = { on: LEFT_ON };
    const into = { kind: 'move-in', ...on, member: { name, idNumber, relation: 'other' } };
    expect((await stack.patch(elsewhere, OFFICER, { version: 3, change: into })).status).toBe(200);
    expect(await codeOf(proposalOf(one(2)))).toBe('person-registered');
    const away = { kind: 'move-out', ...on, person: one(2).person };
    expect((await stack.patch(elsewhere, OFFICER, { version: 4, change: away })).status).toBe(200);
    expect(await codeOf(proposalOf({ household, person: 'p-0123456789abcdef' }))).toBe('not-found');
  });

  it('before the period since the last of them is over, or with a payment in dispute', async () => {
    stack = await yearsLater(stack);
    const early = await propose(proposalOf(one(0)));
    expect(early.body).toMatchObject({ code: 'retention-not-over', until: expect.stringMatching(/^2053-/) });
    await setPeriod(stack);
    const { items } = (await stack.get(`/v1/claims?region=${VILLAGE}&household=${one(0).household}`, OFFICER)).body;
    const claim = (await stack.get(`/v1/claims/${items[0].id}`, OFFICER)).body;
    const [endToEndId] = claim.payouts;
    const said = { endToEndId, status: 'settled', amount: claim.approved.amount, on: '2023-10-12' };
    const told = await stack.post('/v1/payouts/confirmations', BANK, { items: [said] });
    expect(told.body.items).toMatchObject([{ outcome: 'disputed' }]);
    expect((await propose(proposalOf(one(0)))).body.code).toBe('payout-unconfirmed');
    const [name] = one(0).secrets.keys();
    const resolved = { reason: `与银行核实，${name}的款已退回` };
    expect((await stack.post(`/v1/payouts/${endToEndId}/resolution`, OFFICER, resolved)).status).toBe(200);
  });
});

describe('one officer proposes, another approves', () => {
  it('and neither names the person for ever', async () => {
    const [name] = one(0).secrets.keys();
    expect((await propose({ ...proposalOf(one(0)), reason: `删除${name}` })).body.code).toBe('erasure-names-person');
    const proposed = await propose(proposalOf(one(0)));
    const again = await propose(proposalOf(one(0)), THIRD_OFFICER);
    expect([proposed.status, again.status, again.body]).toEqual([201, 200, proposed.body]);
    expect((await approve(proposed.body.id, OFFICER)).body.code).toBe('erasure-own-proposal');
    expect((await approve('erasure-0123456789abcdef', OFFICER)).body.code).toBe('erasure-unknown');
    expect((await stack.get('/v1/erasures', AUDITOR)).body.items).toEqual([proposed.body]);
  });

  it('then nothing tells who the person was, and everything else is as it was', async () => {
    const { household, child, secrets } = one(0);
    const all = new Map([...secrets, [STRANGERS_PHONE, 'phone' as const], [MISSPELLED, 'name' as const]]);
    const before = {
      figures: await figures(),
      fromEvents: await fromEvents(),
      household: (await stack.get(`/v1/households/${household}`, OFFICER)).body,
      child: (await exported({ household, person: child })).body.households[0],
      others: (await stack.get(`/v1/households/${one(1).household}`, OFFICER)).body,
    };
    expect(before.figures.filter((one) => !one.includes(' 200 '))).toEqual([]);
    const readBefore = await readable(all);
    for (const what of secrets.values()) expect(readBefore).toContain(`${what} in a ciphertext`);
    expect(readBefore).toContain('idNumber file storage evidence');
    expect(objectsOf('claims/').length).toBeGreaterThan(1);
    const [{ id }] = (await stack.get('/v1/erasures', OFFICER)).body.items;
    const done = await approve(id, SECOND_OFFICER);
    expect([done.status, done.body.status]).toEqual([200, 'erased']);
    expect([(await approve(id, SECOND_OFFICER)).body, (await approve(id, THIRD_OFFICER)).body.code]).toEqual([
      done.body,
      'erasure-already-approved',
    ]);
    expect((await propose(proposalOf(one(0)))).status).toBe(200);
    expect((await propose({ ...proposalOf(one(0)), reason: '再次申请删除' })).body.code).toBe('not-found');

    expect(await readable(all)).toEqual([]);
    const { items: claims } = (await stack.get(`/v1/claims?region=${VILLAGE}&household=${household}`, OFFICER)).body;
    expect(objectsOf(`claims/${claims[0].id}/`)).toEqual([]);
    expect(await figures()).toEqual(before.figures);
    expect(await fromEvents()).toEqual(before.fromEvents);
    expect((await exported(one(0))).body.code).toBe('not-found');
    for (const [secret, what] of secrets)
      if (what !== 'account')
        expect(await found(what === 'name' ? { name: secret } : { idNumber: secret })).toEqual([]);
    expect(await found({ number: '0001' })).toHaveLength(1);
    // The child, whose household it is, keeps what is theirs.
    expect((await stack.get(`/v1/households/${household}`, OFFICER)).body).toEqual(before.household);
    const after = (await exported({ household, person: child })).body.households[0];
    expect(after.changes).toEqual(before.child.changes);
    expect(after.photographs).toEqual(before.child.photographs);
    expect(after.visits).toHaveLength(before.child.visits.length);
    expect((await stack.get(`/v1/households/${one(1).household}`, OFFICER)).body).toEqual(before.others);
    // What officials look at still opens.
    for (const path of [
      `/v1/claims/${claims[0].id}`,
      `/v1/households/${household}/history`,
      `/v1/households/${household}/visits`,
    ])
      expect([path, (await stack.get(path, OFFICER)).status]).toEqual([path, 200]);
    const { body: batches } = await stack.get('/v1/payouts/batches', OFFICER);
    for (const { id: batch } of batches.items)
      expect((await stack.get(`/v1/payouts/batches/${batch}`, BANK)).status).toBe(200);
  });

  it('both acts are listed once, and the chains hold', async () => {
    const { body } = await stack.get('/v1/reveals?region=440904&limit=200', AUDITOR);
    const acts = body.items.filter(({ field }: { field: string }) => field.startsWith('erasure-'));
    expect(acts.map(({ field, by, person }: Record<string, string>) => [field, by, person])).toEqual([
      ['erasure-approved', 'district-officer-2', one(0).person],
      ['erasure-proposed', 'district-officer', one(0).person],
    ]);
    const verified = await promisify(execFile)(process.execPath, ['operations/verify-audit.ts', '--data', stack.data]);
    expect(verified.stdout).toContain('留痕完整');
  });

  it('the same number registered anew is somebody new', async () => {
    const [[name = ''] = [], [idNumber = ''] = []] = [...one(0).secrets];
    const members = [{ name, relation: 'head', idNumber }];
    const row = { village: VILLAGE, number: '0099', origin: 'general', registeredOn: '2026-02-01', members };
    // They were elsewhere until they left: counted from an earlier day on, one person would be two.
    const early = { ...row, registeredOn: '2023-12-09' };
    for (const check of [true, false]) {
      const { body } = await stack.post('/v1/households:import', OFFICER, { rows: [early], check });
      expect(body.items?.[0].problem ?? body).toMatchObject({ code: 'person-in-other-household' });
    }
    const elsewhere = `/v1/households/${VILLAGE}-0004`;
    const { version } = (await stack.get(elsewhere, OFFICER)).body;
    const change = { kind: 'move-in', on: '2023-12-09', member: { name, idNumber, relation: 'other' } };
    expect((await stack.patch(elsewhere, OFFICER, { version, change })).body.code).toBe('person-in-other-household');
    const { body } = await stack.post('/v1/households:import', OFFICER, { rows: [row] });
    expect(body.items).toMatchObject([{ outcome: 'registered' }]);
    const [anew] = await found({ idNumber });
    expect([anew.id, anew.members[0].name]).toEqual([`${VILLAGE}-0099`, name]);
    expect(anew.members[0].person).not.toBe(one(0).person);
    const file = await exported({ household: anew.id, person: anew.members[0].person });
    expect(file.body).toMatchObject({ insured: [], households: [{ household: anew.id, claims: [], help: [] }] });
    expect((await exported(one(0))).body.code).toBe('not-found');
    expect((await stack.post('/v1/households:import', OFFICER, { rows: [row] })).body.items).toMatchObject([
      { outcome: 'unchanged' },
    ]);
  });
});

it('with the last of a household goes what was all of theirs, though two approve at once', async () => {
  const { household, child } = one(0);
  const { body: now } = await stack.get(`/v1/households/${household}`, OFFICER);
  const change = { kind: 'cancel', on: '2026-02-01', reason: 'moved-away' };
  expect((await stack.patch(`/v1/households/${household}`, OFFICER, { version: now.version, change })).status).toBe(
    200,
  );
  stack = await yearsLater(stack, '2027-06-01T10:00:00+08:00');
  const before = await figures();
  const secrets: Left['secrets'] = new Map([
    ['赵乙仁', 'name'],
    ['13911110000', 'phone'],
    ['某村1号', 'name'],
  ]);
  expect((await readable(secrets)).length).toBeGreaterThan(3);
  expect(objectsOf(`evidence/${household}/`)).toHaveLength(1);
  const { body } = await propose(proposalOf({ household, person: child }));
  const both = await Promise.all([approve(body.id, SECOND_OFFICER), approve(body.id, THIRD_OFFICER)]);
  // Who comes when everything is done is told so.
  expect(both.map(({ status, body: { code = status } }) => code)).toContain(200);
  for (const {
    body: { code },
  } of both)
    expect([undefined, 'erasure-already-approved']).toContain(code);
  expect(await readable(secrets)).toEqual([]);
  expect(objectsOf(`evidence/${household}/`)).toEqual([]);
  expect(await figures()).toEqual(before);
  expect(await found({ name: '赵乙' })).toEqual([]);
  expect((await found({ number: '0001' }))[0].members).toMatchObject([{ person: child, name: '', idNumber: '' }]);
  // Nothing new is taken in of somebody who is erased.
  const about = { household, person: child };
  const asked = { ...about, askedOn: '2027-05-01', wants: 'work', channel: 'counter', words: '想找工作' };
  expect((await stack.post('/v1/help-requests', WORKER, asked)).body.code).toBe('person-not-member');
  const entry = { kind: 'training', ...about, occurredOn: '2027-05-01', region: VILLAGE, course: '电工' };
  const rows = { rows: [entry], check: true };
  expect((await stack.post('/v1/ledger', TOWN, rows)).body.items[0].problem.code).toBe('person-not-member');
  const claim = { ...about, line: 'illness', eventOn: '2023-10-01', invoices: [] };
  expect((await stack.post('/v1/claims', WORKER, claim)).body.code).toBe('person-not-member');
  const reveal = { field: 'idNumber', person: child, reason: '核对身份证号' };
  expect((await stack.post(`/v1/households/${household}/reveal`, OFFICER, reveal)).body.code).toBe('not-found');
});
