import { globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { asATask } from '../as-a-task.ts';
import { conditionsOf } from '../mutations/conditions.ts';
import { TestStack } from '../stack.ts';
import { assistance } from './conditions/assistance.ts';
import { cases } from './conditions/cases.ts';
import { insurance } from './conditions/insurance.ts';
import { registry } from './conditions/registry.ts';
import { screening } from './conditions/screening.ts';

vi.mock('node:crypto', async (original) => {
  const crypto = await original<typeof import('node:crypto')>();
  return { ...crypto, randomBytes: vi.fn(crypto.randomBytes) };
});

const ROOM = 'functions/store';
const seen = { ...assistance, ...cases, ...insurance, ...registry, ...screening };

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start();
  await asATask(stack);
  // Whichever: the operator may use each of them.
  [process.env['PERSONAL_DATA_KEY']] = Object.keys(JSON.parse(readFileSync(join(stack.data, 'kms.json'), 'utf8')));
});
afterAll(() => stack.stop());

it('has a case for every condition of a write that stands in the store', () => {
  const all = globSync(`${ROOM}/**/*.ts`).flatMap((file) =>
    conditionsOf(relative(ROOM, file), readFileSync(file, 'utf8')).map(({ file: name, within }) => `${name} ${within}`),
  );
  expect(Object.keys(seen).sort()).toEqual(all.sort());
});

describe('without its condition this would be seen to go wrong:', () => {
  it.each(Object.entries(seen))('%s', (_, look) => look());
});
