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
  await lay({
    ...keys.award(award),
    household,
    status,
    amount: 100,
    appliedOn: '2023-04-01',
    acceptedOn: '2023-04-01',
  });
  return { award, household };
}

function paidOf(award: object): Entry {
  return entry({ kind: 'award-payment', amount: 100, ...award });
}

/** A post, and payments of the same month of it. */
async function postOf(): Promise<{ post: string; paying: () => Entry }> {
  const [post, household] = [fresh('entry'), freshHousehold()];
  await lay({ ...keys.post(post), household });
  return { post, paying: () => entry({ kind: 'post-subsidy', post, household, month: '2023-03', amount: 1 }) };
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
  'assistance/ledger-effects.ts moveFund 1': async () => {
    const fund = fresh('fund');
    await record(entry({ kind: 'donation-received', fund, amount: 100 }));
    const spend = (amount: number) => record(entry({ kind: 'donation-spent', fund, amount }));
    expect([await spend(60), await spend(60), await spend(40)]).toEqual(['recorded', 'fund-overspent', 'recorded']);
  },
  'assistance/ledger-effects.ts mustBe 1': async () => {
    const post = fresh('entry');
    await lay({ ...keys.post(post), household: freshHousehold() });
    const subsidy = entry({ kind: 'post-subsidy', post, household: freshHousehold(), month: '2023-03' });
    expect(await record(subsidy)).toBe('reference-unknown');
  },
  'assistance/ledger-effects.ts takeMonth 1': async () => {
    const { paying } = await postOf();
    expect([await record(paying()), await record(paying())]).toEqual(['recorded', 'post-month-recorded']);
  },
  'assistance/ledger-effects.ts giveMonthBack 1': async () => {
    const { post, paying } = await postOf();
    const paid = paying();
    await record(paid);
    await lay({ ...keys.postMonth(post, '2023-03'), entry: 'entry-of-another' });
    expect(await reverse(paid, reversal(paid))).toBe('post-month-recorded');
    expect(await lying(keys.postMonth(post, '2023-03'))).toMatchObject({ entry: 'entry-of-another' });
    await lay({ ...keys.postMonth(post, '2023-03'), entry: paid.id });
    expect(await reverse(paid, reversal(paid))).toBe('reversed');
    expect(await record(paying())).toBe('recorded');
  },
  'assistance/ledger-effects.ts awardStep 1': async () => {
    const applied = await awardAt('applied');
    expect(await record(paidOf(applied))).toBe('award-step');
    const accepted = await awardAt('accepted');
    expect(await record(paidOf({ ...accepted, household: freshHousehold() }))).toBe('award-step');
    expect(await record(paidOf({ ...accepted, occurredOn: '2023-03-31' }))).toBe('award-date-before');
    expect(await record(paidOf({ ...accepted, amount: 101 }))).toBe('award-amount');
    expect(await record(paidOf(accepted))).toBe('recorded');
    expect(await record(paidOf(accepted))).toBe('award-step');
  },
  'assistance/ledger-effects.ts awardStep 2': async () => {
    const accepted = (of: object) => entry({ kind: 'award-acceptance', accepted: true, ...of });
    const applied = await awardAt('applied');
    expect(await record(accepted({ ...applied, household: freshHousehold() }))).toBe('award-step');
    expect(await record(accepted({ ...applied, occurredOn: '2023-03-31' }))).toBe('award-date-before');
    expect(await record(accepted(applied))).toBe('recorded');
    expect(await record(accepted(applied))).toBe('award-step');
  },
  'assistance/ledger-effects.ts awardBack 1': async () => {
    const award = await awardAt('applied');
    const accepted = entry({ kind: 'award-acceptance', accepted: true, ...award });
    const paid = paidOf(award);
    await record(accepted);
    await record(paid);
    expect(await reverse(accepted, reversal(accepted))).toBe('award-went-on');
    expect(await reverse(paid, reversal(paid))).toBe('reversed');
    expect(await reverse(accepted, reversal(accepted))).toBe('reversed');
    expect(await lying(keys.award(award.award))).toMatchObject({ status: 'applied' });
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
