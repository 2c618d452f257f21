import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Entry, LedgerItem } from '../../../functions/contracts/assistance/ledger-entry.ts';
import { amountOf, standing } from '../../../functions/domain/assistance/ledger-rules.ts';
import { OTHER_TOWN_VILLAGE, register, VILLAGE, WORKER } from '../../playing-households.ts';
import { type As, OFFICER, TestStack } from '../../stack.ts';

let stack: TestStack;
let households: { id: string; members: { person: string }[] }[];
beforeAll(async () => {
  stack = await TestStack.start();
  await register(stack, 3, VILLAGE, 2);
  households = (await stack.get(`/v1/households?region=${VILLAGE}`, OFFICER)).body.items;
});
afterAll(() => stack.stop());

const TOWN = { account: 'town-officer', region: VILLAGE.slice(0, 9) };
const base = (n = 0) => ({ occurredOn: '2023-06-01', region: VILLAGE, household: households[n]?.id });
const person = (n = 0) => households[n]?.members[0]?.person;
const record = async (rows: object[], as: As = TOWN) => (await stack.post('/v1/ledger', as, { rows })).body;
/** What each row is answered with; a batch of which no row holds tells them beside its own problem. */
const told = ({ items }: { items: { outcome: string; problem?: { code: string } }[] }) =>
  items.map(({ outcome, problem }) => problem?.code ?? outcome);
/** Records, and before that asks what would come of it: the same, with nothing written. */
const send = async (rows: object[], as: As = TOWN) => {
  const foreseen = await stack.post('/v1/ledger', as, { rows, check: true });
  const recorded = await record(rows, as);
  expect([foreseen.status, told(foreseen.body)]).toEqual([200, told(recorded)]);
  return recorded;
};
const total = async (query: string) => (await stack.get(`/v1/ledger?region=440904&${query}`, OFFICER)).body;

describe('entries', () => {
  it('are recorded once each, with an outcome for every row', async () => {
    const rows = [
      { kind: 'placement', ...base(), person: person(), employer: '沉香工坊' },
      { kind: 'placement', ...base(), person: person(1), employer: '沉香工坊' },
      { kind: 'housing-repair', ...base(), amount: 2_000_000, extra: 1 },
      { kind: 'housing-repair', ...base(), occurredOn: '2024-06-01', amount: 2_000_000 },
      { kind: 'housing-repair', ...base(), household: `${VILLAGE}-9999`, amount: 2_000_000 },
      { kind: 'housing-repair', ...base(), region: OTHER_TOWN_VILLAGE, amount: 2_000_000 },
      { kind: 'goods', ...base(2), what: '山羊', quantity: 3 },
    ];
    const { items, recorded } = await send(rows);
    expect(recorded).toBe(2);
    expect(
      items.map(({ outcome, problem }: { outcome: string; problem?: { code: string } }) => problem?.code ?? outcome),
    ).toEqual([
      ...[
        'recorded',
        'person-not-member',
        'invalid-body',
        'date-in-future',
        'household-unknown',
        'outside-region',
        'recorded',
      ],
    ]);
    expect(
      (await send([rows[0] ?? {}, rows[6] ?? {}])).items.map(({ outcome }: { outcome: string }) => outcome),
    ).toEqual(['unchanged', 'unchanged']);
    const offspring = { kind: 'offspring', ...base(2), goods: items[6].id, quantity: 2 };
    expect((await send([offspring])).recorded).toBe(1);
    // Of goods nobody was given, of another household's, and of what is no goods.
    const elsewhere = { ...offspring, goods: 'entry-0123456789abcdef' };
    expect(told(await send([elsewhere, { ...offspring, ...base(1) }, { ...offspring, goods: items[0].id }]))).toEqual(
      Array(3).fill('reference-unknown'),
    );
    const reversal = { region: VILLAGE, occurredOn: '2023-06-01', on: '2023-06-03', reason: '录入有误' };
    expect((await stack.post(`/v1/ledger/${items[6].id}/reversal`, TOWN, reversal)).status).toBe(201);
    expect((await send([{ ...offspring, quantity: 3 }])).code).toBe('reference-unknown');
    expect((await send([{ ...rows[0], kind: 'nothing' }])).code).toBe('invalid-body');
  });

  it('of a post and of an award follow one another, a month and a step once', async () => {
    const { items } = await send([{ kind: 'post', ...base(), person: person(), duty: '保洁' }]);
    const subsidy = { kind: 'post-subsidy', ...base(), post: items[0].id, month: '2023-05', amount: 162_000 };
    expect((await send([subsidy])).recorded).toBe(1);
    expect((await send([subsidy])).unchanged).toBe(1);
    expect((await send([{ ...subsidy, amount: 162_001 }])).code).toBe('post-month-recorded');
    expect((await send([{ ...subsidy, household: households[1]?.id }])).code).toBe('reference-unknown');
    expect((await send([{ ...subsidy, household: households[1]?.id, month: '2023-06' }])).code).toBe(
      'reference-unknown',
    );
    const { items: applied } = await send([{ kind: 'award-application', ...base(), project: '养鸡', amount: 90_000 }]);
    const award = { ...base(), award: applied[0].id };
    expect((await send([{ kind: 'award-payment', ...award, amount: 80_000 }])).code).toBe('award-step');
    expect((await send([{ kind: 'award-acceptance', ...award, accepted: true }])).recorded).toBe(1);
    expect((await send([{ kind: 'award-payment', ...award, amount: 80_000 }])).recorded).toBe(1);
    expect((await send([{ kind: 'award-payment', ...award, amount: 80_000, serial: '2' }])).code).toBe('award-step');
  });

  it('pay a month of a post once, wherever and whenever that is told, and anew once it is reversed', async () => {
    const { items } = await send([{ kind: 'post', ...base(1), person: person(1), duty: '护河' }]);
    const subsidy = { kind: 'post-subsidy', ...base(1), post: items[0].id, month: '2023-05', amount: 162_000 };
    const first = (await send([subsidy])).items[0];
    const others = [
      { ...subsidy, occurredOn: '2023-06-02' },
      { ...subsidy, region: TOWN.region },
      { ...subsidy, amount: 150_000 },
      { ...subsidy, month: '2023-07' },
    ];
    const refused = ['post-month-recorded', 'post-month-recorded', 'post-month-recorded', 'post-month-ahead'];
    const answer = await send(others);
    expect(told(answer)).toEqual(refused);
    expect(
      answer.items.map(({ problem }: { problem: { errors: { pointer: string }[] } }) => problem.errors[0]),
    ).toEqual(refused.map((code, row) => expect.objectContaining({ code, pointer: `/rows/${row}/month` })));
    const reversal = { region: VILLAGE, occurredOn: '2023-06-01', on: '2023-06-03', reason: '金额录错' };
    expect((await stack.post(`/v1/ledger/${first.id}/reversal`, TOWN, reversal)).status).toBe(201);
    const both = [others[2] ?? {}, { ...subsidy, amount: 140_000 }];
    expect(told(await send(both))).toEqual(['recorded', 'post-month-recorded']);
    expect((await total(`kind=post-subsidy&from=2023-06-01`)).amount).toBe(162_000 + 150_000);
  });

  it('of a post that was taken out pay no further month; a month that was paid is taken out by itself', async () => {
    const { items } = await send([{ kind: 'post', ...base(2), person: person(2), duty: '巡林' }]);
    const subsidy = { kind: 'post-subsidy', ...base(2), post: items[0].id, month: '2023-04', amount: 162_000 };
    const paid = (await send([subsidy])).items[0].id;
    const on = { region: VILLAGE, occurredOn: '2023-06-01', on: '2023-06-03', reason: '人员录错' };
    const reverse = async (id: string) => (await stack.post(`/v1/ledger/${id}/reversal`, TOWN, on)).status;
    expect(await reverse(items[0].id)).toBe(201);
    expect((await send([{ ...subsidy, month: '2023-05' }])).code).toBe('reference-unknown');
    expect(await reverse(paid)).toBe(201);
    expect((await send([{ ...subsidy, serial: '2' }])).code).toBe('reference-unknown');
  });

  it('of an award are put back by a reversal, the last first, so that the right one can be recorded', async () => {
    const { items } = await send([{ kind: 'award-application', ...base(1), project: '养鸭', amount: 90_000 }]);
    const award = { ...base(1), award: items[0].id };
    const reverse = async (id: string) => {
      const on = { region: VILLAGE, occurredOn: '2023-06-01', on: '2023-06-03', reason: '录入有误' };
      const { status, body } = await stack.post(`/v1/ledger/${id}/reversal`, TOWN, on);
      return body.code ?? status;
    };
    const accepted = { kind: 'award-acceptance', ...award, accepted: true };
    const refusal = (await send([{ ...accepted, accepted: false }])).items[0].id;
    expect((await send([accepted])).code).toBe('award-step');
    expect(await reverse(refusal)).toBe(201);
    expect((await send([{ ...accepted, occurredOn: '2023-05-31' }])).code).toBe('award-date-before');
    const acceptance = (await send([accepted])).items[0].id;
    expect(await reverse(items[0].id)).toBe('award-went-on');
    const payment = { kind: 'award-payment', ...award, amount: 80_000 };
    expect((await send([{ ...payment, amount: 90_001 }])).code).toBe('award-amount');
    expect((await send([{ ...payment, occurredOn: '2023-05-31' }])).code).toBe('award-date-before');
    const paid = (await send([payment])).items[0].id;
    expect(await reverse(acceptance)).toBe('award-went-on');
    expect(await reverse(paid)).toBe(201);
    const right = (await send([{ ...payment, amount: 90_000 }])).items[0].id;
    expect([await reverse(right), await reverse(acceptance), await reverse(items[0].id)]).toEqual([201, 201, 201]);
    expect((await send([{ ...accepted, serial: '2' }])).code).toBe('award-step');
  });

  it('hold text only, no half characters', async () => {
    const half = JSON.stringify({ rows: [{ kind: 'goods', ...base(2), what: '种\ud83c', quantity: 1 }] });
    expect((await stack.call('POST', '/v1/ledger', TOWN, half)).body.code).toBe('malformed-json');
    expect((await send([{ kind: 'goods', ...base(2), what: '种\ud83c\udf31 \\ud83c', quantity: 1 }])).recorded).toBe(1);
  });

  it('are corrected by a reversal, once, and then do not count', async () => {
    const { items } = await send([{ kind: 'loan', ...base(), borrower: '种植合作社', amount: 5_000_000 }]);
    expect((await total('kind=loan')).amount).toBe(5_000_000);
    const body = { region: VILLAGE, occurredOn: '2023-06-01', on: '2023-10-01', reason: '录入重复' };
    const path = `/v1/ledger/${items[0].id}/reversal`;
    expect((await stack.post(path, WORKER, body)).body.code).toBe('role-not-allowed');
    expect((await stack.post(path, TOWN, body)).status).toBe(201);
    expect((await stack.post(path, TOWN, body)).status).toBe(200);
    const again = { ...body, reason: '又一次冲销' };
    expect((await stack.post(path, TOWN, again)).body.code).toBe('already-reversed');
    // The very same is not recorded by being there: whoever means it anew says by which voucher.
    const loan = { kind: 'loan', ...base(), borrower: '种植合作社', amount: 5_000_000 };
    for (const check of [true, false])
      expect((await stack.post('/v1/ledger', WORKER, { rows: [loan], check })).body.items).toMatchObject([
        { outcome: 'refused', problem: { code: 'entry-reversed', errors: [{ pointer: '/rows/0/serial' }] } },
      ]);
    expect((await total('kind=loan')).amount).toBe(0);
    const anew = { ...loan, amount: 1_000_000 };
    await send([anew]);
    const [wrong] = (await record([anew])).items;
    expect((await stack.post(`/v1/ledger/${wrong.id}/reversal`, TOWN, body)).status).toBe(201);
    expect((await send([anew, { ...anew, serial: 'V-2' }])).items).toMatchObject([
      { problem: { code: 'entry-reversed' } },
      { outcome: 'recorded' },
    ]);
    expect((await total('kind=loan')).amount).toBe(1_000_000);
    expect((await send([{ ...anew, serial: 'V-2' }])).unchanged).toBe(1);
    const [kept] = (await record([{ ...anew, serial: 'V-2' }])).items;
    expect((await stack.post(`/v1/ledger/${kept.id}/reversal`, TOWN, body)).status).toBe(201);
    // A reversal is no act of help: it cannot be reversed in its turn.
    const { body: listed } = await stack.get(`/v1/ledger?region=${VILLAGE}&limit=200`, TOWN);
    const reversal = listed.items.find(({ kind }: { kind: string }) => kind === 'reversal');
    const ofReversal = { ...body, occurredOn: reversal.occurredOn, reason: '冲销冲销' };
    expect((await stack.post(`/v1/ledger/${reversal.id}/reversal`, TOWN, ofReversal)).body.code).toBe('entry-unknown');
    expect(await total('kind=loan')).toMatchObject({ amount: 0, total: 3 });
    expect((await total('kind=loan&to=2023-09-30')).amount).toBe(7_000_000);
  });
});

it('a fund is never overspent, however many spend at once, and its balance is what the entries say', async () => {
  const received = {
    kind: 'donation-received',
    occurredOn: '2023-06-30',
    region: '440904',
    fund: '630 扶贫济困',
    giver: '区总工会',
    giverKind: 'union',
    amount: 1_000_000,
  };
  expect((await send([received], OFFICER)).recorded).toBe(1);
  const spend = (n: number) => ({
    kind: 'donation-spent',
    occurredOn: '2023-07-01',
    region: '440904',
    fund: received.fund,
    purpose: '慰问',
    amount: 300_000,
    serial: String(n),
  });
  const answers = await Promise.all([1, 2, 3, 4, 5].map((n) => record([spend(n)], OFFICER)));
  expect(answers.filter(({ recorded }) => recorded === 1)).toHaveLength(3);
  expect(answers.filter(({ code }) => code === 'fund-overspent')).toHaveLength(2);
  expect((await send([spend(6)], OFFICER)).code).toBe('fund-overspent');
  const { body } = await stack.get('/v1/funds', OFFICER);
  expect(body.items).toEqual([{ fund: received.fund, received: 1_000_000, spent: 900_000, balance: 100_000 }]);
  const reversal = { region: '440904', occurredOn: '2023-06-30', on: '2023-07-02', reason: '捐款退回' };
  const { items } = await total('kind=donation-received');
  expect((await stack.post(`/v1/ledger/${items[0].id}/reversal`, OFFICER, reversal)).body.code).toBe('fund-overspent');
});

it('a request for help is followed to its outcome, which it has once', async () => {
  const asked = {
    household: households[0]?.id,
    person: person(),
    askedOn: '2023-08-01',
    wants: 'work',
    channel: 'counter',
    words: '失业在家，想就近务工',
  };
  const { body } = await stack.post('/v1/help-requests', WORKER, asked);
  expect((await stack.post('/v1/help-requests', WORKER, asked)).body.id).toBe(body.id);
  expect((await stack.get(`/v1/help-requests?region=${VILLAGE}`, TOWN)).body).toMatchObject({ total: 1, overdue: 1 });
  const path = `/v1/help-requests/${body.id}/outcome`;
  const early = { outcome: { outcome: 'post', on: '2023-07-31', note: '安排保洁岗位' } };
  expect((await stack.post(path, TOWN, early)).body.code).toBe('help-outcome-before');
  expect(
    (await stack.post(path, TOWN, { outcome: { outcome: 'post', on: '2023-09-01', note: '安排保洁岗位' } })).status,
  ).toBe(200);
  expect(
    (await stack.post(path, TOWN, { outcome: { outcome: 'refused', on: '2023-09-01', note: '不符合条件' } })).body.code,
  ).toBe('help-ended');
  expect((await stack.get(`/v1/help-requests?region=${VILLAGE}`, TOWN)).body.total).toBe(0);
});

it('sums after reversals are the sums without the reversed entries, at any day and as known at any instant', () => {
  const day = fc.integer({ min: 1, max: 28 }).map((n) => `2023-01-${String(n).padStart(2, '0')}`);
  const made = fc.array(
    fc.record({ on: day, known: day, amount: fc.integer({ min: 1, max: 999 }), reversedOn: fc.option(day) }),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(made, day, day, (all, asOf, knownDay) => {
      const knownAt = `${knownDay}T12:00:00Z`;
      const items: LedgerItem[] = all.flatMap(({ on, known, amount, reversedOn }, n): LedgerItem[] => {
        const recordedAt = `${known}T00:00:00Z`;
        const entry: Entry = {
          kind: 'loan',
          occurredOn: on,
          region: VILLAGE,
          evidence: [],
          borrower: '合作社',
          amount,
          id: `entry-${n}`,
          recordedAt,
          recordedBy: 'o',
        };
        if (reversedOn === null) return [entry];
        return [
          entry,
          {
            kind: 'reversal',
            occurredOn: reversedOn,
            region: VILLAGE,
            reverses: entry.id,
            reason: '更正',
            id: `reversal-${n}`,
            recordedAt,
            recordedBy: 'o',
          },
        ];
      });
      const sum = standing(items, { asOf, knownAt }).reduce((total_, entry) => total_ + amountOf(entry), 0);
      const expected = all.filter(
        ({ on, known, reversedOn }) => on <= asOf && known <= knownDay && !(reversedOn !== null && reversedOn <= asOf),
      );
      expect(sum).toBe(expected.reduce((total_, { amount }) => total_ + amount, 0));
    }),
  );
});

it('the entries of one batch are recorded in its order, as it was foreseen', async () => {
  const where = { region: VILLAGE.slice(0, 9), fund: '先收后支' };
  const given = { kind: 'donation-received', ...where, occurredOn: '2023-06-01', giver: '商会', amount: 100 };
  const spent = { kind: 'donation-spent', ...where, occurredOn: '2023-06-02', amount: 60 };
  const goods = { kind: 'goods', ...base(2), what: '种苗', quantity: 30 };
  const rows = [
    { ...given, giverKind: 'association' },
    { ...spent, purpose: '农具' },
    { ...spent, purpose: '化肥' },
    goods,
    goods,
  ];
  expect(told(await send(rows))).toEqual(['recorded', 'recorded', 'fund-overspent', 'recorded', 'unchanged']);
  // The id of an entry is known before it is recorded: what names it may come behind it in the same batch.
  const post = { kind: 'post', ...base(), person: person(), duty: '护林' };
  const award = { kind: 'award-application', ...base(), project: '养蜂', amount: 50_000 };
  const [{ id: postId }, { id: awardId }] = (await stack.post('/v1/ledger', TOWN, { rows: [post, award], check: true }))
    .body.items;
  const together = [
    post,
    { kind: 'post-subsidy', ...base(), post: postId, month: '2023-05', amount: 162_000 },
    award,
    { kind: 'award-acceptance', ...base(), award: awardId, accepted: true },
    { kind: 'award-payment', ...base(), award: awardId, amount: 50_000 },
  ];
  expect((await send(together)).recorded).toBe(5);
});
