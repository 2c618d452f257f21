import { type DemoHousehold, demoDivisions } from '../district/households.ts';
import { Random } from '../district/random.ts';
import { idOf, type YearPlan } from './plan.ts';

const YUAN = 100;
const LINGMEN = '440904101';
const courses = ['粤菜师傅', '南粤家政', '农村电商'] as const;
/** One house each in three villages of Lingmen, 64,000 yuan in all. */
const repairs: readonly (readonly [village: string, yuan: number])[] = [
  ['440904101211', 21_500],
  ['440904101214', 22_300],
  ['440904101212', 20_200],
];

/** A row of the ledger as it is posted; `after` names the row whose entry it needs, by the key that row has. */
export interface LedgerRow {
  key: string;
  after?: { field: 'post' | 'award' | 'goods'; key: string };
  row: Readonly<Record<string, unknown>> & { occurredOn: string };
}

/** The people of a household as the register names them, by place. */
export type PersonOf = (household: DemoHousehold, place: number) => string;

/** The whole year's help, so that its sums are the article's (dianbai-2023.json). By the day it happened. */
export function yearLedger(plan: YearPlan, personOf: PersonOf): LedgerRow[] {
  const random = new Random('ledger');
  const rows: LedgerRow[] = [];
  const able = plan.households.filter(({ labour }) => labour);
  const day = (month: number) => `2023-${two(month)}-${two(random.int(1, 28))}`;
  const at = (household: DemoHousehold) => ({ region: household.village, household: idOf(household) });
  const add = (key: string, row: LedgerRow['row'], after?: LedgerRow['after']) =>
    rows.push({ key, row, ...(after === undefined ? {} : { after }) });
  const pool = random.shuffle([...able]);
  const next = () => {
    const household = pool.pop();
    if (household === undefined) throw new Error('The district has no more households with labour.');
    return household;
  };
  const worker = (household: DemoHousehold) =>
    personOf(
      household,
      household.members.findIndex(({ state }) => state.labour !== 'none'),
    );

  for (let n = 0; n < 832; n += 1) {
    const household = next();
    add(`placed-${n}`, {
      kind: 'placement',
      occurredOn: day(1 + (n % 12)),
      ...at(household),
      person: worker(household),
      employer: `帮扶车间${1 + (n % 40)}`,
    });
  }
  for (let n = 0; n < 36; n += 1) {
    const household = next();
    add(`startup-${n}`, {
      kind: 'start-up',
      occurredOn: day(2 + (n % 10)),
      ...at(household),
      person: worker(household),
      trade: '家庭农场',
    });
  }
  for (let n = 0; n < 556; n += 1) {
    const household = next();
    add(`trained-${n}`, {
      kind: 'training',
      occurredOn: day(3 + (n % 9)),
      ...at(household),
      person: worker(household),
      course: courses[n % courses.length],
    });
  }
  // 533 registered unemployed, hired by 41 enterprises.
  for (const [n, people] of spread(533, 41).entries()) {
    add(`hired-${n}`, {
      kind: 'unemployed-hired',
      occurredOn: day(2 + (n % 10)),
      region: '440904',
      people,
      employer: `千企帮扶企业${n + 1}`,
    });
  }
  posts(plan, { add, at, worker, next, random });
  awards(plan, { add, at, random });
  for (const [n, amount] of spread(43_000_000, 172).entries()) {
    add(`loan-${n}`, {
      kind: 'loan',
      occurredOn: day(1 + (n % 12)),
      region: random.pick(demoDivisions().towns).code,
      borrower: `种养主体${n + 1}`,
      amount: amount * YUAN,
      funder: '信用社',
    });
  }
  donations({ add, day });
  for (const [n, personTimes] of spread(1_112, 34).entries()) {
    add(`jobs-${n}`, {
      kind: 'company-jobs',
      occurredOn: day(1 + (n % 12)),
      region: '440904',
      company: `社会企业${n + 1}`,
      personTimes,
    });
  }
  const lingmen = able.filter(({ village }) => village.startsWith(LINGMEN));
  if (lingmen.length < 245) throw new Error(`Lingmen has only ${lingmen.length} households with labour.`);
  for (const [n, household] of lingmen.slice(0, 245).entries())
    add(`visit-${n}`, {
      kind: 'team-visit',
      occurredOn: day(2 + (n % 10)),
      ...at(household),
      team: '岭门镇驻镇帮镇扶村工作队',
    });
  for (const [n, [village, yuan]] of repairs.entries()) {
    const household = plan.households.find((one) => one.village === village);
    if (household === undefined) throw new Error(`Village ${village} has no household.`);
    add(`repair-${n}`, {
      kind: 'housing-repair',
      occurredOn: `2023-0${5 + n}-12`,
      ...at(household),
      amount: yuan * YUAN,
      funder: '驻镇帮镇扶村资金',
    });
  }
  // The three sheep of the second story, and their two lambs. Its post is the sixth; the widow's work is a measure of her case.
  const { sheep } = plan.stories;
  add('sheep', {
    kind: 'goods',
    occurredOn: '2023-03-18',
    ...at(sheep),
    what: '山羊',
    quantity: 3,
    funder: '驻镇工作队',
  });
  add(
    'lambs',
    { kind: 'offspring', occurredOn: '2023-09-20', ...at(sheep), quantity: 2 },
    { field: 'goods', key: 'sheep' },
  );
  return rows.sort((a, b) =>
    a.row.occurredOn === b.row.occurredOn ? (a.key < b.key ? -1 : 1) : a.row.occurredOn < b.row.occurredOn ? -1 : 1,
  );
}

interface Pen {
  add: (key: string, row: LedgerRow['row'], after?: LedgerRow['after']) => void;
  at: (household: DemoHousehold) => { region: string; household: string };
  worker: (household: DemoHousehold) => string;
  next: () => DemoHousehold;
  random: Random;
}

/** Lingmen's households with labour, from all its villages: who has a post has no award. */
function ableOfLingmen({ households }: YearPlan): DemoHousehold[] {
  return new Random('lingmen').shuffle(
    households.filter(({ village, labour }) => labour && village.startsWith(LINGMEN)),
  );
}

/** 200 posts, five of them in Lingmen; every month's subsidy on its 25th. Lingmen's sum to 100,000 yuan, all to 3,888,000. */
function posts(plan: YearPlan, { add, at, worker, next }: Pen): void {
  const lingmen = ableOfLingmen(plan).slice(0, 5);
  const holders = [...lingmen, plan.stories.sheep];
  while (holders.length < 200) {
    const household = next();
    if (!household.village.startsWith(LINGMEN)) holders.push(household);
  }
  const own = spread(10_000_000, 60);
  const others = spread(378_800_000, 195 * 12);
  for (const [n, household] of holders.entries()) {
    add(`post-${n}`, {
      kind: 'post',
      occurredOn: '2023-01-03',
      ...at(household),
      person: worker(household),
      duty: ['保洁', '护林', '护路', '护河'][n % 4],
    });
    for (let month = 1; month <= 12; month += 1) {
      const amount = n < 5 ? own[n * 12 + month - 1] : others[(n - 5) * 12 + month - 1];
      add(
        `subsidy-${n}-${two(month)}`,
        {
          kind: 'post-subsidy',
          occurredOn: `2023-${two(month)}-25`,
          ...at(household),
          month: `2023-${two(month)}`,
          amount,
        },
        { field: 'post', key: `post-${n}` },
      );
    }
  }
}

/** Applications, acceptance on site, payment; 24 in Lingmen with 20,000 yuan, all with 310,000. */
function awards(plan: YearPlan, { add, at, random }: Pick<Pen, 'add' | 'at' | 'random'>): void {
  const able = plan.households.filter(({ labour }) => labour);
  const lingmen = ableOfLingmen(plan).slice(5, 29);
  const others = random.shuffle(able.filter(({ village }) => !village.startsWith(LINGMEN))).slice(0, 200);
  const own = spread(2_000_000, 24);
  const rest = spread(29_000_000, 200);
  for (const [n, household] of [...lingmen, ...others].entries()) {
    const month = 3 + (n % 7);
    const amount = n < 24 ? own[n] : rest[n - 24];
    const key = `award-${n}`;
    add(key, {
      kind: 'award-application',
      occurredOn: `2023-${two(month)}-02`,
      ...at(household),
      project: '发展种养',
      amount,
    });
    add(
      `${key}-accepted`,
      { kind: 'award-acceptance', occurredOn: `2023-${two(month + 1)}-05`, ...at(household), accepted: true },
      { field: 'award', key },
    );
    add(
      `${key}-paid`,
      { kind: 'award-payment', occurredOn: `2023-${two(month + 2)}-10`, ...at(household), amount },
      { field: 'award', key },
    );
  }
}

/** 3.05 million yuan by unions and 20.1 million by others; spent on what they were given for, less than came in. */
function donations({ add, day }: Pick<Pen, 'add'> & { day: (month: number) => string }): void {
  const fund = '广东扶贫济困日';
  for (const [n, amount] of spread(3_050_000, 12).entries()) {
    add(`union-${n}`, {
      kind: 'donation-received',
      occurredOn: day(1 + n),
      region: '440904',
      fund,
      giver: `第 ${n + 1} 工会`,
      giverKind: 'union',
      amount: amount * YUAN,
    });
  }
  for (const [n, amount] of spread(20_100_000, 48).entries()) {
    add(`donor-${n}`, {
      kind: 'donation-received',
      occurredOn: day(1 + (n % 6)),
      region: '440904',
      fund,
      giver: `捐赠单位${n + 1}`,
      giverKind: n % 3 === 0 ? 'association' : 'enterprise',
      amount: amount * YUAN,
    });
  }
  for (const [n, amount] of spread(18_000_000, 30).entries()) {
    add(`spent-${n}`, {
      kind: 'donation-spent',
      occurredOn: `2023-${two(8 + (n % 5))}-15`,
      region: '440904',
      fund,
      purpose: '乡村振兴项目',
      amount: amount * YUAN,
      serial: String(n),
    });
  }
}

/** A sum in so many whole parts that differ by at most one. */
function spread(sum: number, parts: number): number[] {
  const each = Math.floor(sum / parts);
  const more = sum - each * parts;
  return Array.from({ length: parts }, (_, n) => each + (n < more ? 1 : 0));
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
