import type {
  Adjudication,
  ArithmeticStep,
  Bill,
  ClaimFacts,
  Standing,
} from '../../contracts/insurance/adjudication.ts';
import type { CostLine, ProductTerms } from '../../contracts/insurance/product.ts';

/** The amount of the line alone, before the caps it shares with other lines. */
interface LineResult {
  due: number;
  accepted: number;
  /** Whether nothing is due because of the deductible or a share of 0 %. */
  below: boolean;
  steps: ArithmeticStep[];
}

/**
 * Computes a claim by its product (docs/domain.md, 6): first the line, then the household cap, then the policy's limit, each
 * reduction a step of its own. A cost line looks at the person's whole cost of the period, so that it does not matter how bills are cut into
 * claims. Whole fen; rounded half up once, at the end of the line.
 * @param standing what was decided before this claim; of a lump-sum line only household and limit count
 */
export function adjudicate(
  terms: Pick<ProductTerms, 'lines' | 'capPerHousehold' | 'partialOnLimit'>,
  facts: ClaimFacts,
  standing: Standing,
): Adjudication {
  const line = lineResult(terms.lines, facts, standing);
  if (line === undefined) return { outcome: 'event-not-covered', amount: 0, accepted: 0, steps: [] };
  const { due, accepted, below, steps } = line;
  if (due === 0) return { outcome: below ? 'below-deductible' : 'limit-exhausted', amount: 0, accepted, steps };

  const householdLeft = Math.max(0, terms.capPerHousehold - standing.household);
  const withinHousehold = Math.min(due, householdLeft);
  steps.push({
    step: 'household-cap',
    amount: withinHousehold,
    terms: { cap: terms.capPerHousehold, before: standing.household, left: householdLeft },
  });
  const fits = withinHousehold <= standing.limitLeft;
  const amount = fits ? withinHousehold : terms.partialOnLimit ? standing.limitLeft : 0;
  steps.push({
    step: 'limit',
    amount,
    terms: { left: standing.limitLeft, partial: terms.partialOnLimit ? 'yes' : 'no' },
  });
  return { outcome: amount > 0 ? 'payable' : 'limit-exhausted', amount, accepted, steps };
}

function lineResult(lines: ProductTerms['lines'], facts: ClaimFacts, standing: Standing): LineResult | undefined {
  switch (facts.line) {
    case 'accidental-death': {
      const line = lines['accidental-death'];
      if (line === undefined) return undefined;
      return perEvent(line.amount, line.amount, line.capPerEvent, [
        { step: 'lump-sum', amount: line.amount, terms: {} },
      ]);
    }
    case 'accidental-disability': {
      const line = lines['accidental-disability'];
      if (line === undefined) return undefined;
      const percent = line.shares[facts.grade - 1] ?? 0;
      const amount = halfUp(line.amount * percent);
      return perEvent(amount, line.amount, line.capPerEvent, [
        { step: 'graded', amount, terms: { sum: line.amount, grade: facts.grade, percent } },
      ]);
    }
    case 'education': {
      const amount = lines.education?.amounts[facts.stage];
      if (lines.education === undefined || amount === undefined) return undefined;
      return perEvent(amount, amount, lines.education.capPerEvent, [
        { step: 'staged', amount, terms: { stage: facts.stage } },
      ]);
    }
    case 'disaster':
      return lines.disaster === undefined ? undefined : disaster(lines.disaster, facts);
    case 'illness':
    case 'accident-medical': {
      const line = lines[facts.line];
      return line === undefined ? undefined : cost(line, facts.bills, standing);
    }
  }
}

function perEvent(due: number, accepted: number, cap: number, steps: ArithmeticStep[]): LineResult {
  const capped = Math.min(due, cap);
  return {
    due: capped,
    accepted,
    below: due === 0,
    steps: [...steps, { step: 'event-cap', amount: capped, terms: { cap } }],
  };
}

function disaster(
  line: NonNullable<ProductTerms['lines']['disaster']>,
  facts: Extract<ClaimFacts, { line: 'disaster' }>,
): LineResult {
  const graded = facts.housing === null ? 0 : line.housing[facts.housing];
  const house = Math.min(graded, facts.housingLoss);
  const hundredths = facts.assetsLoss * line.assetsPercent;
  const due = halfUp(house * 100 + hundredths);
  return perEvent(due, facts.housingLoss + facts.assetsLoss, line.capPerEvent, [
    { step: 'housing', amount: house, terms: { damage: facts.housing, sum: graded, loss: facts.housingLoss } },
    { step: 'assets', amount: due - house, terms: { loss: facts.assetsLoss, percent: line.assetsPercent } },
  ]);
}

/** With C the person's accepted cost of the period, this claim's included: min(cap, tiers(max(0, C − deductible))) − approved before. */
function cost(line: CostLine, bills: readonly Bill[], standing: Pick<Standing, 'accepted' | 'approved'>): LineResult {
  const steps: ArithmeticStep[] = [];
  let accepted = 0;
  for (const { invoice, total, reimbursed, excluded } of bills) {
    const amount = total - reimbursed - excluded;
    accepted += amount;
    steps.push({ step: 'bill', amount, terms: { invoice, total, reimbursed, excluded } });
  }
  const accumulated = standing.accepted + accepted;
  const above = Math.max(0, accumulated - line.deductible);
  steps.push(
    { step: 'accepted', amount: accepted, terms: { bills: bills.length } },
    { step: 'accumulated', amount: accumulated, terms: { before: standing.accepted } },
    { step: 'deductible', amount: above, terms: { deductible: line.deductible } },
  );
  const tiers = tierParts(line, above);
  steps.push(...tiers);
  const rounded = halfUp(tiers.reduce((sum, { amount }) => sum + amount, 0));
  const capped = Math.min(line.capPerPerson, rounded);
  const rest = Math.max(0, capped - standing.approved);
  // Marginal shares are at most 100 %, so this only matters when an earlier claim was cut by a limit that has become free since.
  const due = Math.min(rest, accepted);
  steps.push(
    { step: 'rounded', amount: rounded, terms: {} },
    { step: 'person-cap', amount: capped, terms: { cap: line.capPerPerson } },
    { step: 'approved-before', amount: rest, terms: { approved: standing.approved } },
    { step: 'claimed-cap', amount: due, terms: { accepted } },
  );
  return { due, accepted, below: above === 0 || accepted === 0 || rounded === 0, steps };
}

/** What each tier takes of the cost above the deductible, in hundredths of a fen. */
function tierParts(line: Pick<CostLine, 'tiers'>, above: number): ArithmeticStep[] {
  let from = 0;
  return line.tiers.flatMap(({ upTo, percent }): ArithmeticStep[] => {
    const part = Math.max(0, Math.min(above, upTo ?? above) - from);
    const start = from;
    from = upTo ?? above;
    return part === 0 ? [] : [{ step: 'tier', amount: part * percent, terms: { from: start, upTo, part, percent } }];
  });
}

/** Hundredths of a fen as fen, half up. Exact: the numbers are integers far below 2^53. */
function halfUp(hundredths: number): number {
  return Math.floor((hundredths + 50) / 100);
}
