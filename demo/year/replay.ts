import { eachOf } from '../../functions/domain/concurrency.ts';

import { ApiClient, ApiError } from '../client.ts';
import { consent, official, share } from '../officials.ts';
import { playReviews, type Stage } from '../play-reviews.ts';
import { ProgressBar } from '../progress.ts';
import type { SeedStack } from '../seed-quarter.ts';
import { type LedgerRow, yearLedger } from './assistance.ts';
import { insureDistrict, settle, takeOff, takeOn, type YearInsurance } from './insurance.ts';
import { idOf, type PlannedCase, planYear, type YearPlan } from './plan.ts';
import { chunked, familiesChange, newborn, type Register, setUp } from './registry.ts';
import { yearVisit } from './visits.ts';

export const YEAR_START = '2023-01-01T08:00:00+08:00';
const OFFICER = { account: 'district-officer' };
/** The officer who starts closures and decides no step. */
const PROPOSER = { account: 'town-officer', person: 9 };
const SURVEYOR = { account: 'surveyor' };
/** Of a hundred drawn households the surveyor sees so many otherwise. */
const DISAGREEING_PERCENT = 3;
const AT_ONCE = 6;
/** Entries of the ledger in one request. */
const ENTRIES = 100;
const QUARTERS = [
  { round: '2023Q1', month: '01' },
  { round: '2023Q2', month: '04' },
  { round: '2023Q3', month: '07' },
  { round: '2023Q4', month: '10' },
] as const;

const LAST = QUARTERS[3];

interface Replay extends Stage {
  plan: YearPlan;
  register: Register;
  insurance: YearInsurance;
  bar: ProgressBar;
  /** Ids of entries by their rows' keys. */
  entries: Map<string, string>;
  ledger: LedgerRow[];
}

/** A part of the year, and how long it took to play. */
export interface Phase {
  name: string;
  seconds: number;
}

/**
 * Plays 2023 through the HTTP API and the workflows, under the virtual clock, by officials of the right roles: an imported register, four screened
 * quarters, admissions and closures up their ladders, insurance with its claims, a year of help. Nothing is written behind the API's back.
 */
export async function replayYear(stack: SeedStack): Promise<Phase[]> {
  const phases: Phase[] = [];
  const timed = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const started = performance.now();
    const result = await work();
    phases.push({ name, seconds: (performance.now() - started) / 1000 });
    return result;
  };
  const plan = planYear();
  const client = new ApiClient(stack.endpoints, () => stack.clock.now());
  const rounds = QUARTERS.length * plan.households.length;
  const bar = new ProgressBar('重放 2023 年', plan.households.length + rounds);
  const stage: Stage = { client, clock: stack.clock };
  const register = await timed('登记农户和原登记册', () => setUp(stage, plan, bar));
  const personOf = (household: YearPlan['birth'], place: number) =>
    register.get(idOf(household))?.[place]?.person ?? '';
  const insurance = await timed('投保', () => insureDistrict(stage, plan, register));
  const replay: Replay = {
    ...stage,
    plan,
    register,
    insurance,
    bar,
    entries: new Map(),
    ledger: yearLedger(plan, personOf),
  };

  const told: Record<string, () => Promise<unknown>> = {
    一季度排查: () => quarter(replay, QUARTERS[0]),
    一季度纳入: () => playReviews(stage, (pending, today) => consent(stage, pending, today)),
    一月帮扶: () => helpTill(replay, '2023-01-31'),
    监测对象的措施: () => planMeasures(replay),
    三月上旬帮扶: () => helpTill(replay, '2023-03-10'),
    孩子意外身故: () => childDies(replay),
    一季度理赔: () => claimsOn(replay, '2023-03-20', 0),
    三月帮扶: () => helpTill(replay, '2023-03-31'),
    二季度排查: () => quarter(replay, QUARTERS[1]),
    四月帮扶: () => helpTill(replay, '2023-05-06'),
    孩子出生: () => childIsBorn(replay),
    五月帮扶: () => helpTill(replay, '2023-05-20'),
    原有监测对象消除风险: () => close(replay, (planned) => planned.origin === 'imported-open' && !planned.stays),
    二季度理赔: () => claimsOn(replay, '2023-06-12', 1),
    六月帮扶: () => helpTill(replay, '2023-06-30'),
    三季度排查: () => quarter(replay, QUARTERS[2]),
    八月帮扶: () => helpTill(replay, '2023-08-12'),
    新纳入监测对象消除风险: () => close(replay, (planned) => planned.origin === 'admitted' && !planned.stays),
    三季度理赔: () => claimsOn(replay, '2023-09-04', 2),
    九月帮扶: () => helpTill(replay, '2023-09-30'),
    四季度排查: () => quarter(replay, QUARTERS[3]),
    四季度理赔: () => claimsOn(replay, '2023-11-15', 3),
    年末帮扶: () => helpTill(replay, '2023-12-31'),
  };
  for (const [name, work] of Object.entries(told)) await timed(name, work);
  bar.end();
  return phases;
}

/** The first story: a child dies in an accident, and is insured to that day. */
async function childDies({ plan, register, insurance, ...stage }: Replay): Promise<void> {
  await familiesChange(stage, plan, register, 'death');
  await takeOff(stage, insurance, plan);
}

async function childIsBorn({ plan, register, insurance, ...stage }: Replay): Promise<void> {
  await familiesChange(stage, plan, register, 'birth');
  await takeOn(stage, insurance, newborn());
}

async function advanceTo({ clock }: Stage, instant: string): Promise<void> {
  const to = Date.parse(instant);
  if (to > clock.now()) await clock.advance(to);
}

/** A quarter: the schedule opens it, every village submits in ten days, the district seals when all is covered. */
async function quarter(replay: Replay, { round, month }: (typeof QUARTERS)[number]): Promise<void> {
  const { client, plan, register, bar } = replay;
  await advanceTo(replay, `2023-${month}-11T09:00:05+08:00`);
  const villages = [...Map.groupBy(plan.households, ({ village }) => village)];
  for (let n = 0; n < 10; n += 1) {
    const day = `2023-${month}-${12 + n}`;
    await advanceTo(replay, `${day}T18:00:00+08:00`);
    await eachOf(
      villages.filter((_, place) => place % 10 === n),
      AT_ONCE,
      async ([village, households]) => {
        const worker = { account: 'village-worker', region: village };
        const results = households.map((household) => {
          const id = idOf(household);
          return {
            id,
            result: yearVisit(household, { round, day, planned: plan.cases.get(id), found: register.get(id) ?? [] }),
          };
        });
        const visits = results.flatMap(({ result }) => ('visit' in result ? [result.visit] : []));
        for (const batch of chunked(visits, 50)) {
          const { refused } = await client.post<{ refused: number }>(`/v1/rounds/${round}/visits`, worker, {
            village,
            visits: batch,
          });
          if (refused > 0) throw new Error(`${refused} visits of ${village} were refused.`);
        }
        const items = results.flatMap(({ id, result }) =>
          'missed' in result ? [{ household: id, reason: result.missed }] : [],
        );
        if (items.length > 0) await client.post(`/v1/rounds/${round}/missed`, worker, { village, items });
        bar.add(households.length);
      },
    );
  }
  if (round === LAST.round) await sampleAgain(replay, `2023-${month}-22`);
  await client.post(`/v1/rounds/${round}/seal`, OFFICER, {});
  for (let second = 0; second < 600; second += 1) {
    if ((await client.get<{ status: string }>(`/v1/rounds/${round}`, OFFICER)).status === 'sealed') break;
    await replay.clock.advance(replay.clock.now() + 1000);
  }
  // What follows the sealing: admissions are started, the brief is published.
  await replay.clock.advance(replay.clock.now() + 60_000);
}

/** The hired surveyor visits the drawn share of each town again, on a day after the villages'; most often they find what the village found. */
async function sampleAgain(replay: Replay, day: string): Promise<void> {
  const { client, plan, register } = replay;
  await advanceTo(replay, `${day}T18:00:00+08:00`);
  const drawn = new Set<string>();
  let cursor = '';
  do {
    const path = `/v1/rounds/${LAST.round}/sample?region=440904&open=true&limit=200${cursor}`;
    const page = await client.get<{ items: { household: string }[]; next?: string }>(path, SURVEYOR);
    for (const { household } of page.items) drawn.add(household);
    cursor = page.next === undefined ? '' : `&cursor=${page.next}`;
  } while (cursor !== '');
  const households = plan.households.filter((household) => drawn.has(idOf(household)));
  await eachOf([...Map.groupBy(households, ({ village }) => village)], AT_ONCE, async ([village, ours]) => {
    const visits = ours.flatMap((household) => {
      const id = idOf(household);
      const found = yearVisit(household, {
        round: LAST.round,
        day,
        planned: plan.cases.get(id),
        found: register.get(id) ?? [],
      });
      if (!('visit' in found)) return [];
      // Now and then the surveyor hears of a lost job that the village had not.
      const shocks = share(id, DISAGREEING_PERCENT) ? ['job-loss'] : [];
      return [{ ...found.visit, shocks, purpose: 'sample', visitor: 'surveyor' }];
    });
    const { refused } = await client.post<{ refused: number }>(`/v1/rounds/${LAST.round}/visits`, SURVEYOR, {
      village,
      visits,
    });
    if (refused > 0) throw new Error(`${refused} visits of the sample in ${village} were refused.`);
  });
}

/** Claims of a part of the year, from their report in the morning of a day on. */
async function claimsOn(replay: Replay, day: string, wave: number): Promise<void> {
  await advanceTo(replay, `${day}T09:00:00+08:00`);
  await settle(replay, replay.insurance, wave);
}

/** Enters the help up to a day, month by month. */
async function helpTill(replay: Replay, day: string): Promise<void> {
  await advanceTo(replay, `${day}T20:00:00+08:00`);
  const due = replay.ledger.filter(({ row }) => row.occurredOn <= day);
  replay.ledger = replay.ledger.filter(({ row }) => row.occurredOn > day);
  await record(
    replay,
    due.filter(({ after }) => after === undefined),
  );
  // Entries that follow another come later: an acceptance after its application, a payment after its acceptance.
  for (const group of [
    ...Map.groupBy(
      due.filter(({ after }) => after !== undefined),
      ({ row }) => row.occurredOn.slice(0, 7),
    ).values(),
  ]) {
    await record(
      replay,
      group.filter(({ row }) => row['kind'] !== 'award-payment'),
    );
    await record(
      replay,
      group.filter(({ row }) => row['kind'] === 'award-payment'),
    );
  }
}

async function record({ client, entries }: Replay, rows: readonly LedgerRow[]): Promise<void> {
  await eachOf(chunked(rows, ENTRIES), AT_ONCE, async (batch) => {
    const sent = batch.map(({ row, after }) =>
      after === undefined ? row : { ...row, [after.field]: entries.get(after.key) },
    );
    const { items, refused } = await client.post<{
      items: { id: string; outcome: string; problem?: { code: string } }[];
      refused: number;
    }>('/v1/ledger', OFFICER, { rows: sent });
    if (refused > 0)
      throw new Error(`The ledger refused: ${items.find(({ problem }) => problem !== undefined)?.problem?.code}.`);
    for (const [n, { key }] of batch.entries()) entries.set(key, items[n]?.id ?? '');
  });
}

interface CaseLine {
  id: string;
  household: string;
  risks: string[];
}

async function listCases({ client }: Stage, stage: string): Promise<CaseLine[]> {
  return (await client.get<{ items: CaseLine[] }>(`/v1/cases?region=440904&stage=${stage}&limit=200`, OFFICER)).items;
}

const answering: Record<string, string> = {
  illness: 'health',
  'unstable-employment': 'employment',
  education: 'other-education',
  'lack-of-labour': 'social-assistance',
};

/** A month after the opening: a development measure and one for each risk. Who leaves the list in 2023 has them completed by then. */
async function planMeasures(replay: Replay): Promise<void> {
  await advanceTo(replay, '2023-02-20T10:00:00+08:00');
  const { client, plan } = replay;
  const admitted = (await listCases(replay, 'open')).filter(
    ({ household }) => plan.cases.get(household)?.origin === 'admitted',
  );
  await eachOf(admitted, AT_ONCE, async ({ id, household, risks }) => {
    const village = { account: 'village-worker', region: household.slice(0, 12), person: 3 };
    const kinds = new Set(['employment', ...risks.map((risk) => answering[risk] ?? 'social-assistance')]);
    for (const kind of kinds) {
      // The widow's flexible work in the agarwood workshop, 80 yuan a day.
      const funder =
        household === idOf(plan.stories.widow) && kind === 'employment'
          ? '沉香工坊（灵活就业，每天 80 元）'
          : '区乡村振兴局';
      const wanted = { key: `measure-${kind}`, kind, plannedOn: '2023-02-20', responsible: official(id), funder };
      const { measure } = await client.post<{ measure: { id: string } }>(`/v1/cases/${id}/measures`, village, wanted);
      const path = `/v1/cases/${id}/measures/${measure.id}`;
      await client.post(path, village, { change: { to: 'under-way', on: '2023-02-20' } });
      if (!plan.cases.get(household)?.stays)
        await client.post(path, village, {
          change: { to: 'completed', on: '2023-02-20', evidence: [`photo/${measure.id}`] },
        });
    }
  });
}

/** Closures are asked for and go up their ladder; whoever is to leave the list must meet every gate. */
async function close(replay: Replay, who: (planned: PlannedCase) => boolean): Promise<void> {
  const { client, plan, clock } = replay;
  const wanted = (await listCases(replay, 'open')).filter(({ household }) => {
    const planned = plan.cases.get(household);
    return planned !== undefined && who(planned);
  });
  const started = new Set<string>();
  await eachOf(wanted, AT_ONCE, async ({ id, household }) => {
    try {
      await client.post(`/v1/cases/${id}/closure`, PROPOSER, { method: 'assisted' });
      started.add(id);
    } catch (error) {
      if (error instanceof ApiError) throw new Error(`The closure of ${household} was refused: ${error.code}.`);
      throw error;
    }
  });
  await clock.advance(clock.now() + 1000);
  await playReviews(replay, (pending, today) => consent(replay, pending, today), started);
}
