import { randomBytes } from 'node:crypto';
import { expect, vi } from 'vitest';
import type { Erasure, Retention } from '../../../functions/contracts/registry/erasure.ts';
import type { Household } from '../../../functions/contracts/registry/household.ts';
import { keys } from '../../../functions/store/keys.ts';
import {
  endErasure,
  keepApproval,
  keepRetention,
  putErasure,
  putRetention,
} from '../../../functions/store/registry/erasing/erasures.ts';
import { rewriteItem, rewriteState } from '../../../functions/store/registry/erasing/rewriting.ts';
import {
  buryPerson,
  claimPerson,
  forgetPerson,
  leavePerson,
  movePerson,
  putNew,
  putVersion,
  releasePerson,
  replace,
} from '../../../functions/store/registry/households.ts';
import { markErased } from '../../../functions/store/registry/persons.ts';
import { readReveals, recordReveal } from '../../../functions/store/registry/reveals.ts';
import { transact } from '../../../functions/store/table.ts';
import {
  type Case,
  fresh,
  freshHousehold,
  lay,
  lying,
  meanwhile,
  once,
  refused,
  refusedAsSent,
  refusedItem,
  takeAway,
} from './writing.ts';

function household(changes: object = {}): Household {
  return Object({ id: freshHousehold(), status: 'registered', version: 1, ownPayouts: [], ...changes });
}

async function stored(changes: object = {}): Promise<Household> {
  const one = household(changes);
  await transact([putNew(one)]);
  return one;
}

async function person(in_: string, more: object = {}): Promise<string> {
  const hash = fresh('hash');
  await lay({ ...keys.person(hash), person: 'p', household: in_, ...more });
  return hash;
}

/** Two instances of a module that begin at once and both find nothing: the one that is first is what both go by. */
async function atOnce<M>(
  load: () => Promise<M>,
  key: { pk: string; sk: string },
  use: (module: M) => Promise<string>,
): Promise<void> {
  const before = await lying(key);
  await takeAway(key);
  vi.resetModules();
  const first = await load();
  vi.resetModules();
  const second = await load();
  // The second one has looked before the first has written, and writes after it.
  const table = await import('../../../functions/store/table.ts');
  let told = '';
  let isBefore = true;
  table.client.middlewareStack.add(
    (next, context) => async (args) => {
      if (isBefore && context['commandName'] === 'PutItemCommand') {
        isBefore = false;
        told = await use(first);
      }
      return await next(args);
    },
    { step: 'initialize', name: 'atOnce' },
  );
  try {
    expect(await use(second)).toBe(told);
    expect(isBefore).toBe(false);
  } finally {
    table.client.middlewareStack.remove('atOnce');
    if (before !== undefined) await lay(before);
  }
}

export const registry: Readonly<Record<string, Case>> = {
  'ids.ts openKey 1': () =>
    atOnce(
      () => import('../../../functions/store/ids.ts'),
      keys.idKey(),
      ({ idOf }) => idOf('case', 'h'),
    ),
  'registry/personal-data.ts wrappedKeys 1': () =>
    atOnce(
      () => import('../../../functions/store/registry/personal-data.ts'),
      keys.dataKey('440904'),
      async ({ personalData }) => (await personalData('440904')).hash('11010519491231002X'),
    ),
  'registry/reveals.ts recordReveal 1': async () => {
    const region = freshHousehold().slice(0, 12);
    const reveal = (reason: string): Parameters<typeof recordReveal>[0] => Object({ region, at: 'now', reason });
    // By chance, the same instant and the same nonce.
    vi.mocked(randomBytes).mockImplementation(() => Buffer.alloc(6));
    await recordReveal(reveal('核对'));
    await refusedAsSent(recordReveal(reveal('另一次')));
    vi.mocked(randomBytes).mockReset();
    expect((await readReveals(region)).map((one) => one.reason)).toEqual(['核对']);
  },
  'registry/households.ts putNew 1': () => once(putNew(household())),
  'registry/households.ts replace 1': async () => {
    const one = await stored();
    const changed = { ...one, version: 2 };
    await lay({ ...(await lying(keys.household(one.id))), activeCase: '{"id":"c"}' });
    await refusedItem(replace(one, changed));
    const two = await stored();
    await lay({ ...(await lying(keys.household(two.id))), ownPayouts: '[1]' });
    await refusedItem(replace(two, changed));
    const three = await stored();
    await once(replace(three, { ...three, version: 2 }));
  },
  'registry/households.ts putVersion 1': () => once(putVersion(freshHousehold(), Object({ version: 2 }))),
  'registry/households.ts claimPerson 1': async () => {
    const [here, elsewhere] = [freshHousehold(), freshHousehold()];
    const claim = (hash: string) => claimPerson(hash, 'p', here, '2023-05-01');
    await transact([claim(fresh('hash'))]);
    await transact([claim(await person(here))]);
    await refusedItem(claim(await person(elsewhere)));
    await refusedItem(claim(await person(here, { diedOn: '2023-01-01' })));
    await refusedItem(claim(await person(elsewhere, { leftOn: '2023-06-01' })));
    await transact([claim(await person(elsewhere, { leftOn: '2023-04-01' }))]);
  },
  'registry/households.ts movePerson 1': async () => {
    const [from, to] = [freshHousehold(), freshHousehold()];
    await once(movePerson(await person(from), 'p', from, to));
  },
  'registry/households.ts buryPerson 1': async () => {
    const hash = await person(freshHousehold());
    await refusedItem(buryPerson(hash, 'p', freshHousehold(), '2023-05-01'));
  },
  'registry/households.ts leavePerson 1': async () => {
    const here = freshHousehold();
    await once(leavePerson(await person(here), 'p', here, '2023-05-01'));
  },
  'registry/households.ts releasePerson 1': async () => {
    const hash = await person(freshHousehold());
    await refused(transact([releasePerson(hash, freshHousehold())]));
    expect(await lying(keys.person(hash))).toBeDefined();
  },
  'registry/households.ts forgetPerson 1': async () => {
    await transact([forgetPerson(fresh('hash'), 'p')]);
    const left = await person(freshHousehold(), { leftOn: '2023-01-01' });
    await refusedItem(forgetPerson(left, 'another'));
    await transact([forgetPerson(left, 'p')]);
    expect(await lying(keys.person(left))).toBeUndefined();
    await refusedItem(forgetPerson(await person(freshHousehold()), 'p'));
  },
  'registry/erasing/erasures.ts putRetention 1': async () => {
    const one = retention();
    await putRetention(DISTRICT, one);
    await refused(putRetention(DISTRICT, one));
  },
  'registry/erasing/erasures.ts keepRetention 1': async () => {
    const one = retention();
    await refused(keepRetention(DISTRICT, { ...one, status: 'approved' }));
    await putRetention(DISTRICT, one);
    await keepRetention(DISTRICT, { ...one, status: 'approved' });
    await refused(keepRetention(DISTRICT, { ...one, status: 'approved' }));
  },
  'registry/erasing/erasures.ts putErasure 1': async () => {
    const one = erasure();
    await putErasure(DISTRICT, one);
    await refused(putErasure(DISTRICT, one));
  },
  'registry/erasing/erasures.ts movedFrom 1': async () => {
    const one = erasure();
    const approved = { ...one, status: 'approved' as const, approvedBy: 'other', approvedAt: one.proposedAt };
    await refused(keepApproval(DISTRICT, one, approved));
    await putErasure(DISTRICT, one);
    await refused(endErasure(DISTRICT, approved, { ...approved, status: 'erased' }));
    // Somebody took a name out of it after it was read.
    await refused(keepApproval(DISTRICT, { ...one, reason: '读到时的理由' }, approved));
    await keepApproval(DISTRICT, one, approved);
    await refused(keepApproval(DISTRICT, one, approved));
  },
  'registry/persons.ts markErased 1': async () => {
    const erased = fresh('p');
    await transact([markErased(erased)]);
    const before = await lying(keys.erased(erased));
    await refusedItem(markErased(erased));
    expect(await lying(keys.erased(erased))).toEqual(before);
  },
  'registry/erasing/rewriting.ts rewriteItem 1': () => rewrittenOver(rewriteItem),
  'registry/erasing/rewriting.ts rewriteState 1': () => rewrittenOver(rewriteState),
};

const DISTRICT = '440904';

function retention(): Retention {
  return Object({ id: fresh('retention'), status: 'proposed', effectiveFrom: '2023-01-01' });
}

function erasure(): Erasure {
  const made = { household: freshHousehold(), proposedBy: 'one', proposedAt: '2023-01-01T00:00:00.000Z' };
  return Object({ id: fresh('erasure'), status: 'proposed', ...made });
}

/** What somebody else wrote meanwhile stays, and is rewritten as well. */
async function rewrittenOver(rewrite: typeof rewriteItem): Promise<void> {
  const key = { pk: fresh('case'), sk: 'CASE' };
  const item = (said: string) => ({ ...key, version: 1, doc: JSON.stringify({ said, name: 'somebody' }) });
  await lay(item('before'));
  await meanwhile(
    () => lay(item('meanwhile')),
    () => rewrite(item('before'), (held) => ({ ...Object(held), name: '' })),
  );
  expect(JSON.parse(String((await lying(key))?.['doc']))).toEqual({ said: 'meanwhile', name: '' });
}
