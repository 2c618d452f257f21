import { casesCodes } from '../../console/words/codes/cases.ts';
import type { MeasureKind } from '../../functions/contracts/assistance/measure.ts';
import { now } from '../app/clock.ts';
import type { Said } from '../app/words.ts';
import type { Desk, List, OpenMeasure, Watched } from '../keep/desk.ts';
import type { Worklist } from '../rules/judge.ts';
import type { Request } from './server.ts';

const measureNames: Readonly<Record<string, Said>> = casesCodes.measure;

interface Rounds {
  items: { id: string; status: string }[];
}
interface Page<T> {
  items: T[];
  next?: string;
}
interface Case {
  id: string;
  household: string;
  measures: { id: string; kind: MeasureKind; status: string; plannedOn: string; startedOn?: string }[];
}

/** Fetches what a day without a signal needs, whole or not at all, and keeps it. @throws what Desk.call throws, NotKept */
export async function fetchList(desk: Desk): Promise<void> {
  const { village } = desk;
  if (village === undefined) return;
  const rounds = await desk.call<Rounds>({ route: 'listRounds' });
  const newest = [...rounds.items].sort((a, b) => (a.id < b.id ? 1 : -1));
  const round = newest.find(({ status }) => status === 'collecting') ?? newest[0];
  if (round === undefined) return;
  let page: Worklist | undefined;
  const items: Worklist['items'] = [];
  do {
    page = await desk.call<Worklist>({
      route: 'readWorklist',
      params: { id: round.id },
      query: { village, limit: '100', with: 'form', ...(page?.next === undefined ? {} : { cursor: page.next }) },
    });
    items.push(...page.items);
  } while (page.next !== undefined);
  const watch = await allOf<Watched>(desk, { route: 'readWatchList', query: { region: village } });
  const list: List = {
    fetchedAt: now(),
    village,
    round: round.id,
    status: page.status,
    items,
    form: page.form,
    watch,
    measures: await openMeasures(desk, village),
    sample: desk.me.role === 'surveyor' ? await drawn(desk, village, round.id) : [],
  };
  // Another village may have been chosen while this one's list was on its way.
  if (desk.village === village) await desk.keepList(list);
}

/** A list page by page, to its end: what is left off would be nobody's to visit. */
async function allOf<T>(desk: Desk, { query, ...request }: Request): Promise<T[]> {
  const items: T[] = [];
  let cursor: Record<string, string> = {};
  for (;;) {
    const page = await desk.call<Page<T>>({ ...request, query: { ...query, limit: '200', ...cursor } });
    items.push(...page.items);
    if (page.next === undefined) return items;
    cursor = { cursor: page.next };
  }
}

async function openMeasures(desk: Desk, village: string): Promise<OpenMeasure[]> {
  const open = await allOf<{ id: string }>(desk, { route: 'listCases', query: { region: village, stage: 'open' } });
  const measures: OpenMeasure[] = [];
  for (const { id } of open) {
    const found = await desk.call<Case>({ route: 'readCase', params: { id } });
    for (const { id: measure, kind, status, plannedOn, startedOn } of found.measures)
      if (status === 'planned' || status === 'under-way')
        measures.push({
          case: id,
          measure,
          household: found.household,
          // A newer server may know kinds that this page has no word for.
          name: measureNames[kind] ?? kind,
          status,
          since: startedOn ?? plannedOn,
        });
  }
  return measures;
}

async function drawn(desk: Desk, village: string, round: string): Promise<string[]> {
  const items = await allOf<{ household: string; state: string }>(desk, {
    route: 'readSample',
    params: { id: round },
    query: { region: village },
  });
  return items.flatMap(({ household, state }) => (state === 'cancelled' ? [] : [household]));
}
