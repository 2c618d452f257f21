import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InsuredFamilies } from '../../insured-families.ts';
import { pendingOf } from '../../playing-cases.ts';
import { claimOf, illness, insureWith, rosterOf, step } from '../../playing-claims.ts';
import { OTHER_VILLAGE, VILLAGE, WORKER } from '../../playing-households.ts';
import { type As, OFFICER, type TestStack } from '../../stack.ts';

const APPROVER: As = { account: 'insurer-approver' };

let families: InsuredFamilies;
let stack: TestStack;
beforeAll(async () => {
  families = await InsuredFamilies.start(4);
  ({ stack } = families);
});
afterAll(() => stack.stop());

/** A loss is a clue: until the review of it has ended its household stays where it is. */
async function endReview(household: string): Promise<void> {
  const { body: found } = await stack.get(`/v1/cases?region=440904&household=${household}`, OFFICER);
  const pending = await pendingOf(stack, found.items[0].id);
  const verdict = { verdict: 'reject', code: 'not-at-risk', reason: '保险已赔付，家庭收入稳定' };
  const verifier: As = { account: 'village-worker', region: VILLAGE, person: 7 };
  expect((await stack.post(`/v1/decisions/${pending?.id}`, verifier, { verdict })).status).toBe(200);
}

describe('the cap of a household', () => {
  it('leaves a household that has moved no second cap: what was approved before counts where it lives now', async () => {
    const who = families.next();
    const [, child] = who.people;
    if (child === undefined) throw new Error('The family has no child.');
    await insureWith(stack, rosterOf([who], '2021-01-01'), {
      product: { name: '前年条款', effectiveFrom: '2021-01-01', capPerHousehold: 300_000 },
      policy: { number: 'DB-FFP-2021', year: 2021, from: '2021-01-01', to: '2021-12-31' },
    });
    const eventOn = '2021-06-10';
    await families.play([who, 1, illness(900_000, 'DB-8691'), 'approval', { eventOn }]);
    const first = await claimOf(stack, who.household);
    const approved = await step(stack, first, APPROVER, { step: 'approve', amount: 200_000 });
    expect(approved.body.stage).toBe('approved');
    await endReview(who.household);
    for (const [from, number] of [
      [who.household, '0861'],
      [`${OTHER_VILLAGE}-0861`, '0862'],
    ] as const) {
      const { body } = await stack.get(`/v1/households/${from}`, OFFICER);
      const change = { kind: 'move', on: '2023-11-01', village: number === '0861' ? OTHER_VILLAGE : VILLAGE, number };
      const moved = await stack.patch(`/v1/households/${from}`, OFFICER, { version: body.version, change });
      expect([moved.status, moved.body.code]).toEqual([200, undefined]);
    }
    const household = `${VILLAGE}-0862`;
    const theirs = { eventOn, household, person: child.person };
    await families.play([who, 2, illness(900_000, 'DB-8692'), 'approval', theirs]);
    const second = await claimOf(stack, household);
    expect(second.adjudication.amount).toBe(100_000);
    expect(second.adjudication.steps).toContainEqual({
      step: 'household-cap',
      amount: 100_000,
      terms: { cap: 300_000, before: 200_000, left: 100_000 },
    });
    await step(stack, second, APPROVER, { step: 'approve', amount: 100_000 });
    await step(stack, await claimOf(stack, household), APPROVER, { step: 'withdraw', reason: '家属要求撤回' });
    expect(Object.keys(second)).not.toContain('capOf');
  });

  it('leaves households that were merged one cap: what either had drawn before counts for all of them', async () => {
    const [one, other] = [families.next(), families.next()];
    const [, child] = one.people;
    if (child === undefined) throw new Error('The family has no child.');
    await insureWith(stack, rosterOf([one, other], '2020-01-01'), {
      product: { name: '更早条款', effectiveFrom: '2020-01-01', capPerHousehold: 300_000 },
      policy: { number: 'DB-FFP-2020', year: 2020, from: '2020-01-01', to: '2020-12-31' },
    });
    const eventOn = '2020-06-10';
    await families.play(
      [one, 1, illness(900_000, 'DB-8681'), 'approval', { eventOn }],
      [other, 2, illness(900_000, 'DB-8682'), 'approval', { eventOn }],
    );
    const first = await claimOf(stack, one.household);
    expect((await step(stack, first, APPROVER, { step: 'approve', amount: 200_000 })).body.stage).toBe('approved');
    for (const { household } of [one, other]) await endReview(household);
    const versionOf = async (id: string) => (await stack.get(`/v1/households/${id}`, OFFICER)).body.version;
    // It moves before it is merged: what it drew stands under the number it began with.
    const moved = await stack.patch(`/v1/households/${one.household}`, OFFICER, {
      version: await versionOf(one.household),
      change: { kind: 'move', on: '2023-11-01', village: OTHER_VILLAGE, number: '0863' },
    });
    expect([moved.status, moved.body.code]).toEqual([200, undefined]);
    const merged = await stack.patch(`/v1/households/${OTHER_VILLAGE}-0863`, OFFICER, {
      version: await versionOf(`${OTHER_VILLAGE}-0863`),
      change: {
        kind: 'merge',
        on: '2023-11-02',
        into: other.household,
        intoVersion: await versionOf(other.household),
      },
    });
    expect([merged.status, merged.body.code]).toEqual([200, undefined]);

    // Adjudicated before the merge as if it had a cap of its own.
    const second = await claimOf(stack, other.household);
    const answer = await step(stack, second, APPROVER, { step: 'approve', amount: 200_000 });
    expect([answer.body.changed, answer.body.stage]).toEqual([true, 'surveyed']);
    await stack.settle(301);
    const again = await claimOf(stack, other.household);
    expect(again.adjudication.steps).toContainEqual({
      step: 'household-cap',
      amount: 100_000,
      terms: { cap: 300_000, before: 200_000, left: 100_000 },
    });
    expect((await step(stack, again, APPROVER, { step: 'approve', amount: 100_000 })).body.stage).toBe('approved');

    const third = { eventOn: '2020-06-12', household: other.household, person: child.person };
    await families.play([other, 3, illness(900_000, 'DB-8683'), 'approval', third]);
    const full = await claimOf(stack, other.household);
    expect(full.adjudication).toMatchObject({ outcome: 'limit-exhausted', amount: 0 });
    // What the absorbed household gives back is there for all of them.
    const stands = (await stack.get(`/v1/claims/${first.id}`, OFFICER)).body;
    const withdrawn = await step(stack, stands, WORKER, { step: 'withdraw', reason: '家属要求撤回' });
    expect([withdrawn.status, withdrawn.body.stage]).toEqual([200, 'withdrawn']);
    const rejected = await step(stack, full, APPROVER, { step: 'reject', code: 'limit-exhausted', reason: '已到上限' });
    expect([rejected.body.changed, rejected.body.stage]).toEqual([true, 'surveyed']);
    await stack.settle(301);
    expect((await claimOf(stack, other.household)).adjudication.amount).toBe(200_000);
  });
});
