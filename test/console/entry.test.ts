import { afterAll, beforeAll, expect, test } from 'vitest';
import { fieldsOf, rowOf } from '../../console/screens/ledger/entry.ts';
import { type EntryKind, entryKinds } from '../../functions/contracts/assistance/ledger-entry.ts';
import { register, VILLAGE } from '../playing-households.ts';
import { OFFICER, TestStack } from '../stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start();
  await register(stack, 1);
});
afterAll(() => stack.stop());

test('the form asks of every kind of entry what the ledger wants, and what it sends is recorded', async () => {
  const household = `${VILLAGE}-0001`;
  const { body } = await stack.get(`/v1/households/${household}`, OFFICER);
  const { person } = body.members[0];
  const refs = new Map<string, string>();
  const filled = (kind: EntryKind): Record<string, unknown> =>
    Object.fromEntries(
      fieldsOf(kind).map(({ name, widget }) => {
        const values = {
          household,
          person,
          money: 12.34,
          count: 2,
          month: '2023-09',
          accepted: true,
          giverKind: 'union',
          ref: refs.get(name),
          text: '示例',
        };
        return [name, values[widget]];
      }),
    );
  for (const kind of entryKinds) {
    const row = rowOf(kind, { occurredOn: '2023-10-01', serial: `单据-${kind}`, note: '', ...filled(kind) }, '440904');
    const { body: answer } = await stack.post('/v1/ledger', OFFICER, { rows: [row] });
    expect([kind, answer.items?.[0]?.outcome, answer.items?.[0]?.problem]).toEqual([kind, 'recorded', undefined]);
    if (kind === 'post' || kind === 'goods') refs.set(kind, answer.items[0].id);
    if (kind === 'award-application') refs.set('award', answer.items[0].id);
    expect(row['region']).toBe('household' in row ? VILLAGE : '440904');
    if ('amount' in row) expect(row['amount']).toBe(1234);
    expect('note' in row).toBe(false);
  }
});
