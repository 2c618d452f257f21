import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Entry } from '../../../functions/contracts/assistance/ledger-entry.ts';
import { foreseeAll } from '../../../functions/store/assistance/ledger-batch.ts';
import { effectsOf, undoingOf } from '../../../functions/store/assistance/ledger-effects.ts';
import { record } from '../../../functions/store/assistance/ledger-entries.ts';
import { keys } from '../../../functions/store/keys.ts';
import { ConditionFailed, transact } from '../../../functions/store/table.ts';
import { asATask } from '../../as-a-task.ts';
import { TestStack } from '../../stack.ts';
import { fresh, freshHousehold, lay, lying } from '../conditions/writing.ts';

const DISTRICT = '440904';
const [APPLIED_ON, ACCEPTED_ON] = ['2023-03-01', '2023-04-01'];

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start();
  await asATask(stack);
});
afterAll(() => stack.stop());

function entry(fields: object): Entry {
  return Object({ id: fresh('entry'), occurredOn: '2023-05-01', region: DISTRICT, ...fields });
}

/** What was foreseen, and what it came to. */
async function both(one: Entry): Promise<[string | undefined, string]> {
  const [foreseen] = await foreseeAll([one]);
  return [foreseen, await record(one)];
}

/** Changes back what an entry changed. @returns why that cannot be */
async function undo(one: Entry): Promise<string> {
  const undoing = undoingOf(one);
  if (undoing === undefined) return 'nothing';
  try {
    await transact([undoing.item]);
    return 'undone';
  } catch (error) {
    if (error instanceof ConditionFailed) return undoing.refusal ?? 'refused';
    throw error;
  }
}

describe('an award', () => {
  const statuses = ['applied', 'accepted', 'refused', 'paid', 'withdrawn'] as const;
  const steps = {
    accepted: { kind: 'award-acceptance', accepted: true, from: 'applied' },
    refused: { kind: 'award-acceptance', accepted: false, from: 'applied' },
    paid: { kind: 'award-payment', amount: 100, from: 'accepted' },
  } as const;

  async function awardAt(status: string) {
    const [award, household] = [fresh('entry'), freshHousehold()];
    const item = { household, status, amount: 100, appliedOn: APPLIED_ON, acceptedOn: ACCEPTED_ON };
    await lay({ ...keys.award(award), ...item });
    return { award, household, item };
  }

  for (const status of statuses)
    for (const [to, { from, ...step }] of Object.entries(steps)) {
      it(`that is ${status} ${status === from ? 'comes' : 'does not come'} to be ${to}`, async () => {
        const { award, household, item } = await awardAt(status);
        const outcome = status === from ? 'recorded' : 'award-step';
        expect(await both(entry({ ...step, award, household }))).toEqual([outcome, outcome]);
        const since = step.kind === 'award-acceptance' ? { acceptedOn: '2023-05-01' } : {};
        const after = status === from ? { ...item, ...since, status: to } : item;
        expect(await lying(keys.award(award))).toEqual({ ...keys.award(award), ...after });
      });

      it(`that is ${status} ${status === to ? 'goes back' : 'does not go back'} from being ${to}`, async () => {
        const { award, household, item } = await awardAt(status);
        const back = await undo(entry({ ...step, award, household }));
        expect(back).toBe(status === to ? 'undone' : 'award-went-on');
        const after = status === to ? { ...item, status: from } : item;
        expect(await lying(keys.award(award))).toEqual({ ...keys.award(award), ...after });
      });
    }

  it.each(statuses)(
    'that is %s is withdrawn when its application is reversed, before it went on alone',
    async (status) => {
      const { award, household, item } = await awardAt(status);
      const application = entry({ kind: 'award-application', id: award, household, amount: 100 });
      expect(await undo(application)).toBe(status === 'applied' ? 'undone' : 'award-went-on');
      const after = { ...item, status: status === 'applied' ? 'withdrawn' : status };
      expect(await lying(keys.award(award))).toEqual({ ...keys.award(award), ...after });
    },
  );

  it('begins as it was applied for', async () => {
    const household = freshHousehold();
    const applied = entry({ kind: 'award-application', household, amount: 70, occurredOn: APPLIED_ON });
    expect(await both(applied)).toEqual(['recorded', 'recorded']);
    const key = keys.award(applied.id);
    expect(await lying(key)).toEqual({ ...key, household, status: 'applied', amount: 70, appliedOn: APPLIED_ON });
  });

  it.each([
    ['applied', { kind: 'award-acceptance', accepted: true, occurredOn: APPLIED_ON }, 'recorded'],
    ['applied', { kind: 'award-acceptance', accepted: true, occurredOn: '2023-02-28' }, 'award-date-before'],
    ['accepted', { kind: 'award-payment', amount: 100, occurredOn: ACCEPTED_ON }, 'recorded'],
    ['accepted', { kind: 'award-payment', amount: 100, occurredOn: '2023-03-31' }, 'award-date-before'],
    ['accepted', { kind: 'award-payment', amount: 101 }, 'award-amount'],
    ['accepted', { kind: 'award-payment', amount: 1 }, 'recorded'],
    ['applied', { kind: 'award-acceptance', accepted: true, household: '440904999999-0001' }, 'award-step'],
    ['accepted', { kind: 'award-payment', amount: 1, household: '440904999999-0001' }, 'award-step'],
  ])('that is %s: %o is %s, as foreseen', async (status, step, outcome) => {
    const { award, household } = await awardAt(status);
    expect(await both(entry({ award, household, ...step }))).toEqual([outcome, outcome]);
  });

  it('nobody applied for takes no step', async () => {
    const step = { award: fresh('entry'), household: freshHousehold() };
    expect(await both(entry({ kind: 'award-payment', amount: 1, ...step }))).toEqual(['award-step', 'award-step']);
  });
});

describe('a post', () => {
  async function post() {
    const household = freshHousehold();
    const begun = entry({ kind: 'post', household });
    expect(await both(begun)).toEqual(['recorded', 'recorded']);
    const month = (named: string, changes: object = {}) =>
      entry({ kind: 'post-subsidy', post: begun.id, household, month: named, amount: 1, ...changes });
    return { begun, household, month };
  }

  it('has each month paid by one entry, is told so beforehand, and no further one once it was taken out', async () => {
    const { begun, household, month } = await post();
    const march = month('2023-03');
    expect(await both(march)).toEqual(['recorded', 'recorded']);
    const key = keys.postMonth(begun.id, '2023-03');
    expect(await lying(key)).toEqual({ ...key, entry: march.id });
    expect(await both(month('2023-03'))).toEqual(['post-month-recorded', 'post-month-recorded']);
    expect(await both(month('2023-04'))).toEqual(['recorded', 'recorded']);
    expect(await lying(keys.post(begun.id))).toEqual({ ...keys.post(begun.id), household });
    expect(await undo(begun)).toBe('undone');
    expect(await lying(keys.post(begun.id))).toEqual(keys.post(begun.id));
    expect(await both(month('2023-05'))).toEqual(['reference-unknown', 'reference-unknown']);
    expect(await undo(march)).toBe('undone');
  });

  it('is paid to its own household alone', async () => {
    const { month } = await post();
    const other = { household: freshHousehold() };
    expect(await both(month('2023-03', other))).toEqual(['reference-unknown', 'reference-unknown']);
    expect(await both(month('2023-03', { post: fresh('entry') }))).toEqual(['reference-unknown', 'reference-unknown']);
  });

  it('has a month given back by the entry that took it, once, and then taken anew', async () => {
    const { begun, month } = await post();
    const [march, again] = [month('2023-03'), month('2023-03')];
    await record(march);
    expect([await undo(again), await undo(march), await undo(march)]).toEqual([
      'post-month-recorded',
      'undone',
      'post-month-recorded',
    ]);
    const key = keys.postMonth(begun.id, '2023-03');
    expect(await lying(key)).toEqual(key);
    expect(await both(again)).toEqual(['recorded', 'recorded']);
    expect(await lying(key)).toEqual({ ...key, entry: again.id });
  });
});

describe('a fund', () => {
  const moved = (kind: string, fund: string, amount: number) => entry({ kind, fund, amount });

  it('has what was given and not spent, to the last fen', async () => {
    const fund = fresh('fund');
    const [given, spent] = [moved('donation-received', fund, 100), moved('donation-spent', fund, 60)];
    expect(await both(moved('donation-spent', fund, 1))).toEqual(['fund-overspent', 'fund-overspent']);
    expect([await both(given), await both(spent)]).toEqual([
      ['recorded', 'recorded'],
      ['recorded', 'recorded'],
    ]);
    expect(await both(moved('donation-spent', fund, 41))).toEqual(['fund-overspent', 'fund-overspent']);
    expect(await undo(given)).toBe('fund-overspent');
    expect(await both(moved('donation-spent', fund, 40))).toEqual(['recorded', 'recorded']);
    expect(await undo(spent)).toBe('undone');
    expect(await lying(keys.fund(DISTRICT, fund))).toMatchObject({ balance: 60 });
  });
});

describe('entries told together', () => {
  it('are foreseen one after the other', async () => {
    const household = freshHousehold();
    const fund = fresh('fund');
    const post = entry({ kind: 'post', household });
    const paid = () => entry({ kind: 'post-subsidy', post: post.id, household, month: '2023-03', amount: 1 });
    const applied = entry({ kind: 'award-application', household, amount: 100 });
    const step = { award: applied.id, household };
    const rows: [Entry, string][] = [
      [paid(), 'reference-unknown'],
      [post, 'recorded'],
      [paid(), 'recorded'],
      [paid(), 'post-month-recorded'],
      [applied, 'recorded'],
      [entry({ kind: 'award-payment', amount: 100, ...step }), 'award-step'],
      [entry({ kind: 'award-acceptance', accepted: true, ...step }), 'recorded'],
      [entry({ kind: 'award-payment', amount: 100, ...step, occurredOn: '2023-04-30' }), 'award-date-before'],
      [entry({ kind: 'award-payment', amount: 100, ...step }), 'recorded'],
      [entry({ kind: 'award-payment', amount: 1, ...step }), 'award-step'],
      [entry({ kind: 'donation-received', fund, amount: 10 }), 'recorded'],
      [entry({ kind: 'donation-spent', fund, amount: 10 }), 'recorded'],
      [entry({ kind: 'donation-spent', fund, amount: 1 }), 'fund-overspent'],
      [entry({ kind: 'training', household }), 'recorded'],
    ];
    const wanted = rows.map(([, outcome]) => outcome);
    expect(await foreseeAll(rows.map(([one]) => one))).toEqual(wanted);
    const came: string[] = [];
    for (const [one] of rows) came.push(await record(one));
    expect(came).toEqual(wanted);
    expect([effectsOf(entry({ kind: 'training', household })), await undo(entry({ kind: 'training' }))]).toEqual([
      [],
      'nothing',
    ]);
  });
});
