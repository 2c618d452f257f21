import type { MeasureKind } from '../functions/contracts/assistance/measure.ts';
import type { RiskCode } from '../functions/contracts/cases/case.ts';
import type { Visit } from '../functions/contracts/screening/visit.ts';
import { villageOf } from '../functions/contracts/values.ts';
import { matches } from '../functions/domain/assistance/measures.ts';
import { eachOf } from '../functions/domain/concurrency.ts';

import { ApiClient, ApiError } from './client.ts';
import { illustrativeCriteria } from './criteria.ts';
import { Random } from './district/random.ts';
import { consent, official, share } from './officials.ts';
import { playReviews, type Stage } from './play-reviews.ts';
import { ProgressBar } from './progress.ts';
import type { SeedStack } from './seed-quarter.ts';

const OFFICER = { account: 'district-officer' };
/** The officer who starts closures and decides no step. */
const PROPOSER = { account: 'town-officer', person: 9 };
const AT_ONCE = 4;

interface CaseLine {
  id: string;
  household: string;
  stage: string;
  risks: RiskCode[];
}
interface HouseholdView {
  id: string;
  members: { person: string; age: number }[];
}

/**
 * Plays what follows a sealed round: every candidate is reviewed by officials of the right roles, cases get their measures, two rounds
 * later the eligible ones are closed, and each that misses a gate is refused with that gate's sentence.
 */
export async function playCases(stack: SeedStack): Promise<void> {
  const stage: Stage = { client: new ApiClient(stack.endpoints), clock: stack.clock };
  const candidates = await listCases(stage, 'stage=admission');
  console.log(`\n本轮封存后，${candidates.length} 户新的待纳入对象已自动启动纳入审核。`);
  await admit(stage, candidates);
  const open = await listCases(stage, 'stage=open');
  await assist(stage, open);
  await criteriaOf2024(stage);
  for (const round of ['2024Q1', '2024Q2']) await screenAgain(stage, round, open);
  await close(stage, open);
}

async function listCases({ client }: Stage, query: string): Promise<CaseLine[]> {
  const all: CaseLine[] = [];
  let cursor = '';
  do {
    const page = await client.get<{ items: CaseLine[]; next?: string }>(
      `/v1/cases?region=440904&limit=200&${query}${cursor}`,
      OFFICER,
    );
    all.push(...page.items);
    cursor = page.next === undefined ? '' : `&cursor=${page.next}`;
  } while (cursor !== '');
  return all;
}

async function admit(stage: Stage, candidates: readonly CaseLine[]): Promise<void> {
  const started = performance.now();
  const made = await playReviews(stage, async (pending, today) => consent(stage, pending, today, 5));
  const [open, rejected] = [await listCases(stage, 'stage=open'), await listCases(stage, 'stage=rejected')];
  const seconds = (performance.now() - started) / 1000;
  console.log(
    `纳入审核：${candidates.length} 户经 ${made} 次办理，纳入 ${open.length} 户，未纳入 ${rejected.length} 户，用时 ${seconds.toFixed(1)} 秒。`,
  );
}

const answers: readonly MeasureKind[] = [
  'employment',
  'industry',
  'health',
  'social-assistance',
  'housing',
  'drinking-water',
  'compulsory-education',
  'minimum-living-allowance',
];

/** A development measure for whoever can work, and one for each risk; each planned, begun and completed. One in twelve households waits for its last. */
async function assist(stage: Stage, open: readonly CaseLine[]): Promise<void> {
  const bar = new ProgressBar('帮扶措施', open.length);
  const today = dayOf(stage);
  await eachOf(open, AT_ONCE, async ({ id, household, risks }) => {
    const village = { account: 'village-worker', region: villageOf(household), person: 3 };
    const kinds = new Set<MeasureKind>(['employment']);
    for (const risk of risks) kinds.add(answers.find((kind) => matches(risk, kind)) ?? 'social-assistance');
    for (const kind of kinds) {
      const plan = {
        key: `measure-${kind}`,
        kind,
        plannedOn: today,
        responsible: official(id),
        funder: '区乡村振兴局',
      };
      const { measure } = await stage.client.post<{ measure: { id: string; status: string } }>(
        `/v1/cases/${id}/measures`,
        village,
        plan,
      );
      const path = `/v1/cases/${id}/measures/${measure.id}`;
      if (measure.status === 'planned')
        await stage.client.post(path, village, { change: { to: 'under-way', on: today } });
      if (!share(household, 8))
        await stage.client.post(path, village, {
          change: { to: 'completed', on: today, evidence: [`photo/${measure.id}`] },
        });
    }
    bar.add(1);
  });
  bar.end();
}

/** The year's own criteria, proposed by one officer and approved by another; marked illustrative like the others. */
async function criteriaOf2024({ client }: Stage): Promise<void> {
  const line = {
    year: 2024,
    region: '44',
    line: 860_000,
    status: 'illustrative',
    source: '示例数值，非广东省公布的监测线',
  };
  const terms = { ...illustrativeCriteria, effectiveFrom: '2024-01-01', lines: [...illustrativeCriteria.lines, line] };
  const { id, status } = await client.post<{ id: string; status: string }>('/v1/criteria', OFFICER, terms);
  if (status === 'proposed') await client.post(`/v1/criteria/${id}/approval`, { ...OFFICER, person: 2 }, {});
}

/** A round in which the villages visit the open cases first; the district seals it at its hard deadline, whoever is still missing. */
async function screenAgain(stage: Stage, round: string, open: readonly CaseLine[]): Promise<void> {
  const month = round.endsWith('Q1') ? '01' : '04';
  const day = `2024-${month}-12`;
  await advanceTo(stage, `${day}T18:00:00+08:00`);
  const bar = new ProgressBar(`${round} 走访监测户`, open.length);
  const villages = Map.groupBy(open, ({ household }) => villageOf(household));
  await eachOf([...villages], AT_ONCE, async ([village, cases]) => {
    const worker = { account: 'village-worker', region: village };
    const visits = await Promise.all(
      cases.map(async ({ household }) =>
        visitOf(await stage.client.get<HouseholdView>(`/v1/households/${household}`, worker), round, day),
      ),
    );
    const { refused } = await stage.client.post<{ refused: number }>(`/v1/rounds/${round}/visits`, worker, {
      village,
      visits,
    });
    if (refused > 0) throw new Error(`${refused} visits of ${village} were refused.`);
    bar.add(cases.length);
  });
  bar.end();
  await advanceTo(stage, `2024-${month === '01' ? '02-16' : '05-16'}T06:00:00+08:00`);
}

/** Most families have recovered; one in seven has not, for different reasons. */
function visitOf({ id, members }: HouseholdView, round: string, day: string): Visit {
  const trouble = new Random(id).int(0, 34);
  const people = members.length;
  const poor = trouble === 0;
  const guarantees = {
    food: true,
    clothing: true,
    compulsoryEducation: true,
    basicMedicalInsurance: true,
    housing: trouble !== 1,
    drinkingWater: true,
  };
  const wages = (poor ? 400_000 : round.endsWith('Q1') && trouble === 2 ? 6_000_000 : 1_800_000) * people;
  return {
    household: id,
    round,
    visitedOn: day,
    recordedAt: `${day}T15:00:00+08:00`,
    visitor: `village-worker-${villageOf(id)}`,
    purpose: 'screening',
    income: { wages, business: 0, property: 0, transfer: 0, businessCosts: 0 },
    insurancePayouts: 0,
    selfPaid: { medical: trouble === 3 ? 760_000 * people : 0, education: 0, other: 0 },
    guarantees,
    shocks: [],
    members: members.map(({ person, age }) => ({
      person,
      labour: trouble === 4 || age < 16 ? 'none' : 'weak',
      health: 'healthy',
      inSchool: age >= 6 && age < 16,
    })),
  };
}

/** Starts every closure. One that misses a gate is refused with that gate's sentence; an eligible one is reviewed. */
async function close(stage: Stage, open: readonly CaseLine[]): Promise<void> {
  const refusals = new Map<string, number>();
  const started = new Set<string>();
  await eachOf(open, AT_ONCE, async ({ id }) => {
    try {
      await stage.client.post(`/v1/cases/${id}/closure`, PROPOSER, { method: 'assisted' });
      started.add(id);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'gates-not-met') throw error;
      const { gates } = await stage.client.get<{ gates: { holds: boolean; sentence: string }[] }>(
        `/v1/cases/${id}/closure-check`,
        OFFICER,
      );
      const sentence = gates.flatMap(({ holds, sentence: told }) => (holds ? [] : [told])).join('');
      refusals.set(sentence, (refusals.get(sentence) ?? 0) + 1);
    }
  });
  await stage.clock.advance(stage.clock.now() + 1000);
  const made = await playReviews(stage, async (pending, today) => consent(stage, pending, today), started);
  const closed = await listCases(stage, 'stage=closed');
  console.log(
    `风险消除：${started.size} 户条件满足，经 ${made} 次办理，消除 ${closed.length} 户；${open.length - started.size} 户条件不满足：`,
  );
  for (const [sentence, count] of refusals) console.log(`  ${count} 户：${sentence}`);
}

async function advanceTo({ clock }: Stage, instant: string): Promise<void> {
  if (Date.parse(instant) > clock.now()) await clock.advance(Date.parse(instant));
}

function dayOf({ clock }: Stage): string {
  return new Date(clock.now() + 8 * 3_600_000).toISOString().slice(0, 10);
}
