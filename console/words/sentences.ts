import type { GateResult } from '../../functions/contracts/cases/closure.ts';
import type { ArithmeticStep } from '../../functions/contracts/insurance/adjudication.ts';
import { gateSentence as gateInChinese } from '../../functions/domain/cases/sentences.ts';
import { arithmeticSentences } from '../../functions/domain/insurance/claim-labels.ts';
import { codes } from './codes.ts';
import type { Language } from './language.tsx';
import { yuan } from './signal-sentence.ts';

/** What stands for or against a gate of the closure. */
export function gateSentence(result: GateResult, language: Language): string {
  if (language === 'zh') return gateInChinese(result);
  if (result.exempt === true) return 'Not asked for when the risk is gone by itself.';
  const { gate, holds, observed, required } = result;
  switch (gate) {
    case 'SIX_MONTHS':
      return holds
        ? `Six months have passed (${required['day']}).`
        : `Six months have not passed: from ${required['day']} on.`;
    case 'MEASURE_DONE':
      if (holds) return `${observed['completed']} measures are completed.`;
      return Number(observed['completed']) === 0
        ? 'No measure is completed yet.'
        : 'Somebody can work, but no development measure is completed.';
    case 'INCOME_ABOVE_LINE':
      return holds ? 'The newest visit and the two newest rounds are not below the line.' : incomeSentence(result);
    case 'GUARANTEES_SAFE': {
      if (holds) return 'All guarantees hold.';
      const open = Object.keys(observed).filter((name) => observed[name] === false);
      const names: Readonly<Record<string, readonly [string, string]>> = codes.guarantee;
      return open.length === 0
        ? 'There is no visit to tell.'
        : `Not secured: ${open.map((name) => names[name]?.[1] ?? name).join(', ')}.`;
    }
    case 'RIGID_SPENDING_SOLVED':
      if (holds) return 'No rigid spending in the newest visit.';
      if (observed['rigid'] === null) return 'There is no visit to tell.';
      return `Self-paid costs of ${yuan(observed['spent'])} still reach the warning value of ${yuan(observed['threshold'])}.`;
    case 'RISKS_RESOLVED': {
      const names: Readonly<Record<string, readonly [string, string]>> = codes.risk;
      const left = Object.keys(observed).filter((code) => observed[code] === 'unresolved');
      return holds
        ? 'All recorded risks are resolved.'
        : `Not resolved yet: ${left.map((code) => names[code]?.[1] ?? code).join(', ')}.`;
    }
    case 'NO_NEW_RISK': {
      if (holds) return 'No new risk, no open claim, no unanswered objection.';
      const parts = [
        typeof observed['signals'] === 'string'
          ? observed['signals'] === ''
            ? ''
            : 'the newest visit shows a new risk'
          : 'there is no visit',
        Number(observed['openClaims']) > 0 ? `${observed['openClaims']} claims are open` : '',
        Number(observed['unansweredObjections']) > 0
          ? `${observed['unansweredObjections']} objections are unanswered`
          : '',
      ].filter((part) => part !== '');
      return `${parts.join('; ')}.`;
    }
    case 'NOT_WHOLLY_UNABLE':
      if (holds) return `${observed['working']} in the family can work.`;
      return observed['working'] === null
        ? 'There is no visit to tell.'
        : 'Nobody can work: the household is not closed but stays under safeguard.';
  }
}

function incomeSentence({ observed, required }: GateResult): string {
  const parts = Object.entries(observed).flatMap(([name, seen]) => {
    const of = name === 'visit' ? 'newest visit' : name;
    const line = required[name];
    if (typeof seen !== 'number') return [`${of}: no result`];
    if (typeof line !== 'number') return [`${of}: no line for its year`];
    return seen < line ? [`${of}: ${yuan(seen)} a head, below the line of ${yuan(line)}`] : [];
  });
  if (Object.keys(observed).length < 3) parts.push('fewer than two sealed rounds');
  return `${parts.join('; ')}.`;
}

/** A step of a claim's arithmetic. */
export function arithmeticSentence(one: ArithmeticStep, language: Language): string {
  if (language === 'zh') return arithmeticSentences({ steps: [one] })[0] ?? '';
  const { step, amount, terms } = one;
  switch (step) {
    case 'bill':
      return `Invoice ${terms['invoice']}: total ${yuan(terms['total'])}, reimbursed ${yuan(terms['reimbursed'])}, not compliant ${yuan(terms['excluded'])}, accepted ${yuan(amount)}.`;
    case 'accepted':
      return `Compliant self-paid cost of this claim: ${yuan(amount)}.`;
    case 'accumulated':
      return `With ${yuan(terms['before'])} earlier in this period: ${yuan(amount)}.`;
    case 'deductible':
      return `Less the deductible of ${yuan(terms['deductible'])}: ${yuan(amount)}.`;
    case 'tier':
      return `Of this ${yuan(terms['part'])} at ${terms['percent']}%.`;
    case 'rounded':
      return `All tiers together, rounded half up to the fen: ${yuan(amount)}.`;
    case 'person-cap':
      return `Cap per person and period ${yuan(terms['cap'])}: ${yuan(amount)}.`;
    case 'approved-before':
      return `Less ${yuan(terms['approved'])} approved before: ${yuan(amount)}.`;
    case 'claimed-cap':
      return `Not more than ${yuan(terms['accepted'])} accepted in this claim: ${yuan(amount)}.`;
    case 'lump-sum':
      return `Lump sum ${yuan(amount)}.`;
    case 'graded':
      return `Grade ${terms['grade']}: ${terms['percent']}% of ${yuan(terms['sum'])} is ${yuan(amount)}.`;
    case 'staged':
      return `By stage of education: ${yuan(amount)}.`;
    case 'housing':
      return `Damage to housing ${yuan(terms['loss'])}, at most ${yuan(terms['sum'])}: ${yuan(amount)}.`;
    case 'assets':
      return `Loss of assets ${yuan(terms['loss'])} at ${terms['percent']}%: ${yuan(amount)}.`;
    case 'event-cap':
      return `Cap per event ${yuan(terms['cap'])}: ${yuan(amount)}.`;
    case 'household-cap':
      return `Left under the cap of the household ${yuan(terms['left'])}: ${yuan(amount)}.`;
    case 'limit':
      return `Left of the policy’s limit ${yuan(terms['left'])}: ${yuan(amount)}.`;
  }
}
