import { claimRejectCode, type documentKind, proposedCode } from '../../../functions/contracts/insurance/claim.ts';
import type { educationStage, housingDamage } from '../../../functions/contracts/insurance/product.ts';
import type { Answer, Input as RouteInput } from '../../api/client.ts';
import { fenOf } from '../../ui/format.ts';

export type View = Answer<'readClaim'>;
type Step = RouteInput<'takeStep'>['body'];
export type Act = Step['step'];

/** What the form of an act asks for; each act takes its part. */
export interface Fields {
  visitedOn?: string;
  report?: string;
  kinds?: (typeof documentKind.options)[number][];
  note?: string;
  code?: string;
  reason?: string;
  on?: string;
  grade?: number;
  stage?: (typeof educationStage.options)[number];
  housing?: (typeof housingDamage.options)[number] | 'none';
  housingLoss?: number;
  assetsLoss?: number;
  bills?: { invoice: string; total: number; reimbursed: number; excluded: number }[];
}

/** An approval is of an amount: the adjudicated one, and of a payee the one that was approved. */
export function amountOf({ waiting, approved, adjudication }: View): number {
  return (waiting?.step === 'payee-approval' ? approved?.amount : adjudication?.amount) ?? 0;
}

function fen(amount: number | undefined): number {
  return fenOf(amount ?? 0);
}

/** What the form says, as the API takes it. */
export function stepOf(act: Act, answer: View, fields: Fields): Step {
  const { turn } = answer;
  const reason = fields.reason ?? '';
  const note = fields.note === undefined || fields.note === '' ? {} : { note: fields.note };
  switch (act) {
    case 'request-documents':
      return { step: act, turn, kinds: fields.kinds ?? [], ...note };
    case 'survey':
      return {
        step: act,
        turn,
        visitedOn: fields.visitedOn ?? '',
        facts: factsOf(answer.line, fields),
        ...(fields.report === undefined || fields.report.trim() === '' ? {} : { report: fields.report }),
        ...note,
      };
    case 'propose-refusal':
      return { step: act, turn, code: proposedCode.parse(fields.code), reason };
    case 'approve':
      return { step: act, turn, amount: amountOf(answer) };
    case 'send-back':
      return { step: act, turn, reason };
    case 'reject':
      return { step: act, turn, code: claimRejectCode.parse(fields.code), reason };
    case 'notify-refusal':
      return { step: act, turn, on: fields.on ?? '' };
    case 'withdraw':
      return { step: act, turn, reason };
  }
}

type Facts = Extract<Step, { step: 'survey' }>['facts'];

/** What was found, as the arithmetic takes it: of a trial as of a claim. */
export function factsOf(line: View['line'], fields: Fields): Facts {
  switch (line) {
    case 'accidental-death':
      return { line };
    case 'accidental-disability':
      return { line, grade: fields.grade ?? 10 };
    case 'illness':
    case 'accident-medical':
      return {
        line,
        bills: (fields.bills ?? []).map(({ invoice, total, reimbursed, excluded }) => ({
          invoice,
          total: fen(total),
          reimbursed: fen(reimbursed),
          excluded: fen(excluded),
        })),
      };
    case 'education':
      return { line, stage: fields.stage ?? 'compulsory' };
    case 'disaster':
      return {
        line,
        housing: fields.housing === undefined || fields.housing === 'none' ? null : fields.housing,
        housingLoss: fen(fields.housingLoss),
        assetsLoss: fen(fields.assetsLoss),
      };
  }
}
