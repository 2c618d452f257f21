import { expect } from 'vitest';
import { MOST_PHOTOGRAPHS } from '../../../functions/contracts/assistance/evidence-http.ts';
import type { Entry, HelpRequest, Reversal } from '../../../functions/contracts/assistance/ledger-entry.ts';
import { type Evidence, evidenceFor, recordEvidence } from '../../../functions/store/assistance/evidence.ts';
import { endHelp, putHelp, readHelp, record, reverse } from '../../../functions/store/assistance/ledger-entries.ts';
import { keys } from '../../../functions/store/keys.ts';
import { type Case, fresh, freshHousehold, lay, lying, refused } from './writing.ts';

const district = '440904';

function entry(fields: object): Entry {
  return Object({ id: fresh('entry'), occurredOn: '2023-04-01', region: district, ...fields });
}

function photograph(id: string, by = 'one'): Evidence {
  return Object({ id, by, of: { kind: 'entry', entry: 'e' } });
}

async function awardAt(status: string): Promise<{ award: string; household: string }> {
  const [award, household] = [fresh('entry'), freshHousehold()];
  await lay({ ...keys.award(award), household, status });
  return { award, household };
}

function help(): HelpRequest {
  return Object({ id: fresh('help'), household: freshHousehold(), dueOn: '2023-04-10' });
}

function reversal(of: Entry): Reversal {
  return Object({ ...of, id: fresh('entry'), kind: 'reversal', recordedAt: '2023-04-02T00:00:00.000Z' });
}

export const assistance: Readonly<Record<string, Case>> = {
  'assistance/evidence.ts recordEvidence 1': async () => {
    const place = fresh('place');
    await recordEvidence(place, photograph('a', 'one'));
    await recordEvidence(place, photograph('a', 'another'));
    expect((await evidenceFor(place, photograph('a').of)).map(({ by }) => by)).toEqual(['one']);
  },
  'assistance/evidence.ts recordEvidence 2': async () => {
    const place = fresh('place');
    await lay({ ...keys.evidenceCount(place, 'entry#e'), photographs: MOST_PHOTOGRAPHS });
    expect(await recordEvidence(place, photograph('a'))).toBe('full');
    expect(await evidenceFor(place, photograph('a').of)).toEqual([]);
  },
  'assistance/ledger-entries.ts putItem 1': async () => {
    const award = entry({ kind: 'award-application', household: freshHousehold() });
    expect([await record(award), await record(award)]).toEqual(['recorded', 'unchanged']);
  },
  'assistance/ledger-entries.ts moveFund 1': async () => {
    const fund = fresh('fund');
    await record(entry({ kind: 'donation-received', fund, amount: 100 }));
    const spend = (amount: number) => record(entry({ kind: 'donation-spent', fund, amount }));
    expect([await spend(60), await spend(60), await spend(40)]).toEqual(['recorded', 'fund-overspent', 'recorded']);
  },
  'assistance/ledger-entries.ts mustBe 1': async () => {
    const post = fresh('entry');
    await lay({ ...keys.post(post), household: freshHousehold() });
    const subsidy = entry({ kind: 'post-subsidy', post, household: freshHousehold() });
    expect(await record(subsidy)).toBe('reference-unknown');
  },
  'assistance/ledger-entries.ts awardStep 1': async () => {
    const applied = await awardAt('applied');
    expect(await record(entry({ kind: 'award-payment', ...applied }))).toBe('award-step');
    const accepted = await awardAt('accepted');
    const another = { ...accepted, household: freshHousehold() };
    expect(await record(entry({ kind: 'award-payment', ...another }))).toBe('award-step');
    expect(await record(entry({ kind: 'award-payment', ...accepted }))).toBe('recorded');
    expect(await record(entry({ kind: 'award-payment', ...accepted }))).toBe('award-step');
  },
  'assistance/ledger-entries.ts reverse 1': async () => {
    const given = entry({ kind: 'training', household: freshHousehold() });
    const never = reversal(given);
    expect(await reverse(given, never)).toBe('already-reversed');
    await record(given);
    expect(await reverse(given, reversal(given))).toBe('reversed');
    expect(await reverse(given, reversal(given))).toBe('already-reversed');
  },
  'assistance/ledger-entries.ts putHelp 1': async () => {
    const asked = help();
    await putHelp(asked);
    await putHelp({ ...asked, dueOn: '2024-01-01' });
    expect((await readHelp(asked.id))?.dueOn).toBe('2023-04-10');
  },
  'assistance/ledger-entries.ts endHelp 1': async () => {
    const asked = help();
    await putHelp(asked);
    await endHelp(asked);
    await refused(endHelp({ ...asked, dueOn: '2024-01-01' }));
    expect(await lying(keys.help(asked.id))).toMatchObject({ ended: true, doc: JSON.stringify(asked) });
  },
};
