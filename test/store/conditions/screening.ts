import { expect } from 'vitest';
import type { Brief } from '../../../functions/contracts/reports/brief.ts';
import type { Criteria } from '../../../functions/contracts/screening/criteria.ts';
import type { Round, Totals } from '../../../functions/contracts/screening/round.ts';
import type { Look, Scope } from '../../../functions/domain/reports/quality/difference.ts';
import { severityOf } from '../../../functions/domain/reports/quality/rules.ts';
import { placedInIndex } from '../../../functions/store/in-time.ts';
import { keys } from '../../../functions/store/keys.ts';
import { listBriefs, publishBrief } from '../../../functions/store/reports/briefs.ts';
import { explainFinding, readFindings, recordLooks } from '../../../functions/store/reports/findings.ts';
import { approveProposal, putProposal } from '../../../functions/store/screening/criteria.ts';
import {
  acceptVisits,
  closeDoors,
  missedItem,
  openVillage,
  readProgress,
  readRoster,
  recordMissed,
  recordReminder,
} from '../../../functions/store/screening/progress.ts';
import {
  claimRound,
  putEarlySealToken,
  putRound,
  readDistrict,
  readRound,
  readTotals,
  sealRound,
  startCollecting,
} from '../../../functions/store/screening/rounds.ts';
import { putSheet, readSheet } from '../../../functions/store/screening/sheets.ts';
import {
  type Case,
  fresh,
  freshHousehold,
  lay,
  lying,
  meanwhile,
  refused,
  refusedAsSent,
  refusedItem,
  takeAway,
} from './writing.ts';

/** A round of a district of its own. */
function round(changes: Partial<Round> = {}): Round {
  return Object({ id: '2023Q4', district: fresh('district'), status: 'opening', ...changes });
}

async function collecting(): Promise<Round> {
  const one = round();
  await putRound(one);
  await startCollecting(one.district, one.id, { households: 1, people: 1 });
  return one;
}

const totals: Record<string, Totals> = Object({ '440904': { households: 1 } });
const village = '440904001001';

async function open(): Promise<string> {
  const id = fresh('round');
  await openVillage(id, { village, expected: new Map([['0001', null]]) });
  return id;
}

function criteria(status: string): Criteria {
  return Object({ id: fresh('criteria'), status });
}

/** One finding of a village of its own. */
function found(): { region: string; looks: Look[]; scope: Scope; see: (looks: Look[]) => Promise<unknown> } {
  const household = freshHousehold();
  const region = household.slice(0, 12);
  const scope: Scope = { region, households: undefined, registered: new Set() };
  const looks: Look[] = [{ rule: 'WAGES_TOO_SMALL', subject: { household }, observed: [{ wages: 1 }] }].map((one) =>
    Object(one),
  );
  return {
    region,
    looks,
    scope,
    see: (seen) => recordLooks(seen, scope, { at: '2023-11-01', by: 'demand', severityOf }),
  };
}

export const screening: Readonly<Record<string, Case>> = {
  'in-time.ts placedInIndex 1': async () => {
    const [pk, sk] = [fresh('DECISION'), 'DECISION'];
    const item = { pk, sk, open: 'DECISION#440904', openSort: '440904001001#' };
    await lay(item);
    // Answered after it was listed: it has left the index and must not come into another.
    const answer = () => lay({ pk, sk, answer: 'yes' });
    await meanwhile(answer, () => placedInIndex([item], 'openAt', () => '2023-11-01'));
    expect(await lying({ pk, sk })).toEqual({ pk, sk, answer: 'yes' });
    await lay(item);
    await placedInIndex([item], 'openAt', () => '2023-11-01');
    expect(await lying({ pk, sk })).toMatchObject({ openAt: '2023-11-01' });
  },
  'reports/briefs.ts publishBrief 1': async () => {
    const region = fresh('440904');
    const brief: Brief = Object({ region });
    const publish = (publishedAt: string) => publishBrief({ round: '2023Q4', publishedAt, brief });
    await publish('2023-11-01');
    await publish('2023-12-01');
    expect((await listBriefs(region)).map(({ publishedAt }) => publishedAt)).toEqual(['2023-11-01']);
  },
  'reports/findings.ts put 1': async () => {
    const { region, looks, see } = found();
    await see(looks);
    const [finding] = await readFindings(region);
    if (finding === undefined) throw new Error('Nothing was found.');
    await explainFinding(finding.id, { reason: '已核实', by: 'one', at: '2023-11-02' });
    // Another run that had read before there was anything: it must not find it anew.
    const item = await lying(keys.finding(finding.id));
    await takeAway(keys.finding(finding.id));
    await meanwhile(
      () => lay({ ...item }),
      () => see(looks),
    );
    expect((await readFindings(region)).map(({ state }) => state)).toEqual(['explained']);
  },
  'reports/findings.ts reopen 1': async () => {
    const { region, looks, see } = found();
    await see(looks);
    await see([]);
    const [finding] = await readFindings(region);
    if (finding === undefined) throw new Error('Nothing was found.');
    expect(finding.state).toBe('corrected');
    const item = await lying(keys.finding(finding.id));
    await meanwhile(
      () => lay({ ...item, state: 'explained' }),
      () => see(looks),
    );
    expect((await readFindings(region)).map(({ state }) => state)).toEqual(['explained']);
  },
  'reports/findings.ts resolve 1': async () => {
    const { region, looks, see } = found();
    await see(looks);
    const [finding] = await readFindings(region);
    const explain = (by: string) => explainFinding(finding?.id ?? '', { reason: '已核实', by, at: '2023-11-02' });
    await explain('one');
    await refused(explain('another'));
  },
  'screening/criteria.ts putProposal 1': async () => {
    const one = criteria('proposed');
    await putProposal('440904', one);
    await refused(putProposal('440904', one));
  },
  'screening/criteria.ts approveProposal 1': async () => {
    const one = criteria('proposed');
    await putProposal('440904', one);
    await approveProposal('440904', { ...one, status: 'approved' });
    await refused(approveProposal('440904', { ...one, status: 'approved' }));
  },
  'screening/progress.ts openVillage 1': async () => {
    const id = await open();
    await acceptVisits(id, village, ['0001:visit']);
    await openVillage(id, { village, expected: new Map() });
    expect((await readProgress(id, village))?.accepted.size).toBe(1);
    expect((await readRoster(id, village))?.expected.size).toBe(1);
  },
  'screening/progress.ts acceptVisits 1': async () => {
    const id = await open();
    await acceptVisits(id, village, ['0001:early']);
    await closeDoors(id, [village]);
    expect(await acceptVisits(id, village, ['0001:early', '0001:late'])).toEqual(new Set(['0001:early']));
    expect((await readProgress(id, village))?.accepted).toEqual(new Set(['0001:early']));
  },
  'screening/progress.ts missedUpdate 1': async () => {
    const id = await open();
    await closeDoors(id, [village]);
    await refused(recordMissed(id, village, new Map([['0001', 'refused']])));
    await refusedItem(missedItem(id, village, '0001'));
  },
  'screening/progress.ts recordReminder 1': async () => {
    const id = await open();
    const days = async () => (await readProgress(id, village))?.reminders;
    await recordReminder(id, village, '2023-11-01');
    await recordReminder(id, village, '2023-11-01');
    expect(await days()).toEqual(['2023-11-01']);
    await closeDoors(id, [village]);
    await recordReminder(id, village, '2023-11-02');
    expect(await days()).toEqual(['2023-11-01']);
  },
  'screening/rounds.ts putRound 1': async () => {
    const one = round();
    await lay({ ...keys.round(one.district, one.id), status: 'sealed', doc: '{}' });
    await expect(putRound(one)).rejects.toMatchObject({ indices: [0] });
  },
  'screening/rounds.ts putRound 2': async () => {
    const one = round();
    await putRound(one);
    await expect(putRound({ ...one, id: '2024Q1' })).rejects.toMatchObject({ indices: [1] });
  },
  'screening/rounds.ts claimRound 1': async () => {
    const one = round();
    const claim = (execution: string) => claimRound(one.district, one.id, execution);
    expect(await claim('first')).toBe(false);
    await putRound(one);
    expect([await claim('first'), await claim('second'), await claim('first')]).toEqual([true, false, true]);
  },
  'screening/rounds.ts startCollecting 1': async () => {
    const one = await collecting();
    await sealRound(one, '2023-11-16T00:00:00Z', totals);
    await refusedAsSent(startCollecting(one.district, one.id, { households: 2, people: 2 }));
    expect(await readRound(one.district, one.id)).toMatchObject({ status: 'sealed', expectedHouseholds: 1 });
  },
  'screening/rounds.ts putEarlySealToken 1': async () => {
    await refusedAsSent(putEarlySealToken(fresh('district'), '2023Q4', 'token'));
  },
  'screening/rounds.ts sealRound 1': async () => {
    const one = await collecting();
    await sealRound(one, '2023-11-16T00:00:00Z', totals);
    // Even if the district should name it once more.
    await lay({ ...keys.district(one.district), openRound: one.id });
    await sealRound(one, '2023-12-01T00:00:00Z', {});
    expect((await readRound(one.district, one.id))?.sealedAt).toBe('2023-11-16T00:00:00Z');
    expect(await readTotals(one.district, one.id)).toEqual(totals);
  },
  'screening/rounds.ts sealRound 2': async () => {
    const one = await collecting();
    await lay({ ...keys.district(one.district), openRound: '2024Q1' });
    await refused(sealRound(one, '2023-11-16T00:00:00Z', totals));
    expect((await readDistrict(one.district)).openRound).toBe('2024Q1');
  },
  'screening/sheets.ts putSheet 1': async () => {
    const sheet = { round: fresh('round'), village, criteria: 'first', rules: '2023.1', rows: [] };
    await putSheet(sheet);
    await putSheet({ ...sheet, criteria: 'second' });
    expect((await readSheet(sheet.round, village))?.criteria).toBe('first');
  },
};
