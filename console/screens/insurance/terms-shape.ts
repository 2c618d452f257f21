import {
  educationStage,
  type LineId,
  lineId,
  type ProductTerms,
} from '../../../functions/contracts/insurance/product.ts';

/** As the contract allows. */
const MOST_TIERS = 10;

/** What a line begins with where there is none yet: illustrative, every number to be looked at. */
const firstLines: { [Line in LineId]-?: NonNullable<ProductTerms['lines'][Line]> } = {
  'accidental-death': { kind: 'lump-sum', waitingDays: 0, amount: 3_000_000, capPerEvent: 3_000_000 },
  'accidental-disability': {
    kind: 'graded',
    waitingDays: 0,
    amount: 3_000_000,
    shares: [100, 90, 80, 70, 60, 50, 40, 30, 20, 10],
    capPerEvent: 3_000_000,
  },
  illness: {
    kind: 'cost',
    waitingDays: 30,
    deductible: 500_000,
    tiers: [
      { upTo: 1_000_000, percent: 50 },
      { upTo: null, percent: 60 },
    ],
    capPerPerson: 5_000_000,
  },
  'accident-medical': {
    kind: 'cost',
    waitingDays: 0,
    deductible: 10_000,
    tiers: [{ upTo: null, percent: 80 }],
    capPerPerson: 1_000_000,
  },
  education: {
    kind: 'staged',
    waitingDays: 0,
    amounts: { 'high-school': 100_000, vocational: 150_000, university: 300_000 },
    capPerEvent: 300_000,
  },
  disaster: {
    kind: 'loss',
    waitingDays: 0,
    housing: { collapsed: 2_000_000, severe: 1_000_000, moderate: 300_000 },
    assetsPercent: 40,
    capPerEvent: 2_500_000,
  },
};

/** What a district without any terms begins with. */
export const firstTerms: ProductTerms = {
  name: '防返贫综合保险',
  effectiveFrom: '2021-01-01',
  status: 'illustrative',
  source: '示例条款，非保险公司正式条款',
  lines: { 'accidental-death': firstLines['accidental-death'], illness: firstLines.illness },
  capPerHousehold: 10_000_000,
  partialOnLimit: false,
  secondApproverAbove: 1_000_000,
  promptFrom: 500_000,
  clocks: {
    survey: { days: 3, kind: 'working' },
    decision: { days: 30, kind: 'calendar' },
    documents: { days: 60, kind: 'calendar' },
    refusalNotice: { days: 3, kind: 'calendar' },
    payment: { days: 10, kind: 'calendar' },
  },
};

/** The lines that terms do not have. */
export function missingLines({ lines }: ProductTerms): LineId[] {
  return lineId.options.filter((line) => lines[line] === undefined);
}

export function withLine(terms: ProductTerms, line: LineId): ProductTerms {
  return { ...terms, lines: { ...terms.lines, [line]: firstLines[line] } };
}

/** Terms have one line at least. */
export function withoutLine(terms: ProductTerms, line: LineId): ProductTerms {
  const { [line]: _gone, ...lines } = terms.lines;
  return Object.keys(lines).length === 0 ? terms : { ...terms, lines };
}

/** The tiers of a line that has some: one more above the last, which gets an end, or the last one away, so that the one before has none. */
export function withTiers(terms: ProductTerms, id: LineId, change: 'more' | 'fewer'): ProductTerms {
  const line = terms.lines[id];
  if (line === undefined || !('tiers' in line)) return terms;
  const { tiers } = line;
  const last = tiers.at(-1);
  if (last === undefined || (change === 'more' ? tiers.length >= MOST_TIERS : tiers.length === 1)) return terms;
  const before = tiers.slice(0, -1);
  const changed =
    change === 'more'
      ? [...before, { ...last, upTo: (before.at(-1)?.upTo ?? 0) + 1_000_000 }, last]
      : [...before.slice(0, -1), { percent: before.at(-1)?.percent ?? last.percent, upTo: null }];
  return { ...terms, lines: { ...terms.lines, [id]: { ...line, tiers: changed } } };
}

type Stage = (typeof educationStage.options)[number];
/** What a stage of education begins with, fen. */
const FIRST_AMOUNT = 100_000;

/** Stages of education in their order, and whether terms pay for each. */
export function stagesOf({ lines }: ProductTerms): { stage: Stage; isPaid: boolean }[] {
  const { amounts } = lines.education ?? {};
  return amounts === undefined
    ? []
    : educationStage.options.map((stage) => ({ stage, isPaid: amounts[stage] !== undefined }));
}

/** A stage more or, where there is another, one fewer. */
export function withStage(terms: ProductTerms, stage: Stage): ProductTerms {
  const { education } = terms.lines;
  if (education === undefined) return terms;
  const { [stage]: paid, ...others } = education.amounts;
  if (paid !== undefined && Object.keys(others).length === 0) return terms;
  const amounts = paid === undefined ? { ...others, [stage]: FIRST_AMOUNT } : others;
  return { ...terms, lines: { ...terms.lines, education: { ...education, amounts } } };
}
