import { build } from 'esbuild';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { illustrativeCriteria } from '../../demo/criteria.ts';
import { demoDivisions, demoHouseholds } from '../../demo/district/households.ts';
import { demoVisit } from '../../demo/district/visits.ts';
import { viewOf } from '../../functions/api/registry/households/view.ts';
import type { Household } from '../../functions/contracts/registry/household.ts';
import type { Criteria } from '../../functions/contracts/screening/criteria.ts';
import type { Previous } from '../../functions/contracts/screening/round.ts';
import { signalIds } from '../../functions/contracts/screening/triage.ts';
import { householdIdOf, numberOf } from '../../functions/contracts/values.ts';
import { judgeVisit } from '../../functions/domain/screening/submission.ts';
import { openBrowser } from '../browser/browser.ts';

const DAY = '2023-10-12';
const NOW = Date.parse(`${DAY}T20:00:00+08:00`);
const criteria: Criteria = {
  ...illustrativeCriteria,
  id: 'c-000000000000',
  status: 'approved',
  proposedBy: 'district-officer',
  proposedAt: '2023-01-01T00:00:00.000Z',
};
let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

/** Each household as the server holds it; every few with an earlier income, money of our own claims, or an open case, as a year brings them. */
const cases = demoHouseholds(demoDivisions()).map((household, n) => {
  const id = householdIdOf(household.village, household.number);
  const persons = household.members.map((_, place) => `p-${String(n * 10 + place).padStart(16, '0')}`);
  const stored: Household = {
    id,
    origin: n % 9 === 0 ? 'general' : 'lifted',
    status: 'registered',
    version: 1,
    registeredOn: '2023-01-01',
    members: household.members.map(({ name, relation }, place) => ({
      person: persons[place] ?? '',
      name,
      relation,
      sex: 'male' as const,
      birthYear: 1970,
      idCipher: 'secret',
      idMasked: '440904********0000',
    })),
    ownPayouts:
      n % 5 === 0
        ? [
            { claim: 'claim-0000000000000000', paidOn: '2023-05-01', amount: 300_000 },
            { claim: 'claim-0000000000000001', paidOn: '2022-10-12', amount: 900_000 },
          ]
        : [],
    ...(n % 40 === 0 ? { activeCase: { id: 'case-0000000000000000', stage: 'open' as const } } : {}),
    ...(n % 40 === 1 ? { activeCase: { id: 'case-0000000000000001', stage: 'admission' as const } } : {}),
  };
  const previous: Previous | null = n % 3 === 0 ? { perCapita: 4_000_000, round: '2023Q3', class: 'secure' } : null;
  const result = demoVisit(household, '2023Q4', DAY, persons);
  const other = demoVisit(household, '2023Q1', DAY, persons);
  const found = 'visit' in result ? result.visit : 'visit' in other ? { ...other.visit, round: '2023Q4' } : undefined;
  if (found === undefined) throw new Error('The household is missed twice.');
  return { stored, previous, visit: { ...found, recordedAt: `${DAY}T18:00:00+08:00` } };
});

test('all 10,369 visits are judged on the phone as on the server, by the code that is built for phones', async () => {
  expect(cases).toHaveLength(10_369);
  const server = cases.map(({ stored, previous, visit }) =>
    judgeVisit(
      visit,
      {
        round: '2023Q4',
        village: stored.id.slice(0, 12),
        bySurveyor: false,
        roster: { village: stored.id.slice(0, 12), expected: new Map([[numberOf(stored.id), previous]]) },
        household: stored,
        lastSealedAt: '2023-07-31T16:00:00.000Z',
        now: NOW,
      },
      criteria,
    ),
  );
  const { outputFiles } = await build({
    entryPoints: ['field/rules/judge.ts'],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'rules',
    target: ['chrome80', 'es2020'],
  });
  const page = await browser.newPage();
  await page.addScriptTag({ content: outputFiles[0]?.text ?? '' });
  // What the worklist brings: masked, without ciphers and without the payouts, which come beside it.
  const brought = cases.map(({ stored, previous, visit }) => ({
    visit,
    item: {
      household: viewOf(stored, DAY),
      state: 'open',
      missed: null,
      previousPerCapita: previous?.perCapita ?? null,
      previousClass: previous?.class ?? null,
      form: { ownPayouts: stored.ownPayouts, lastVisit: null, visits: [] },
    },
  }));
  const round = { criteria, due: '2023-10-31', hardDeadline: '2023-11-15', lastSealedAt: '2023-07-31T16:00:00.000Z' };
  const phone = [];
  for (let start = 0; start < brought.length; start += 2_000) {
    const part = JSON.stringify([brought.slice(start, start + 2_000), round, NOW]);
    const judged = await page.evaluate(
      `{ const [all, round, now] = ${part}; JSON.stringify(all.map(({ visit, item }) => rules.judgeHere(visit, item, round, { round: '2023Q4', bySurveyor: false, now }))) }`,
    );
    phone.push(...JSON.parse(String(judged)));
  }
  expect(phone).toEqual(JSON.parse(JSON.stringify(server)));
  // The comparison means something: every class is there, and most rules fire.
  const fired = new Set(server.flatMap(({ triage }) => triage?.signals.map(({ id }) => id) ?? []));
  expect(new Set(server.map(({ triage }) => triage?.class)).size).toBe(3);
  expect(signalIds.filter((id) => !fired.has(id)).length).toBeLessThanOrEqual(5);
});
