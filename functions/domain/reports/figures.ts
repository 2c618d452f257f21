import { type Figure, type FigureKey, type FigureUnit, figureKeys } from '../../contracts/reports/brief.ts';
import { type BriefFacts, type NamingKind, roundsOf } from './brief-facts.ts';
import type { CountedEntry } from './counted.ts';

/** A figure and, where it counts households, which ones. */
export interface Computed {
  value: number;
  households: readonly string[];
}

interface Definition {
  zh: string;
  unit: FigureUnit;
  /** What exactly is counted; printed below the brief. */
  definition: string;
  compute: (facts: BriefFacts) => Computed;
  /** What it comes to with the same figure of villages that are only here as sums; added to them unless it says otherwise. */
  total?: (own: number, villages: readonly number[]) => number;
}

/** Of a figure that is computed from all villages in any case. */
const whole = (own: number) => own;

const lifted = ({ households }: BriefFacts) => households.filter(({ origin }) => origin === 'lifted');
const ids = (all: readonly { id: string }[]) => all.map(({ id }) => id);
const count = (households: readonly string[]): Computed => ({ value: households.length, households });
const distinct = (households: readonly string[]): Computed => count([...new Set(households)].sort());

function registry(
  pick: (household: BriefFacts['households'][number]) => boolean,
  of: 'households' | 'people',
): Definition['compute'] {
  return (facts) => {
    const found = lifted(facts).filter(pick);
    return {
      value: of === 'households' ? found.length : found.reduce((sum, { people }) => sum + people, 0),
      households: ids(found),
    };
  };
}

function cases(pick: (closed: boolean) => boolean, of: 'households' | 'people'): Definition['compute'] {
  return (facts) => {
    const found = facts.cases.filter(({ closed }) => pick(closed));
    return {
      value: of === 'households' ? found.length : found.reduce((sum, { people }) => sum + people, 0),
      households: found.map(({ household }) => household),
    };
  };
}

function quarter(n: string): Definition['compute'] {
  return (facts) => ({ value: roundsOf(facts).find(({ round }) => round.endsWith(n))?.visited ?? 0, households: [] });
}

/** How many different people the entries name. */
function people(kind: NamingKind): Definition['compute'] {
  return (facts) => {
    const found = ofKind(facts, kind);
    const named = new Set(found.map(({ person }) => person));
    for (const village of facts.sums ?? []) for (const person of village.people[kind]) named.add(person);
    return {
      value: named.size,
      households: householdsOf(found),
    };
  };
}

function money(pick: (entry: CountedEntry) => boolean): Definition['compute'] {
  return (facts) => {
    const found = facts.entries.filter(pick);
    return { value: found.reduce((sum, { amount }) => sum + amount, 0), households: householdsOf(found) };
  };
}

function ofKind({ entries }: BriefFacts, kind: CountedEntry['kind']): CountedEntry[] {
  return entries.filter((entry) => entry.kind === kind);
}

/** How many people or person-times the entries tell of. */
function heads(kind: 'unemployed-hired' | 'company-jobs'): Definition['compute'] {
  return (facts) => ({ value: ofKind(facts, kind).reduce((sum, entry) => sum + entry.heads, 0), households: [] });
}

function householdsOf(entries: readonly CountedEntry[]): readonly string[] {
  return distinct(entries.flatMap(({ household }) => household ?? [])).households;
}

const paid = ({ insurance }: BriefFacts) => insurance.claims.filter(({ state }) => state === 'paid');

const definitions: Record<FigureKey, Definition> = {
  'registry.households': {
    zh: '脱贫户数',
    unit: 'household',
    definition: '截至当日登记在册的脱贫户',
    compute: registry(() => true, 'households'),
  },
  'registry.people': {
    zh: '脱贫人口',
    unit: 'person',
    definition: '上述户的家庭成员',
    compute: registry(() => true, 'people'),
  },
  'registry.withLabour.households': {
    zh: '有劳动力脱贫户',
    unit: 'household',
    definition: '最近一轮封存的排查中，至少一名成员有劳动力或半劳动力的脱贫户',
    compute: registry(({ labour }) => labour === true, 'households'),
  },
  'registry.withLabour.people': {
    zh: '有劳动力脱贫户人口',
    unit: 'person',
    definition: '上述户的家庭成员',
    compute: registry(({ labour }) => labour === true, 'people'),
  },
  'registry.withoutLabour.households': {
    zh: '无劳动力脱贫户',
    unit: 'household',
    definition: '最近一轮封存的排查中，没有成员有劳动力或半劳动力的脱贫户',
    compute: registry(({ labour }) => labour === false, 'households'),
  },
  'registry.withoutLabour.people': {
    zh: '无劳动力脱贫户人口',
    unit: 'person',
    definition: '上述户的家庭成员',
    compute: registry(({ labour }) => labour === false, 'people'),
  },
  'cases.admitted.households': {
    zh: '监测对象累计户数',
    unit: 'household',
    definition: '2021 年以来经审批纳入（含原登记册导入）的户',
    compute: cases(() => true, 'households'),
  },
  'cases.admitted.people': {
    zh: '监测对象累计人数',
    unit: 'person',
    definition: '上述户纳入时的家庭成员',
    compute: cases(() => true, 'people'),
  },
  'cases.closed.households': {
    zh: '累计已消除风险户数',
    unit: 'household',
    definition: '上述户中最近一次监测已消除风险的',
    compute: cases((closed) => closed, 'households'),
  },
  'cases.closed.people': {
    zh: '累计已消除风险人数',
    unit: 'person',
    definition: '上述户纳入时的家庭成员',
    compute: cases((closed) => closed, 'people'),
  },
  'cases.open.households': {
    zh: '现有监测对象户数',
    unit: 'household',
    definition: '已纳入、尚未消除风险的户',
    compute: cases((closed) => !closed, 'households'),
  },
  'cases.open.people': {
    zh: '现有监测对象人数',
    unit: 'person',
    definition: '上述户纳入时的家庭成员',
    compute: cases((closed) => !closed, 'people'),
  },
  'screening.q1.households': {
    zh: '一季度排查户数',
    unit: 'household',
    definition: '本年一季度封存的排查中有有效入户记录的户',
    compute: quarter('Q1'),
    total: whole,
  },
  'screening.q2.households': {
    zh: '二季度排查户数',
    unit: 'household',
    definition: '本年二季度封存的排查中有有效入户记录的户',
    compute: quarter('Q2'),
    total: whole,
  },
  'screening.q3.households': {
    zh: '三季度排查户数',
    unit: 'household',
    definition: '本年三季度封存的排查中有有效入户记录的户',
    compute: quarter('Q3'),
    total: whole,
  },
  'screening.q4.households': {
    zh: '四季度排查户数',
    unit: 'household',
    definition: '本年四季度封存的排查中有有效入户记录的户',
    compute: quarter('Q4'),
    total: whole,
  },
  'screening.year.householdVisits': {
    zh: '全年累计排查户次',
    unit: 'household-visit',
    definition: '本年各轮封存的排查中有有效入户记录的（户、轮）',
    compute: ({ sheets }) => ({ value: sheets.reduce((sum, { visited }) => sum + visited, 0), households: [] }),
    total: whole,
  },
  'insurance.insured.people': {
    zh: '投保人数',
    unit: 'person',
    definition: '本年保单名册上截至当日在保的人',
    compute: ({ insurance }) => ({ value: insurance.insured.length, households: [] }),
  },
  'insurance.cover': {
    zh: '风险保障总额',
    unit: 'fen',
    definition: '本年保单的累计赔偿限额（全区一份，只在全区简报中）',
    compute: ({ insurance }) => ({ value: insurance.cover, households: [] }),
    total: whole,
  },
  'insurance.claims.paid.count': {
    zh: '已赔付案件数',
    unit: 'claim',
    definition: '截至当日赔款已到账的案件',
    compute: (facts) => ({ ...count(paid(facts).map(({ household }) => household)) }),
  },
  'insurance.claims.paid.amount': {
    zh: '已赔付金额',
    unit: 'fen',
    definition: '上述案件到账的赔款，扣除退汇',
    compute: (facts) => ({
      value: paid(facts).reduce((sum, claim) => sum + claim.paid, 0),
      households: paid(facts).map(({ household }) => household),
    }),
  },
  'insurance.claims.inProgress.count': {
    zh: '办理中案件数',
    unit: 'claim',
    definition: '截至当日已报案、尚未到账也未终结的案件',
    compute: ({ insurance }) =>
      count(insurance.claims.filter(({ state }) => state === 'in-progress').map(({ household }) => household)),
  },
  'insurance.example.accidentalDeath.amount': {
    zh: '意外身故赔付（个案）',
    unit: 'fen',
    definition: '意外身故案件中单件最高的到账赔款',
    compute: (facts) => {
      const found = paid(facts).filter(({ line }) => line === 'accidental-death');
      return {
        value: Math.max(0, ...found.map((claim) => claim.paid)),
        households: found.map(({ household }) => household),
      };
    },
    total: (own, villages) => Math.max(own, ...villages),
  },
  'employment.placed.people': {
    zh: '帮扶就业人数',
    unit: 'person',
    definition: '本年帮扶台账“帮扶就业”的人，每人计一次',
    compute: people('placement'),
    total: whole,
  },
  'employment.startups.people': {
    zh: '帮扶创业人数',
    unit: 'person',
    definition: '本年帮扶台账“帮扶创业”的人，每人计一次',
    compute: people('start-up'),
    total: whole,
  },
  'employment.trained.people': {
    zh: '技能培训人数',
    unit: 'person',
    definition: '本年帮扶台账“技能培训”的人，每人计一次',
    compute: people('training'),
    total: whole,
  },
  'employment.unemployedHired.people': {
    zh: '登记失业人员优先吸纳就业',
    unit: 'person',
    definition: '本年帮扶台账“登记失业人员吸纳就业”的人数之和',
    compute: heads('unemployed-hired'),
  },
  'posts.publicWelfare.count': {
    zh: '公益性岗位数',
    unit: 'post',
    definition: '本年帮扶台账安排的公益性岗位',
    compute: (facts) => ({
      value: ofKind(facts, 'post').length,
      households: householdsOf(ofKind(facts, 'post')),
    }),
  },
  'posts.publicWelfare.subsidy': {
    zh: '公益性岗位补助资金',
    unit: 'fen',
    definition: '本年发放的岗位补贴',
    compute: money(({ kind }) => kind === 'post-subsidy'),
  },
  'awards.amount': {
    zh: '以奖代补奖补资金',
    unit: 'fen',
    definition: '本年经现场验收后发放的奖补',
    compute: money(({ kind }) => kind === 'award-payment'),
  },
  'loans.amount': {
    zh: '助农扶农贷款',
    unit: 'fen',
    definition: '本年发放的贷款',
    compute: money(({ kind }) => kind === 'loan'),
  },
  'donations.raised': {
    zh: '多渠道筹款',
    unit: 'fen',
    definition: '本年收到的捐款',
    compute: money(({ kind }) => kind === 'donation-received'),
  },
  'donations.unions': {
    zh: '各级工会捐款',
    unit: 'fen',
    definition: '其中捐赠方为工会的',
    compute: money(({ byUnion }) => byUnion),
  },
  'social.jobsHelped.personTimes': {
    zh: '社会企业帮助就业创业人次',
    unit: 'person-time',
    definition: '本年社会企业帮助就业创业的人次之和',
    compute: heads('company-jobs'),
  },
  'helped.households': {
    zh: '以奖代补和岗位补贴惠及脱贫户',
    unit: 'household',
    definition: '本年领取奖补或岗位补贴的户，两项合计每户计一次',
    compute: (facts) =>
      count(householdsOf(facts.entries.filter(({ kind }) => kind === 'award-payment' || kind === 'post-subsidy'))),
  },
  'visited.households': {
    zh: '工作队遍访有劳动力脱贫户',
    unit: 'household',
    definition: '本年工作队走访过的有劳动力脱贫户，每户计一次',
    compute: (facts) => {
      const able = new Set(ids(lifted(facts).filter(({ labour }) => labour === true)));
      return count(householdsOf(ofKind(facts, 'team-visit')).filter((household) => able.has(household)));
    },
  },
  'housing.repaired.households': {
    zh: '修缮住房户数',
    unit: 'household',
    definition: '本年修缮住房的户，每户计一次',
    compute: (facts) => count(householdsOf(ofKind(facts, 'housing-repair'))),
  },
  'housing.repaired.amount': {
    zh: '住房修缮投入资金',
    unit: 'fen',
    definition: '本年住房修缮的投入',
    compute: money(({ kind }) => kind === 'housing-repair'),
  },
};

/** One figure of the facts, with the households behind it: those of villages that are here in full. */
export function compute(key: FigureKey, facts: BriefFacts): { figure: Figure; households: readonly string[] } {
  const { zh, unit, definition, compute: work, total = summed } = definitions[key];
  const { value: own, households } = work(facts);
  const place = figureKeys.indexOf(key);
  const value = total(
    own,
    (facts.sums ?? []).map(({ values }) => values[place] ?? 0),
  );
  return { figure: { key, zh, unit, definition, value }, households };
}

function summed(own: number, villages: readonly number[]): number {
  return villages.reduce((sum, value) => sum + value, own);
}

/** Every figure of a brief, in its order. */
export function allFigures(facts: BriefFacts): Figure[] {
  return figureKeys.map((key) => compute(key, facts).figure);
}
