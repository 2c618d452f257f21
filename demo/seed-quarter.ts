import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { householdIdOf } from '../functions/contracts/values.ts';
import { eachOf } from '../functions/domain/concurrency.ts';

import { ApiClient, ApiError } from './client.ts';
import { illustrativeCriteria } from './criteria.ts';
import { type DemoHousehold, demoDivisions, demoHouseholds, phoneOf } from './district/households.ts';
import { memberRow } from './district/people.ts';
import { demoVisit } from './district/visits.ts';
import { ProgressBar } from './progress.ts';

/** What the seed needs of a running stack: its addresses and its virtual clock. */
export interface SeedStack {
  endpoints: { api: string; issuer: string };
  clock: { now(): number; advance(to: number): Promise<void> };
  data: string;
}

/** The quarter the demonstration shows, and the instants its story passes. */
export const ROUND = '2023Q4';
export const QUARTER_START = '2023-10-10T09:00:00+08:00';
const OPENING = '2023-10-11T09:00:00+08:00';
const FIRST_DAY = 12;
const DAYS = 14;
const OFFICER = { account: 'district-officer' };
/** Requests under way at once, as if so many phones had reception. */
const PHONES = 4;
const IMPORT_ROWS = 250;

/** How far the seed is, beside the data: a killed seed goes on where it was; what it repeats is found unchanged. */
interface Done {
  imported: string[];
  submitted: string[];
}

/**
 * Plays the fourth quarter of 2023 through the HTTP API as officials would: import, criteria by two officers, the schedule opens
 * the round, every village submits, the district seals early when all is covered. Can be killed and started again at any point.
 * @param chosen which households there are; the whole district without it
 */
export async function seedQuarter(
  stack: SeedStack,
  chosen: (household: DemoHousehold) => boolean = () => true,
): Promise<{ submitSeconds: number; sealSeconds: number }> {
  const client = new ApiClient(stack.endpoints);
  const households = demoHouseholds(demoDivisions()).filter(chosen);
  const byVillage = Map.groupBy(households, ({ village }) => village);
  const done = remembered(stack.data);

  await approveCriteria(client);
  await importDistrict(client, households, done, stack.data);

  await moveTo(stack, OPENING);
  await until(stack, async () => (await roundStatus(client)) !== 'opening');
  if ((await roundStatus(client)) === 'sealed') return { submitSeconds: 0, sealSeconds: 0 };
  console.log(`第四季度排查已由日程于 ${OPENING.slice(0, 10)} 09:00 自动开展，名单已冻结。`);
  const submitSeconds = await submitDistrict(stack, client, byVillage, done);
  const sealSeconds = await seal(stack, client);
  return { submitSeconds, sealSeconds };
}

/** Loads the real divisions, once: they are the ground every stack stands on, an empty one too. */
export async function seedDivisions(endpoints: SeedStack['endpoints']): Promise<void> {
  const client = new ApiClient(endpoints);
  try {
    await client.get('/v1/divisions', OFFICER);
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'divisions-missing') throw error;
    await client.post('/v1/divisions', OFFICER, demoDivisions());
  }
}

async function approveCriteria(client: ApiClient): Promise<void> {
  const { id, status } = await client.post<{ id: string; status: string }>(
    '/v1/criteria',
    OFFICER,
    illustrativeCriteria,
  );
  if (status === 'proposed') await client.post(`/v1/criteria/${id}/approval`, { ...OFFICER, person: 2 }, {});
}

async function importDistrict(client: ApiClient, households: DemoHousehold[], done: Done, data: string): Promise<void> {
  const batches = Array.from({ length: Math.ceil(households.length / IMPORT_ROWS) }, (_, n) =>
    households.slice(n * IMPORT_ROWS, (n + 1) * IMPORT_ROWS),
  );
  const rest = batches.map((batch, n) => ({ key: String(n), batch })).filter(({ key }) => !done.imported.includes(key));
  if (rest.length === 0) return;
  const bar = new ProgressBar(
    '登记农户',
    rest.reduce((sum, { batch }) => sum + batch.length, 0),
  );
  await eachOf(rest, PHONES, async ({ key, batch }) => {
    const rows = batch.map(({ village, number, members }) => ({
      village,
      number,
      phone: phoneOf({ village, number }),
      origin: 'lifted',
      registeredOn: '2023-01-01',
      members: members.map(memberRow),
    }));
    const { refused } = await client.post<{ refused: number }>('/v1/households:import', OFFICER, { rows });
    if (refused > 0) throw new Error(`${refused} invented households were refused.`);
    done.imported.push(key);
    remember(data, done);
    bar.add(batch.length);
  });
  bar.end();
}

async function submitDistrict(
  stack: SeedStack,
  client: ApiClient,
  byVillage: Map<string, DemoHousehold[]>,
  done: Done,
): Promise<number> {
  const villages = [...byVillage.keys()];
  const rest = villages.filter((village) => !done.submitted.includes(village));
  const bar = new ProgressBar(
    '入户排查',
    rest.reduce((sum, village) => sum + (byVillage.get(village)?.length ?? 0), 0),
  );
  for (let n = 0; n < DAYS; n += 1) {
    const day = `2023-10-${FIRST_DAY + n}`;
    await moveTo(stack, `${day}T18:00:00+08:00`);
    const today = rest.filter((village) => villages.indexOf(village) % DAYS === n);
    await eachOf(today, PHONES, async (village) => {
      const households = byVillage.get(village) ?? [];
      await submitVillage(client, village, households, day);
      done.submitted.push(village);
      remember(stack.data, done);
      bar.add(households.length);
    });
  }
  return bar.end();
}

interface Worklist {
  items: { household: { id: string; members: { person: string }[] } }[];
  next?: string;
}

/** What a village worker's phone does: fetch the worklist, fill in the forms, send them in batches, say why somebody was missed. */
async function submitVillage(
  client: ApiClient,
  village: string,
  households: readonly DemoHousehold[],
  day: string,
): Promise<void> {
  const worker = { account: 'village-worker', region: village };
  const persons = new Map<string, string[]>();
  let cursor = '';
  do {
    const page = await client.get<Worklist>(
      `/v1/rounds/${ROUND}/worklist?village=${village}&limit=200${cursor}`,
      worker,
    );
    for (const { household } of page.items)
      persons.set(
        household.id,
        household.members.map(({ person }) => person),
      );
    cursor = page.next === undefined ? '' : `&cursor=${page.next}`;
  } while (cursor !== '');
  const results = households.map((household) => {
    const id = householdIdOf(village, household.number);
    return { id, result: demoVisit(household, ROUND, day, persons.get(id) ?? []) };
  });
  const visits = results.flatMap(({ result }) => ('visit' in result ? [result.visit] : []));
  for (let start = 0; start < visits.length; start += 25) {
    const { refused } = await client.post<{ refused: number }>(`/v1/rounds/${ROUND}/visits`, worker, {
      village,
      visits: visits.slice(start, start + 25),
    });
    if (refused > 0) throw new Error(`${refused} invented visits of ${village} were refused.`);
  }
  const items = results.flatMap(({ id, result }) =>
    'missed' in result ? [{ household: id, reason: result.missed }] : [],
  );
  if (items.length > 0) await client.post(`/v1/rounds/${ROUND}/missed`, worker, { village, items });
}

async function seal(stack: SeedStack, client: ApiClient): Promise<number> {
  const started = performance.now();
  await client.post(`/v1/rounds/${ROUND}/seal`, OFFICER, {});
  await until(stack, async () => (await roundStatus(client)) === 'sealed');
  return (performance.now() - started) / 1000;
}

async function roundStatus(client: ApiClient): Promise<string> {
  try {
    return (await client.get<{ status: string }>(`/v1/rounds/${ROUND}`, OFFICER)).status;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return 'opening';
    throw error;
  }
}

async function moveTo(stack: SeedStack, instant: string): Promise<void> {
  const to = Date.parse(instant);
  if (to >= stack.clock.now()) await stack.clock.advance(to);
}

/** Ten minutes of virtual time: longer than every retry of a task that fails for a moment. */
const PATIENCE_SECONDS = 600;

/** Moves the clock second by second until something holds: a task that waits to be retried is not waited for in vain. */
async function until(stack: SeedStack, holds: () => Promise<boolean>): Promise<void> {
  for (let second = 0; second < PATIENCE_SECONDS; second += 1) {
    if (await holds()) return;
    await stack.clock.advance(stack.clock.now() + 1000);
  }
  throw new Error(
    'The workflow did not come to its end. Its history tells why: GetExecutionHistory, or the logs in the data folder.',
  );
}

function remembered(data: string): Done {
  const file = join(data, 'seed.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { imported: [], submitted: [] };
}

function remember(data: string, done: Done): void {
  const file = join(data, 'seed.json');
  writeFileSync(`${file}.new`, JSON.stringify(done));
  renameSync(`${file}.new`, file);
}
