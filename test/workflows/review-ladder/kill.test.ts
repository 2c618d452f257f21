import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { admissionOf, agreeUntil, PROPOSER, screen, TOWN, visited } from '../../playing-cases.ts';
import { TestStack } from '../../stack.ts';
import { killedAtEachState, statesOfTemplate } from '../killing.ts';

/** Told by a review that ends otherwise; its own test is in machine.test.ts. */
const OTHER_END = ['Not approved'];

let folder = '';
let admission = '';
let closure = '';
/** One folder for both: a case that is open and may be closed, and a household whose admission has just been asked for. */
beforeAll(async () => {
  const stack = await TestStack.start({ start: '2022-10-11T10:00:00+08:00' });
  folder = stack.data;
  const [first, second] = await visited(stack, 2, '2022Q4');
  if (first === undefined || second === undefined) throw new Error('Two households are needed.');
  closure = await admissionOf(stack, first);
  await agreeUntil(stack, closure, first);
  for (const [key, kind] of [
    ['measure-1', 'employment'],
    ['measure-2', 'health'],
  ]) {
    const responsible = { account: 'h', name: '陈帮扶', unit: '镇农业办' };
    const { body } = await stack.post(`/v1/cases/${closure}/measures`, TOWN, {
      key,
      kind,
      plannedOn: '2022-10-17',
      responsible,
    });
    const path = `/v1/cases/${closure}/measures/${body.measure.id}`;
    await stack.post(path, TOWN, { change: { to: 'under-way', on: '2022-10-17' } });
    await stack.post(path, TOWN, { change: { to: 'completed', on: '2022-10-17', evidence: ['photo-9'] } });
  }
  await screen(stack, '2023Q1');
  await screen(stack, '2023Q2');
  await stack.advance('2023-04-17T09:00:00+08:00');
  const started = await stack.post(`/v1/cases/${closure}/closure`, PROPOSER, { method: 'assisted' });
  expect(started.status).toBe(201);
  admission = (await stack.post('/v1/clues', PROPOSER, { household: second.id, reason: '走访发现重病住院' })).body.case;
  await stack.stop({ keep: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(['admission', 'closure'] as const)('the %s', (procedure) => {
  it('killed at each state of the template, one start after the other, comes to the same end', async () => {
    const subject = procedure === 'admission' ? admission : closure;
    const workflow = `case-${procedure}` as const;
    const script = new URL('./killable.ts', import.meta.url);
    const environment = { PROCEDURE: procedure, CASE: subject };
    const { undisturbed, killed, states, kills } = await killedAtEachState({
      folder,
      script,
      environment,
      workflow,
      subject,
    });
    expect(undisturbed).toMatchObject({ stage: procedure === 'admission' ? 'open' : 'closed' });
    expect([...states, ...OTHER_END].sort()).toEqual(statesOfTemplate(workflow).sort());
    expect(kills).toBeGreaterThanOrEqual(states.length - 2);
    expect(killed).toEqual(undisturbed);
  });
});

it('keeps every state of both machines the same: they are one ladder', () => {
  expect(statesOfTemplate('case-closure')).toEqual(statesOfTemplate('case-admission'));
});
