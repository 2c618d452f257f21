import { randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDays, dayOf } from '../../functions/domain/calendar.ts';
import { briefOf } from '../../functions/domain/reports/brief.ts';
import { asATask, auditBucket, ONE_ATTEMPT } from '../as-a-task.ts';
import { OTHER_VILLAGE, register, testId, VILLAGE } from '../playing-households.ts';
import { OFFICER, TestStack } from '../stack.ts';
import { killedEverywhere } from './killing.ts';
import { contents, restore } from './table.ts';

const DISTRICT = '440904';
const HOUSEHOLDS = 3;

let stack: TestStack;
let households: string[];
beforeAll(async () => {
  stack = await TestStack.start({ start: '2023-10-31T10:00:00+08:00' });
  households = await register(stack, HOUSEHOLDS);
  await asATask(stack, { ...ONE_ATTEMPT, AUDIT_BUCKET: await auditBucket(stack) });
});
afterAll(() => stack.stop());

const context: Context = Object({ awsRequestId: randomUUID() });
const instant = (at: string | number) => new Date(at).toISOString();
const former = (household: string) => ({
  household,
  episodes: [{ admittedOn: '2022-08-01', people: 1, caseType: 'marginal', risks: ['illness'], measures: [] }],
});

it('a daily close that is killed at any write leaves briefs as they are, and comes to the same when it is run again', async () => {
  const { handler } = await import('../../functions/tasks/upkeep/close-day.ts');
  const { readBriefFacts, readBriefFactsFromEvents } = await import('../../functions/store/reports/brief-facts.ts');
  const { readDivisions } = await import('../../functions/store/registry/divisions.ts');
  const divisions = await readDivisions(DISTRICT);
  if (divisions === undefined) throw new Error('There are no divisions.');
  const close = (at: string) => handler({ enteredAt: instant(at) }, context);
  expect(await close('2023-10-31T10:30:00+08:00')).toMatchObject({ closed: true });
  await stack.settle(7_200);
  const rows = households.map((household, n) => ({
    ...{ kind: 'housing-repair', region: VILLAGE, household, amount: 100 + n, occurredOn: '2023-10-31' },
  }));
  expect((await stack.post('/v1/ledger', OFFICER, { rows })).body.refused).toBe(0);
  const untouched = await contents();
  const midnight = '2023-11-01T00:30:00+08:00';
  expect(await close(midnight)).toMatchObject({ closed: true });
  const wanted = [...(await contents()).keys()].sort();

  const agree = async (): Promise<void> => {
    for (const region of [DISTRICT, VILLAGE]) {
      const asked = [region, '2023-11-01', instant('2023-11-01T08:00:00+08:00'), divisions] as const;
      const { facts } = await readBriefFactsFromEvents(...asked);
      expect(briefOf(await readBriefFacts(...asked, 'figures'), divisions, false)).toEqual(
        briefOf(facts, divisions, false),
      );
    }
  };
  const killed = await killedEverywhere(stack, ['BatchWriteItem', 'PutItem'], () => close(midnight), {
    before: () => restore(untouched),
    after: async () => {
      await agree();
      await close(midnight);
      expect([...(await contents()).keys()].sort()).toEqual(wanted);
      await agree();
    },
  });
  expect(killed).toBeGreaterThan(5);
});

describe('a change of the data key', () => {
  const rotation = () => import('../../operations/rotate-data-key/rewrite.ts');
  const table = () => process.env['TABLE_NAME'] ?? '';
  const rewrite = async () => (await rotation()).rewriteAll(table(), DISTRICT, () => undefined);

  /** Every number of the register, as an officer is shown it. */
  async function numbers(): Promise<string[]> {
    const { body } = await stack.get(`/v1/households?region=${VILLAGE}&limit=200`, OFFICER);
    const asked = body.items.flatMap(({ id, members }: { id: string; members: { person: string }[] }) => [
      ...[[id, { field: 'phone' }]],
      ...members.map(({ person }) => [id, { field: 'idNumber', person }]),
    ]);
    const shown: string[] = [];
    for (const [id, what] of asked) {
      const answer = await stack.post(`/v1/households/${id}/reveal`, OFFICER, { ...what, reason: '核对号码' });
      shown.push(`${id} ${what.field} ${answer.status} ${answer.body.value}`);
    }
    return shown.sort();
  }

  it('killed at any write goes on where it was, and nobody’s number is lost', async () => {
    const { addDataKey } = await rotation();
    const before = await numbers();
    expect(before.filter((line) => line.includes(testId(1, '19510115')))).toHaveLength(1);
    expect(await addDataKey(table(), DISTRICT)).toBe(2);
    const untouched = await contents();
    const killed = await killedEverywhere(stack, ['UpdateItem'], rewrite, {
      before: () => restore(untouched),
      after: async () => {
        expect(await numbers()).toEqual(before);
        expect((await rewrite()).left).toEqual([]);
        expect(await rewrite()).toMatchObject({ rewritten: 0, left: [] });
        expect(await numbers()).toEqual(before);
      },
    });
    expect(killed).toBeGreaterThan(11);
  });

  it('that two people make at once, while others write, loses no key and no change', async () => {
    const { addDataKey } = await rotation();
    const made = await Promise.allSettled([addDataKey(table(), DISTRICT), addDataKey(table(), DISTRICT)]);
    expect(made.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0);
    const changes = households.map(async (id, n) => {
      const { body } = await stack.get(`/v1/households/${id}`, OFFICER);
      const change = { kind: 'correction', on: dayOf(stack.local.clock.now()), phone: `1390000000${n}` };
      return (await stack.patch(`/v1/households/${id}`, OFFICER, { version: body.version, change })).status;
    });
    const [one, other, ...statuses] = await Promise.all([rewrite(), rewrite(), ...changes]);
    expect(statuses).toEqual(households.map(() => 200));
    // Of a text that both rewrite one has it, and the other leaves it.
    expect(one.rewritten + other.rewritten).toBeGreaterThan(0);
    expect((await rewrite()).left).toEqual([]);
    expect(await rewrite()).toMatchObject({ rewritten: 0, left: [] });
    const shown = await numbers();
    for (const [n, id] of households.entries()) expect(shown).toContain(`${id} phone 200 1390000000${n}`);
    expect(shown.filter((line) => line.includes(testId(1, '19510115')))).toHaveLength(1);
  });

  it('of which the answer was lost is a key more, and everything opens', async () => {
    const { addDataKey } = await rotation();
    stack.local.gateway.faults.add({ principal: 'operator', action: 'UpdateItem', kind: 'lose-answer', times: 1 });
    await expect(addDataKey(table(), DISTRICT)).rejects.toThrow();
    stack.local.gateway.faults.clear();
    const before = await numbers();
    await addDataKey(table(), DISTRICT);
    expect((await rewrite()).left).toEqual([]);
    expect(await numbers()).toEqual(before);
  });
});

describe('a run that writes the daily root', () => {
  it('killed at any write leaves no root or a whole one, and the next attempt ends with a whole one', async () => {
    const { handler } = await import('../../functions/tasks/upkeep/root-audit.ts');
    const { newestRoots, readHeads } = await import('../../functions/store/audit-roots.ts');
    const now = () => stack.local.clock.now();
    const run = () => handler({ enteredAt: instant(now()) }, context);
    const roots = async () => {
      const all = await newestRoots(DISTRICT, 1_000, now());
      for (const root of all) expect((await readHeads(root, now())).size).toBe(root.chains);
      return all;
    };
    const others = await register(stack, 30, OTHER_VILLAGE);
    let chains = 0;
    const more = async () => {
      const { status } = await stack.post('/v1/imports/cases', OFFICER, { rows: [former(others[chains] ?? '')] });
      expect(status).toBe(200);
      chains += 1;
    };
    const killed = await killedEverywhere(stack, ['PutObject'], run, {
      // A day of its own for each, on which something has happened: before one in the morning the schedule has not written its root.
      before: async () => {
        await stack.advance(`${addDays(dayOf(now()), 1)}T00:45:00+08:00`);
        await more();
      },
      after: async () => {
        const known = (await roots()).at(-1)?.on === dayOf(now()) ? chains : undefined;
        // What happens between the attempts is in a root that was not there yet.
        await more();
        expect(await run()).toEqual({ chains, written: known === undefined });
        expect((await roots()).at(-1)).toMatchObject({ on: dayOf(now()), chains: known ?? chains });
      },
    });
    expect(killed).toBeGreaterThan(3);
  });

  it('on a day on which the district has no chain writes an empty one', async () => {
    const { writeRoot } = await import('../../functions/store/audit-roots.ts');
    const { newestRoots, readHeads } = await import('../../functions/store/audit-roots.ts');
    const now = stack.local.clock.now();
    expect(await writeRoot('440905', now)).toMatchObject({ chains: 0, written: true });
    const [root] = await newestRoots('440905', 7, now);
    expect(root).toMatchObject({ chains: 0, parts: [] });
    if (root !== undefined) expect((await readHeads(root, now)).size).toBe(0);
  });
});
