import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BANK, DUE, PAYER, PayingDistrict } from '../../paying-district.ts';
import { claimOf, step } from '../../playing-claims.ts';
import { WORKER } from '../../playing-households.ts';
import type { TestStack } from '../../stack.ts';

let district: PayingDistrict;
let stack: TestStack;
beforeAll(async () => {
  district = await PayingDistrict.start(24);
  stack = district.stack;
});
afterAll(() => stack.stop());

describe('a batch whose process died', () => {
  const batches = '/v1/payouts/batches';
  const stages = async (found: { household: string }[]) =>
    await Promise.all(found.map(async ({ household }) => (await claimOf(stack, household)).stage));
  const fileOf = async (id: string): Promise<string> =>
    (await stack.get(`${batches}/${id}?format=pain.001`, BANK)).body;
  const withoutSweep = () =>
    stack.local.gateway.faults.add({ principal: 'shouwang-test-deliver-decisions', kind: 'fail-before' });

  it('at any of its writes is finished the next day by the very same request, one claim withdrawn meanwhile', async () => {
    const killed = [];
    const all = await district.claims(12);
    for (const nth of [1, 2, 3, 4, 5, 6]) {
      const found = all.slice(2 * nth - 2, 2 * nth);
      const request = district.batchOf(
        found.map(({ id }) => id),
        { reference: `B-${nth}` },
      );
      await district.crashing(nth, () => stack.post(batches, PAYER, request));
      withoutSweep();
      const [, second] = found;
      const withdrawal = { step: 'withdraw', reason: '家属要求撤回' };
      const { status } = await step(stack, await claimOf(stack, second.household), WORKER, withdrawal);
      killed.push({ nth, found, request, count: status === 200 ? 1 : 2 });
    }
    await stack.settle(86_400);
    for (const { nth, found, request, count } of killed) {
      const again = await stack.post(batches, PAYER, request);
      // Of the first write nothing was left: it is a new batch, for a day that is past.
      if (nth === 1) {
        expect(again.body.code).toBe('date-in-past');
        continue;
      }
      expect(again).toMatchObject({ status: 200, body: { count, executionOn: district.today() } });
      expect((await stages(found))[0]).toBe('payment-instructed');
      expect(await fileOf(again.body.id)).toContain(`<NbOfTxs>${count}</NbOfTxs>`);
      expect((await stack.post(batches, PAYER, request)).body).toEqual(again.body);
    }
    stack.local.gateway.faults.clear();
  });

  it('is finished by the five-minute sweep when nobody comes back', async () => {
    const found = await district.claims(2);
    await district.crashing(2, () =>
      stack.post(
        batches,
        PAYER,
        district.batchOf(
          found.map(({ id }) => id),
          { reference: 'B-7' },
        ),
      ),
    );
    await stack.settle(301);
    expect(await stages(found)).toEqual(['payment-instructed', 'payment-instructed']);
    const again = await stack.post(
      batches,
      PAYER,
      district.batchOf(
        found.map(({ id }) => id),
        { reference: 'B-7' },
      ),
    );
    expect(again).toMatchObject({ status: 200, body: { count: 2, sum: 2 * DUE } });
  });

  it('without a reference is known by its claims; a reference used for other claims is refused', async () => {
    const found = await district.claims(2);
    const ids = found.map(({ id }) => id);
    await district.crashing(2, () => stack.post(batches, PAYER, district.batchOf(ids)));
    withoutSweep();
    await stack.settle(86_400);
    const again = await stack.post(batches, PAYER, district.batchOf(ids));
    stack.local.gateway.faults.clear();
    expect(again).toMatchObject({ status: 200, body: { count: 2 } });
    const other = district.batchOf(ids.slice(1), { reference: 'B-7' });
    expect((await stack.post(batches, PAYER, other)).body.code).toBe('batch-differs');
  });
});
